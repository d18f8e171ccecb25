"""What the section says before it tells of tests: what papers are about, when topics came up, what is missing."""

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.concepts.pairs import rare_pairs
from analysis.corpus.paper import Corpus
from analysis.survey import write
from analysis.survey.dossiers import MARK, claim_of
from analysis.survey.field_tables import enumerated, gaps_table, theme_words, topic_words
from analysis.survey.section import Section
from analysis.topics.result import Topics
from analysis.trends.result import Trends

pytestmark = pytest.mark.slow
Results = tuple[Corpus, Topics, Trends]
# words of tests, which a reader who knows no statistics does not need to learn what a field is about
_TESTS = re.compile(
    r"odds|robust|permut|regress|null|p value|\bq\b|false.discovery|stratum|interval|power\b", re.IGNORECASE
)


@pytest.fixture(scope="module")
def files(planted: Results) -> dict[str, str]:
    return Section.of(*planted, title="A study").text_files()


def _paragraphs(markdown: str) -> list[str]:
    return [part for part in markdown.split("\n\n") if part and not part.startswith(("<!--", "!", "|", "#", ":"))]


def test_a_reader_learns_what_the_field_is_before_a_word_of_tests(files: dict[str, str], planted: Results) -> None:
    text = files["section.md"]
    head = text[: text.index("## What is missing")]
    assert not [part for part in _paragraphs(head) if _TESTS.search(part)]
    labels = planted[1].themes["label"]
    assert [line[4:] for line in head.splitlines() if line.startswith("### ")] == labels.tolist()


def test_every_theme_has_its_words_papers_and_course(files: dict[str, str], planted: Results) -> None:
    _, topics, trends = planted
    for number in topics.themes.index:
        block = files["section.md"].split(f"<!-- block theme-{number} -->")[1].split("<!-- end")[0]
        assert "[@" in block
        assert f"{topics.themes.loc[number, 'size']} papers" in block
        assert theme_words(topics)[number].split(",")[0] in block
        if trends.theme_tests.loc[number, "verdict"] == "inconclusive":
            assert "cannot be said from these papers" in block


def test_words_are_told_once_and_not_those_of_the_name(planted: Results) -> None:
    topics = planted[1]
    for topic, words in topic_words(topics).items():
        told = re.split(r", | and ", words)
        assert len(set(told)) == len(told) <= 3
        name = set(str(topics.table.loc[topic, "label"]).lower().split())
        assert not [word for word in told if name.issuperset(word.lower().split())]
    assert enumerated(["a", "b", "c"]) == "a, b and c"
    assert [enumerated(words) for words in ([], ["a"], ["a", "b"])] == ["", "a", "a and b"]


def test_keywords_stand_in_for_phrases_and_words_within_words_are_others(planted: Results) -> None:
    topics = planted[1]
    table = topics.table.assign(
        label="Meltwater", keywords=[["melt", "MRI scan", "mri scans", "scan"]] * len(topics.table)
    )
    bare = topics.with_tables(table=table, key_phrases=topics.key_phrases.head(0))
    assert set(topic_words(bare)) == {"MRI scan and melt"}


def test_a_topic_that_new_papers_pass_by_is_named_and_one_that_they_do_not_is_not(planted: Results) -> None:
    _, topics, trends = planted
    periods = trends.series["period"].drop_duplicates()
    series = trends.series.assign(n_total=100, n_topic=25)
    late = series["period"].isin(periods.iloc[-2:])
    series.loc[late & (series["topic"] == 1), "n_topic"] = 0
    passing = Trends(**{**trends.__dict__, "series": series})
    found = gaps_table(topics, passing)
    assert found.loc[found["kind"] == "passed by", "label"].tolist() == [topics.table.loc[1, "label"]]
    even = Trends(**{**trends.__dict__, "series": series.assign(n_topic=25)})
    assert (gaps_table(topics, even)["kind"] != "passed by").all()


def test_pairs_that_avoid_each_other_are_found_and_chance_is_not() -> None:
    rng = np.random.default_rng(0)
    one = rng.random(400) < 0.4
    mentions = pd.DataFrame(
        {
            "one": one,
            "never with one": ~one & (rng.random(400) < 0.6),
            "any": rng.random(400) < 0.4,
            "rare": rng.random(400) < 0.01,
        }
    )
    pairs = rare_pairs(mentions)
    assert set(pairs.loc[pairs["q"] < 0.1, ["concept", "other"]].iloc[0]) == {"one", "never with one"}
    assert (pairs["q"] < 0.1).sum() == 1
    assert "rare" not in set(pairs["concept"]) | set(pairs["other"])
    assert rare_pairs(mentions.iloc[:, :0]).empty
    found = [(rare_pairs(pd.DataFrame(rng.random((300, 12)) < 0.3))["q"] < 0.1).any() for _ in range(100)]
    assert np.mean(found) <= 0.17


def test_a_bound_is_never_told_to_equal(files: dict[str, str]) -> None:
    for name in ("section.md", "section.tex", "section.qmd"):
        assert "= <" not in files[name]
        assert "= \\<" not in files[name]


def test_notes_hold_every_paper_with_its_claim_and_stay_out_of_the_section(
    files: dict[str, str], planted: Results
) -> None:
    corpus, topics, _ = planted
    notes = {name: text for name, text in files.items() if name.startswith("dossiers/")}
    assert len(notes) == len(topics.table)
    for topic, row in topics.table.iterrows():
        (text,) = [text for name, text in notes.items() if name.startswith(f"dossiers/{topic:02d}-")]
        assert text.count("\n## ") == min(row["size"], 60)
        assert MARK in text
        first = corpus.papers.loc[row["representative_papers"][0]]
        assert claim_of(first["abstract"]) not in files["section.md"]
    assert claim_of("") == ""


def test_notes_of_topics_that_are_no_more_go_and_others_stay(planted: Results, tmp_path: Path) -> None:
    folder = tmp_path / "survey" / "dossiers"
    folder.mkdir(parents=True)
    (folder / "90-old.md").write_text(f"# Old\n\n{MARK} x\n")
    (folder / "mine.md").write_text("# My own\n")
    write(*planted, tmp_path / "survey")
    assert not (folder / "90-old.md").exists()
    assert (folder / "mine.md").read_text() == "# My own\n"


def test_keys_are_the_same_in_section_bibliography_notes_and_explorer(files: dict[str, str], planted: Results) -> None:
    from analysis.survey.explorer import explorer_page

    known = set(re.findall(r"^@\w+\{([^,]+),", files["references.bib"], re.MULTILINE))
    noted = set(
        re.findall(r"@([a-z]+\w+)", "".join(text for name, text in files.items() if name.startswith("dossiers")))
    )
    assert noted <= known
    assert set(re.findall(r'"key":"(\w+)"', explorer_page(*planted))) >= noted


def test_an_arxiv_number_is_printed_by_styles_that_know_no_eprint(planted: Results) -> None:
    corpus, topics, trends = planted
    papers = corpus.papers.assign(arxiv_id=[f"2301.{number:05d}" for number in range(len(corpus.papers))])
    text = Section.of(corpus.with_papers(papers), topics, trends).text_files()["references.bib"]
    assert text.count("howpublished = {arXiv:2301.") == len(papers)


def test_quarto_is_read_by_pandoc(files: dict[str, str], tmp_path: Path) -> None:
    assert files["section.qmd"].startswith('---\ntitle: "A study"\nbibliography: "references.bib"\n')
    assert "<!--" not in files["section.qmd"]
    if shutil.which("pandoc") is None:
        pytest.skip("pandoc is not installed")
    for name in ("section.qmd", "references.bib"):
        (tmp_path / name).write_text(files[name], encoding="utf-8")
    command = ["pandoc", "--citeproc", "--from", "markdown", "section.qmd", "--to", "plain"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "What the papers are about" in done.stdout
