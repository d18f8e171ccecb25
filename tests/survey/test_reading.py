"""The section as a notebook shows it."""

import pytest

from analysis.corpus.paper import Corpus
from analysis.errors import ArtefactError
from analysis.study.face import Study
from analysis.survey.reading import readable
from analysis.survey.references import citation_keys, paper_address


def test_citations_become_numbers_that_lead_to_papers_and_stand_in_a_list(shipped_corpus: Corpus) -> None:
    papers = shipped_corpus.papers
    keys = citation_keys(papers)
    first, second = list(keys)[:2]
    text = f"One [@{keys[first]}; @{keys[second]}] and a method [@firth1993bias], again [@{keys[second]}]; [@no2000body].\n"
    shown = readable(text, papers, "x")
    links = [f"[{number}]({paper_address(papers.loc[paper])})" for number, paper in enumerate((first, second), start=1)]
    assert f"One \\[{', '.join(links)}\\] and" in shown
    assert f"again \\[{links[1]}\\]; [@no2000body]." in shown
    references = shown.split("## References\n\n")[1].splitlines()
    assert [line.split(" ", 1)[0] for line in references] == ["1.", "2.", "3."]
    assert "Firth" in references[2]
    assert "a method \\[3\\]" in shown


def test_pictures_are_found_from_where_the_section_is_read_and_text_without_citations_stays(
    shipped_corpus: Corpus,
) -> None:
    text = "![A map \\[of\\] papers](../topic_map.svg) and [a page](../index.html)"
    assert readable(text, shipped_corpus.papers.head(0), "../figures") == text.replace("(../topic", "(../figures/topic")


def test_a_study_without_a_section_says_so(small_study: Study) -> None:
    with pytest.raises(ArtefactError, match="`topictrends run` writes it"):
        small_study.section()
