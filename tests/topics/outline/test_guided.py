"""Topics that follow an outline: its papers found, its gaps filled, its faults told."""

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score

import analysis as at
from analysis.errors import OutlineWarning, TopicsError
from analysis.topics.outline.report import COLUMNS, told_of
from tests.generators import VOCABULARIES, planted_corpus, spoken_papers

pytestmark = pytest.mark.slow

NAMES = ("Volcano", "Orchestra", "Glacier", "Bakery", "Galaxy", "Tennis")
PHRASES = {name: VOCABULARIES[number].split()[1:4] for number, name in enumerate(NAMES)}


@pytest.fixture(scope="module")
def planted() -> tuple[at.Corpus, pd.Series]:
    return planted_corpus(120, 4)


@pytest.fixture(scope="module")
def guided(planted: tuple[at.Corpus, pd.Series]) -> at.Topics:
    return at.fit_topics(planted[0], outline=at.Outline.of({name: PHRASES[name] for name in NAMES[:4]}, complete=True))


def names_of(topics: at.Topics, truth: pd.Series) -> pd.Series:
    return topics.assignments["topic"].map(topics.table["label"]), truth.loc[topics.assignments.index].map(
        dict(enumerate(NAMES))
    )


def test_papers_go_to_the_topics_that_speak_of_them(planted: tuple[at.Corpus, pd.Series], guided: at.Topics) -> None:
    found, true = names_of(guided, planted[1])
    assert (found == true).mean() > 0.97
    assert guided.outline.columns.tolist() == COLUMNS
    assert guided.outline["told"].tolist() == ["supported"] * 4
    assert (guided.outline["size"].to_numpy() == guided.table["size"][guided.outline["topic"]].to_numpy()).all()
    assert (guided.outline["margin"] > 0.5).all()
    assert guided.beside_outline == []


def test_what_the_outline_misses_is_found_beside_it(planted: tuple[at.Corpus, pd.Series]) -> None:
    topics = at.fit_topics(planted[0], outline={name: PHRASES[name] for name in NAMES[:2]})
    found, true = names_of(topics, planted[1])
    named = true.isin(NAMES[:2])
    assert (found[named] == true[named]).mean() > 0.95
    assert not found[~named].isin(NAMES[:2]).any()
    assert len(topics.beside_outline) >= 2
    assert adjusted_mutual_info_score(true, found) > 0.9


def test_a_topic_that_no_paper_speaks_of_is_flagged_and_kept(planted: tuple[at.Corpus, pd.Series]) -> None:
    with pytest.warns(OutlineWarning, match="Quantum gravity"):
        topics = at.fit_topics(
            planted[0],
            outline={**{name: PHRASES[name] for name in NAMES[:4]}, "Quantum gravity": ["string theory", "spacetime"]},
        )
    row = topics.outline.iloc[4]
    assert (row["told"], row["mentions"]) == ("unsupported", 0)
    assert told_of(row["support"], 120) == "unsupported"


def test_example_papers_are_in_their_topic_and_bear_it_out(
    planted: tuple[at.Corpus, pd.Series], tmp_path: Path
) -> None:
    corpus, truth = planted
    own = truth.index[truth == 3][:3]
    title = corpus.papers.loc[own[0], "title"]
    path = tmp_path / "outline.toml"
    path.write_text(f'[[topic]]\nname = "Zzz"\npapers = ["{title.upper()}", "{own[1]}", "{own[2]}", "nowhere"]\n')
    with pytest.warns(OutlineWarning, match="nowhere"):
        topics = at.fit_topics(corpus, outline=path)
    assert topics.outline.loc[0, "examples"] == 3
    assert topics.outline.loc[0, "told"] == "supported"
    mine = topics.assignments["topic"] == topics.outline.loc[0, "topic"]
    assert mine[own].all()
    assert (truth[mine.index[mine]] == 3).mean() > 0.9


def test_a_paper_of_two_topics_is_refused(planted: tuple[at.Corpus, pd.Series], tmp_path: Path) -> None:
    path = tmp_path / "outline.toml"
    path.write_text("".join(f'[[topic]]\nname = "{name}"\npapers = ["p00001"]\n' for name in NAMES[:2]))
    with pytest.raises(TopicsError, match="p00001"):
        at.fit_topics(planted[0], outline=path)


def test_parts_stand_under_their_heading(planted: tuple[at.Corpus, pd.Series], tmp_path: Path) -> None:
    path = tmp_path / "outline.toml"
    parts = "".join(f'[[topic.topic]]\nname = "{name}"\nphrases = {PHRASES[name]}\n' for name in ("Volcano", "Glacier"))
    path.write_text(
        f'[[topic]]\nname = "Earth"\n{parts}[[topic]]\nname = "Orchestra"\nphrases = {PHRASES["Orchestra"]}\n'
    )
    topics = at.fit_topics(planted[0], outline=path)
    theme = topics.table.set_index("label")["theme"]
    assert theme[["Volcano", "Glacier", "Orchestra"]].tolist() == ["Earth", "Earth", "Orchestra"]
    assert set(theme.drop(["Volcano", "Glacier", "Orchestra"])) == {"Beside the outline"}
    assert topics.themes["size"].is_monotonic_decreasing
    assert topics.themes["size"].sum() == len(topics.assignments)


def test_the_order_of_the_corpus_does_not_matter(planted: tuple[at.Corpus, pd.Series]) -> None:
    frame = planted[0].papers.reset_index(names="id")[["id", "title", "abstract"]]
    outline = {name: PHRASES[name] for name in NAMES[:2]}
    one, other = (at.fit_topics(at.Corpus.from_frame(rows), outline=outline) for rows in (frame, frame.iloc[::-1]))
    pd.testing.assert_series_equal(one.assignments["topic"], other.assignments["topic"].reindex(one.assignments.index))


def test_an_edit_and_an_outline_work_together(planted: tuple[at.Corpus, pd.Series]) -> None:
    corpus, truth = planted
    outline = at.Outline.of({name: PHRASES[name] for name in NAMES[:4]}, complete=True)
    papers = [str(paper) for paper in truth.index[truth == 0][:5]]
    topics = at.fit_topics(corpus, outline=outline, edits=[at.Rename(papers=papers, label="Fire mountains")])
    topic = topics.outline.loc[0, "topic"]
    assert topics.table.loc[topic, "label"] == "Fire mountains"
    assert set(topics.table["label"]) == {"Fire mountains", *NAMES[1:4]}


def test_guided_topics_are_saved_placed_and_tested(
    planted: tuple[at.Corpus, pd.Series], guided: at.Topics, tmp_path: Path
) -> None:
    guided.save(tmp_path / "topics")
    again = at.load_topics(tmp_path / "topics")
    pd.testing.assert_frame_equal(again.outline, guided.outline, check_dtype=False)
    new, truth = planted_corpus(40, 4, seed=5)
    placed = again.place(new)
    found, true = names_of(placed, truth)
    assert (found == true).mean() > 0.95
    assert placed.outline["size"].sum() == 40
    trends = at.fit_trends(planted[0], guided)
    assert trends.tests.index.isin(guided.table.index).all()


def test_landmarks_stand_for_all_papers(planted: tuple[at.Corpus, pd.Series]) -> None:
    outline = at.Outline.of({name: PHRASES[name] for name in NAMES[:4]}, complete=True)
    topics = at.fit_topics(planted[0], outline=outline, threshold=80, landmarks=60)
    found, true = names_of(topics, planted[1])
    assert (found == true).mean() > 0.9
    assert topics.outline["size"].sum() == 120


def test_given_vectors_are_guided_too(planted: tuple[at.Corpus, pd.Series]) -> None:
    corpus, truth = planted
    rng = np.random.default_rng(0)
    vectors = np.eye(8)[truth.to_numpy()] + 0.2 * rng.normal(size=(len(truth), 8))
    topics = at.fit_topics(corpus, vectors=vectors, outline={name: PHRASES[name] for name in NAMES[:4]})
    found, true = names_of(topics, truth)
    assert (found == true).mean() > 0.95


def test_an_outline_guides_a_handful_of_papers() -> None:
    corpus, truth = planted_corpus(6, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        topics = at.fit_topics(corpus, outline=at.Outline.of({n: PHRASES[n] for n in NAMES[:2]}, complete=True))
    found, true = names_of(topics, truth)
    assert (found == true).all()


def test_bertopics_method_takes_no_outline(planted: tuple[at.Corpus, pd.Series]) -> None:
    with pytest.raises(TopicsError, match="outline"):
        at.fit_topics(planted[0], outline=["Volcano"], method="bertopic")


def test_without_an_outline_its_table_is_empty(planted: tuple[at.Corpus, pd.Series]) -> None:
    topics = at.fit_topics(planted[0])
    assert topics.outline.empty
    assert topics.outline.columns.tolist() == COLUMNS
    assert topics.beside_outline == []


def test_topics_without_papers_are_told() -> None:
    many = [f"{word} x{number}" for number, word in enumerate(" ".join(VOCABULARIES).split())]
    with pytest.warns(OutlineWarning) as told:
        topics = at.fit_topics(planted_corpus(48, 4)[0], outline=many)
    empty = topics.outline.loc[topics.outline["topic"].isna(), "name"].tolist()
    assert len(empty) >= 12
    assert all(any(repr(name) in str(one.message) for one in told) for name in empty)
    assert topics.table["size"].sum() == 48


def test_chinese_phrases_find_their_papers() -> None:
    papers = spoken_papers(["zh"], 12)
    topics = at.fit_topics(at.Corpus.from_frame(papers), outline={"河流三角洲": [], "合唱演唱": [], "小麦收获": []})
    assert sorted(topics.outline["size"]) == [12, 12, 12]
    for name, mentions in zip(topics.outline["name"], topics.outline["mentions"], strict=True):
        assert mentions == (papers["title"] + papers["abstract"]).str.contains(name).sum()


def test_a_few_papers_are_judged_by_their_words() -> None:
    topics = at.fit_topics(
        at.Corpus.from_frame(spoken_papers(["en"], 8)), outline={"River delta": ["flood plain"], "Choir": []}
    )
    assert "unsupported" not in topics.outline["told"].tolist()
