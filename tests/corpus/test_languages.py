"""The language of a text, and its function words."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as at
from analysis.corpus.export import export
from analysis.corpus.function_words import content_of, contents_of, without_translation
from analysis.corpus.kinds import notice_type
from analysis.corpus.languages import detect_languages, spoken_language
from tests.generators import spoken_papers


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Se estudia la prevalencia de la diabetes en los hospitales de la costa y se comparan los resultados.", "es"),
        ("Nous étudions la prévalence du diabète dans les hôpitaux de la côte et comparons les résultats.", "fr"),
        ("本文研究了锂电池与电极容量的关系。", "zh"),
        ("本研究では深層学習を用いた医用画像の分割手法を提案する。", "ja"),
        ("Исследуется распространённость диабета в больницах побережья, и сравниваются результаты.", "ru"),
        ("Deep models are trained on images, and we show that the accuracy is higher than that of others.", "en"),
        ("Bees", None),
        ("", None),
        ("12.5 % (n = 30), p < 0.05; 3.7 (2.1-4.9)", None),
    ],
)
def test_a_language_is_told_where_the_text_is_long_enough(text: str, code: str | None) -> None:
    assert detect_languages([text]) == [code]


@given(st.text(max_size=200))
def test_any_text_has_a_language_or_none(text: str) -> None:
    (code,) = detect_languages([text])
    assert code is None or len(code) == 2
    assert isinstance(content_of(text, code or "", "es"), str)


def test_what_the_text_is_in_goes_before_what_the_record_tells() -> None:
    assert spoken_language("en", "es") == "en"
    assert spoken_language(None, "es") == "es"
    assert spoken_language(pd.NA, float("nan")) == ""


@pytest.mark.parametrize(
    ("text", "spoken", "stated", "gone"),
    [
        ("Der Honig und die Bienen", "de", "", {"Der", "und", "die"}),
        ("L'étude des abeilles", "fr", "", {"L'étude", "des"}),
        ("El estudio de las abejas en los Andes", "es", "", {"El", "de", "las", "en", "los"}),
        ("Honey bees en los Andes", "en", "es", {"en", "los"}),
        ("The die is cast in the war", "en", "", set()),
    ],
)
def test_function_words_of_the_texts_language_are_gone(text: str, spoken: str, stated: str, gone: set[str]) -> None:
    left = content_of(text, spoken, stated).split()
    assert not gone & set(left)
    assert {word for word in text.split() if word not in gone} <= set(left)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("锂电池与电极容量", {"电池", "电极", "容量"}),
        ("深層学習を用いた医用画像の分割", {"深層学習", "医用画像", "分割"}),
        ("ศึกษาแบตเตอรี่ลิเธียม", {"แบตเตอรี่"}),
    ],
)
def test_words_of_scripts_without_spaces_are_parted(text: str, words: set[str]) -> None:
    assert words <= set(content_of(text, "").split())


def test_many_texts_at_once_are_each_left_what_one_is() -> None:
    texts = ["Bees and honey", "Der Honig und die Bienen", "锂电池与电极容量", "Honey bees en los Andes", "L'étude"]
    spoken, stated = ["en", "de", "", "en", "fr"], ["", "", "", "es", "fr"]
    for ignored in ((), {"honey"}):
        one_by_one = [content_of(*each, ignored) for each in zip(texts, spoken, stated, strict=True)]
        assert contents_of(texts, spoken, stated, ignored) == one_by_one


def test_english_texts_stay_as_they_are() -> None:
    text = "The bees' honey, e.g. of U.S. hives (n = 3), is β-rich."
    assert content_of(text, "en") == content_of(text, "") == text


@pytest.mark.parametrize(
    ("title", "left"),
    [
        ("Über die Bienen im Garten [On bees in the garden]", "Über die Bienen im Garten"),
        ("Über die Bienen im Garten (On bees in the garden).", "Über die Bienen im Garten"),
        ("Über die Bienen [Bienen]", "Über die Bienen [Bienen]"),
        ("[On bees in the garden].", "[On bees in the garden]."),
    ],
)
def test_a_translated_title_is_no_part_of_the_text(title: str, left: str) -> None:
    assert without_translation(title, is_english=False) == left
    assert without_translation(title, is_english=True) == title


def test_a_table_and_an_export_tell_the_detected_language_beside_the_stated() -> None:
    corpus = at.Corpus.from_frame(spoken_papers(["en", "de"], 2).assign(language="English"))
    assert corpus.papers["language"].unique().tolist() == ["English"]
    assert corpus.papers["language_detected"].tolist() == ["en"] * 6 + ["de"] * 6
    assert b"language_detected" not in export(corpus, "csv")


def test_a_study_may_choose_by_detected_language(tmp_path: Path) -> None:
    folder = tmp_path / "raw"
    folder.mkdir()
    corpus = at.Corpus.from_frame(spoken_papers(["en", "de"], 2))
    (folder / "papers.csv").write_bytes(export(corpus, "csv"))
    loaded = at.load_corpus(folder, languages=["en"])
    out = loaded.papers["excluded"].dropna()
    assert out.tolist() == ["language: de"] * 6


@pytest.mark.parametrize(
    ("title", "abstract", "kind"),
    [
        ("Correction to: On bees", "", "erratum"),
        ("On bees", "This corrects the article on p. 3.", "erratum"),
        ("On bees", "The original article has been corrected.", "erratum"),
        ("On bees", "This article has been retracted at the request of the authors.", "retraction"),
        ("Call for papers: Special issue on bees", "", "contents"),
        ("Issue Information", "", "contents"),
        ("Corrections for drift in bees", "We correct drift.", None),
        ("Calling bees", "A call for papers is analysed.", None),
        ("On bees", "The original article was corrected by us " + "and again " * 80, None),
    ],
)
def test_notices_are_known_by_their_words(title: str, abstract: str, kind: str | None) -> None:
    assert notice_type(title, abstract) == kind


def test_notices_of_a_table_are_set_aside_and_counted() -> None:
    frame = spoken_papers(["en"], 4)
    notices = pd.DataFrame({"id": ["n0", "n1"], "title": "Correction to: a paper", "abstract": "An amendment."})
    corpus = at.Corpus.from_frame(pd.concat([frame, notices]))
    assert corpus.papers.loc[["n0", "n1"], "excluded"].tolist() == ["type: erratum"] * 2
    assert corpus.counts["papers_excluded"] == 2
    assert corpus.papers.loc[frame["id"], "excluded"].isna().all()
