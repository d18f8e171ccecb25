"""A vocabulary proposed from papers: keywords that texts use, phrases that titles hold, as patterns that find them again."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from analysis.concepts.mentions import find_concepts
from analysis.concepts.proposal import propose_vocabulary, vocabulary_text
from analysis.concepts.vocabulary import read_vocabulary
from analysis.corpus.paper import Corpus

_KINDS = ("bee hives", "sea ice")


def _corpus(n_papers: int = 120) -> Corpus:
    rows = []
    for number in range(n_papers):
        odd = number % 5 == 0
        rows.append(
            {
                "title": f"Honey-bee colonies in winter, part {number}" if odd else f"Floes and tides, part {number}",
                "abstract": "Honey bee colonies need care. A meta-analysis of Diabetes."
                if odd
                else f"Sea ice and currents of the north {number}.",
                "keywords": ["Honey bees", "meta-analysis", "never written"] if odd else ["Everything"],
            }
        )
    return Corpus.from_frame(pd.DataFrame(rows))


def test_keywords_come_first_and_only_those_that_texts_use_and_not_all_papers_have() -> None:
    found = propose_vocabulary(_corpus())
    keywords = [concept.name for concept in found if concept.category == "keyword"]
    assert keywords == ["Honey bees", "Meta-analysis"]
    assert "Honey-bee colonies" in [concept.name.replace("Honey bee", "Honey-bee") for concept in found]
    assert all(concept.papers >= 5 for concept in found)


def test_the_file_is_read_and_finds_the_papers_in_any_wording(tmp_path: Path) -> None:
    corpus = _corpus()
    text = vocabulary_text(propose_vocabulary(corpus))
    (tmp_path / "vocabulary.toml").write_text(text, encoding="utf-8")
    concepts = find_concepts(corpus, read_vocabulary(tmp_path / "vocabulary.toml"))
    assert int(concepts.mentions["Honey bees"].sum()) == 24
    assert int(concepts.mentions["Meta-analysis"].sum()) == 24


@pytest.mark.parametrize("strange", ['say "a" \\ b', "c++ (lang)", "[x]* y", "a\x7fb c"])
def test_keywords_with_any_signs_make_a_file_that_is_read(strange: str, tmp_path: Path) -> None:
    frame = _corpus().papers[["title", "abstract"]].assign(keywords=[[strange]] * 24 + [[]] * 96)
    frame["abstract"] = [f"{strange} {text}" if row < 24 else text for row, text in enumerate(frame["abstract"])]
    text = vocabulary_text(propose_vocabulary(Corpus.from_frame(frame.reset_index(drop=True))))
    tomllib.loads(text)
    if "= [" in text:
        (tmp_path / "v.toml").write_text(text, encoding="utf-8")
        assert read_vocabulary(tmp_path / "v.toml").concepts


def test_of_few_papers_nothing_is_proposed() -> None:
    assert propose_vocabulary(_corpus(8)) == []
