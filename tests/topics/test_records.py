"""Keywords, index terms and references beside texts: what they add to topics, and that topics without them are as they were."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score

import analysis as at
from analysis.topics.records import recorded_kinds
from tests.generators import VOCABULARIES, planted_corpus

pytestmark = pytest.mark.slow
FAMILIES = ["words", "word vectors", "words and word vectors"]


def noisy_frame(n_papers: int = 120) -> tuple[pd.DataFrame, np.ndarray]:
    """Papers whose words tell little of their subject; ids, titles, abstracts, dates, and the truth."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 4, n_papers)
    every = " ".join(VOCABULARIES[:4]).split()
    rows = []
    for number, subject in enumerate(truth):
        own = VOCABULARIES[subject].split()
        words = [str(rng.choice(own if rng.random() < 0.25 else every)) for _ in range(18)]
        rows.append(
            {"id": f"p{number:03d}", "title": " ".join(words[:3]), "abstract": " ".join(words), "date": "2020-05-01"}
        )
    return pd.DataFrame(rows), truth


def with_keywords(frame: pd.DataFrame, truth: np.ndarray) -> at.Corpus:
    rng = np.random.default_rng(1)
    keywords = [[str(word) for word in rng.choice(VOCABULARIES[one].split(), 4, replace=False)] for one in truth]
    return at.Corpus.from_frame(frame.assign(keywords=keywords))


@pytest.fixture(scope="module")
def keyed() -> tuple[at.Corpus, np.ndarray]:
    frame, truth = noisy_frame()
    return with_keywords(frame, truth), truth


def test_keywords_find_subjects_that_texts_blur(keyed: tuple[at.Corpus, np.ndarray]) -> None:
    corpus, truth = keyed
    read = {
        records: adjusted_mutual_info_score(
            truth, at.fit_topics(corpus, granularity=4, records=records).assignments["topic"]
        )
        for records in (True, False)
    }
    assert read[True] > read[False] + 0.05, read


def test_the_table_tells_what_each_kind_of_view_weighs_and_adds(
    keyed: tuple[at.Corpus, np.ndarray], tmp_path: Path
) -> None:
    topics = at.fit_topics(keyed[0], granularity=4)
    assert topics.views.index.tolist() == [*FAMILIES, "keywords"]
    assert topics.views["weight"].sum() == pytest.approx(1)
    own = topics.views.loc["keywords"]
    assert own["papers"] == 120
    assert 0 < own["agreement"] <= 1
    assert own["alone"] > 0.5
    assert own["moved"] > 0
    topics.save(tmp_path / "topics")
    pd.testing.assert_frame_equal(at.load_topics(tmp_path / "topics").views, topics.views)


def test_new_papers_are_placed_by_their_texts(keyed: tuple[at.Corpus, np.ndarray]) -> None:
    corpus, _ = keyed
    topics = at.fit_topics(corpus, granularity=4)
    bare = at.Corpus.from_frame(noisy_frame()[0])
    placed = topics.place(bare)
    assert (placed.assignments["topic"] == topics.assignments["topic"]).mean() > 0.6


def test_a_corpus_without_records_is_untouched() -> None:
    corpus, _ = planted_corpus(60, 3)
    with_them, without = (at.fit_topics(corpus, records=records) for records in (True, False))
    assert with_them.views.index.tolist() == FAMILIES
    pd.testing.assert_frame_equal(with_them.assignments, without.assignments)
    pd.testing.assert_frame_equal(with_them.draws, without.draws)


def test_references_are_one_work_however_they_are_written() -> None:
    frame, truth = noisy_frame(60)
    forms = ("Roe J., 2009, BEES {0}, P1", "Roe J, 2009, Bees {0}, p1")
    references = [[forms[number % 2].format(f"{one}{work}") for work in range(8)] for number, one in enumerate(truth)]
    corpus = at.Corpus.from_frame(frame.assign(references=references))
    views = at.fit_topics(corpus).views
    assert views.loc["coupling", "papers"] == 60
    assert views.loc["co-citation", "papers"] == 0


def test_citations_within_the_corpus_are_read_by_doi() -> None:
    frame, truth = noisy_frame(60)
    rng = np.random.default_rng(2)
    frame["doi"] = [f"10.1234/{number}" for number in range(60)]
    references = [[f"10.1234/{other}" for other in rng.choice(np.flatnonzero(truth == one), 6)] for one in truth]
    corpus = at.Corpus.from_frame(frame.assign(references=references))
    topics = at.fit_topics(corpus)
    assert topics.views.loc["co-citation", "papers"] > 40


def test_nothing_is_read_where_no_record_tells_anything() -> None:
    corpus, _ = planted_corpus(30, 3)
    assert recorded_kinds(corpus, corpus.ids, [], None) == []  # type: ignore[arg-type]


def test_an_update_keeps_topics_that_keywords_helped_to_find(
    keyed: tuple[at.Corpus, np.ndarray], tmp_path: Path
) -> None:
    corpus, _ = keyed
    topics = at.fit_topics(corpus)
    topics.save(tmp_path / "topics")
    again = at.load_topics(tmp_path / "topics").place(corpus)
    assert (again.assignments["topic"] == topics.assignments["topic"]).mean() > 0.75
