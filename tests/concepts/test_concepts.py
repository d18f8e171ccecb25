"""Concepts: vocabulary, mentions, cross-tables, anachronisms."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.concepts.crosstab import adjusted_residuals, concept_crosstab
from analysis.concepts.mentions import find_concepts
from analysis.concepts.vocabulary import Vocabulary, read_vocabulary
from analysis.corpus.paper import Corpus
from analysis.errors import VocabularyError

_SMALL = """
[modality]
"CT" = ["CT", "computed tomograph(y|ic)"]
"ECG" = ["ecgs?"]
[introduced]
"GPT-4" = { date = 2023-03-14, aliases = ["GPT-?4"] }
"""


def vocabulary(folder: Path, text: str = _SMALL) -> Vocabulary:
    path = folder / "vocabulary.toml"
    path.write_text(text, encoding="utf-8")
    return read_vocabulary(path)


def corpus(*abstracts: str, dates: list[str] | None = None) -> Corpus:
    frame = pd.DataFrame({"title": [f"Paper {n}" for n in range(len(abstracts))], "abstract": abstracts})
    frame["id"] = [str(n) for n in range(len(abstracts))]
    return Corpus.from_frame(frame if dates is None else frame.assign(date=dates))


def test_aliases_match_whole_words_and_capitals_only_as_written(tmp_path: Path) -> None:
    texts = [
        "A CT scan",
        "to act",
        "the ct value",
        "Computed Tomographic images",
        "CTs",
        "an ECG, ecgs",
        "(CT)",
        "élECG",
    ]
    found = find_concepts(corpus(*texts), vocabulary(tmp_path))
    assert found.mentions["CT"].tolist() == [True, False, False, True, False, False, True, False]
    assert found.mentions["ECG"].tolist() == [False] * 5 + [True, False, False]
    assert found.table.loc["CT", ["category", "n"]].tolist() == ["modality", 3]
    assert "CT" in found._repr_html_()
    assert r"\bottomrule" in found.to_latex()


def test_the_vocabulary_of_the_package_is_whole() -> None:
    shipped = read_vocabulary()
    assert {concept.category for concept in shipped.concepts} == {"modality", "task", "anatomy", "method", "regime"}
    assert len(shipped.introductions) > 10


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[task", "cannot be read"),
        ('task = "triage"', "must be a section"),
        ('[task]\n"Triage" = []', "must be a list of patterns"),
        ('[task]\n"Triage" = ["("]', "the pattern '\\(' is wrong"),
        ('[task]\n"Triage" = ["x*"]', "matches nothing at all"),
        ('[task]\n"A" = ["a"]\n[method]\n"A" = ["a"]', "stands in two categories"),
        ("[introduced]\n", "names no concept"),
        ('[task]\n"A" = ["a"]\n[introduced]\n"B" = ["b"]', "needs a date"),
    ],
)
def test_a_wrong_vocabulary_is_a_clear_error(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(VocabularyError, match=reason):
        vocabulary(tmp_path, text)


def test_a_missing_vocabulary_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match="cannot be read"):
        read_vocabulary(tmp_path / "none.toml")


def test_a_text_newer_than_its_date_is_told_of(tmp_path: Path) -> None:
    papers = corpus(
        "We ask GPT-4.",
        "We ask GPT4.",
        "Data of 2024.",
        "By 2050 all will differ.",
        "Plain.",
        "GPT-4 again",
        dates=["2022-05-01", "2023-06-01", "2022-01-01", "2022-01-01", "2024-02-01", "2023-03"],
    )
    early = find_concepts(papers, vocabulary(tmp_path)).anachronisms
    # a paper of March 2023 can know what came in that month, and 2050 is no fact
    assert early["paper_id"].tolist() == ["0", "2"]
    assert early["mention"].tolist() == ["GPT-4", "2024"]
    assert early.loc[0, "days"] == (pd.Timestamp("2023-03-14") - pd.Timestamp("2022-05-01")).days


def test_the_shipped_study_has_one_paper_whose_text_is_newer_than_its_date(shipped_corpus: Corpus) -> None:
    found = find_concepts(shipped_corpus)
    assert found.anachronisms["mention"].tolist() == ["DeepSeek-R1", "Qwen3"]
    assert len(set(found.anachronisms["paper_id"])) == 1


def test_residuals_are_those_of_the_two_by_two_table() -> None:
    # 20 of 30 inside, 10 of 70 outside mention the concept
    (residual,) = adjusted_residuals(np.array([[20]]), np.array([30]), np.array([30]), 100).ravel()
    assert residual == pytest.approx((20 - 9) / np.sqrt(9 * 0.7 * 0.7))
    assert adjusted_residuals(np.array([[0]]), np.array([30]), np.array([0]), 100)[0, 0] == 0


def test_a_cross_table_counts_papers_and_leaves_unmentioned_concepts_out() -> None:
    labels = pd.Series([0, 0, 1, 1, -1], index=list("abcde"))
    said = pd.DataFrame({"CT": [1, 1, 0, 0, 1], "MRI": [0, 0, 1, 0, 0], "PET": 0}, index=list("abcde")).astype(bool)
    table = concept_crosstab(labels, said).set_index(["topic", "concept"])
    assert table["n"].to_dict() == {(0, "CT"): 2, (0, "MRI"): 0, (1, "CT"): 0, (1, "MRI"): 1}
    assert table.loc[(0, "CT"), "expected"] == pytest.approx(2 * 3 / 5)
    assert table.loc[(0, "CT"), "residual"] > 0 > table.loc[(1, "CT"), "residual"]
