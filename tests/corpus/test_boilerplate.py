"""What topics see of an abstract: its matter, without notices, headings and addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.boilerplate import matter, matters
from analysis.corpus.text import is_abstract


@pytest.mark.parametrize(
    ("abstract", "seen"),
    [
        ("We see it. © 2020 Elsevier Ltd. All rights reserved.", "We see it."),
        ("We see it. (C) 2012 Published by Elsevier Ltd.", "We see it."),
        ("We see it. Copyright © 2020 The Authors. Published by Wiley on behalf of X.", "We see it."),
        ("We see it. [ABSTRACT FROM AUTHOR] Copyright of J is the property of X and may not be copied.", "We see it."),
        ("We see it. This article is protected by copyright. All rights reserved.", "We see it."),
        ("© 2019 IEEE. We propose a net.", "We propose a net."),
        ("BACKGROUND: Lamps. METHODS: We lit. RESULTS: All slept.", "Lamps. We lit. All slept."),
        ("Background and aims: Lamps. Materials and Methods: We lit. Conclusions: Fine.", "Lamps. We lit. Fine."),
        ("OBJETIVO: Ver. MÉTODOS: Leer. RESULTADOS: Bien.", "Ver. Leer. Bien."),
        (
            "We used two methods: a and b. It has a purpose: sleep.",
            "We used two methods: a and b. It has a purpose: sleep.",
        ),
        ("The law of copyright 2020 changes little.", "The law of copyright 2020 changes little."),
        ("A film of Tegaderm© was used on all.", "A film of Tegaderm© was used on all."),
        ("We see it. Supplementary data are available at Bioinformatics online.", "We see it."),
        ("We see it. Supplementary information: Supplementary data are available online.", "We see it."),
        ("We see it. Supplementary data are available at http://a.org/b.pdf. So do you.", "We see it. So do you."),
        (
            "We see it. The online version contains supplementary material available at 10.1007/s11.2-3. It is so.",
            "We see it. It is so.",
        ),
        (
            "Supporting information found in trials changes care.",
            "Supporting information found in trials changes care.",
        ),
        (
            "We mine supplementary data that are available online.",
            "We mine supplementary data that are available online.",
        ),
        ("CO₂ at 10⁻³, see https://a.org/x now.", "CO2 at 10-3, see now."),
    ],
)
def test_matter(abstract: str, seen: str) -> None:
    assert matter(abstract) == seen
    assert matters([abstract, "Plain."]) == [seen, "Plain."]


_PARTS = st.sampled_from(
    [
        "BACKGROUND",
        "Results",
        "methods",
        "métodos",
        "ПРЕЖДЕ: выводы",
        ":",
        ": ",
        ". ",
        "\xa0",
        " and ",
        "/",
        "© 2020 X",
        "(c)",
        "Supplementary data are available",
        "https://a.org",
        "CO₂",
        "All rights reserved",
        "a",
        "B",
        " ",
        "\n",
        "İ",
        "ſ",
    ]
)


@given(
    st.lists(st.lists(_PARTS | st.text(st.characters(exclude_categories=["Cs"]), max_size=6), max_size=9), max_size=4)
)
def test_many_texts_at_once_are_each_left_what_one_is(texts: list[list[str]]) -> None:
    joined = ["".join(parts) for parts in texts]
    assert matters(joined) == [matter(text) for text in joined]


@pytest.mark.parametrize(
    "text",
    [
        "No abstract provided.",
        "There is no abstract for this article",
        "This article has no abstract.",
        "An abstract is not available for this content",
        "[No abstract available]",
        "Abstract not available.",
        "Not available",
        "N/A",
        "Sin resumen",
        "Resumen no disponible.",
        "Resumo não disponível",
        "Pas de résumé",
        "Kein Abstract verfügbar",
        "Нет аннотации",
        "无摘要",
        "抄録なし",
        "Copyright (C) 2012 Elsevier B.V. All rights reserved.",
        "",
        "-",
    ],
)
def test_words_for_no_abstract(text: str) -> None:
    assert not is_abstract(text)


@pytest.mark.parametrize(
    "text", ["Not available: data on lungs are few.", "No abstraction is free.", "Sin resumen no hay paz en el mundo."]
)
def test_sentences_that_begin_like_them(text: str) -> None:
    assert is_abstract(text)
