"""Views of what records tell: they follow subjects where records do, and are left out where records tell of something else."""

import numpy as np
import pytest

from analysis.embedding.centring import LanguageGroups
from analysis.embedding.citation_graphs import cocitation_vectors, coupling_vectors
from analysis.embedding.keyword_vectors import keyword_vectors
from analysis.embedding.recorded import RecordedKind, Records, recorded_views
from analysis.embedding.views import View, build_views
from tests.generators import VOCABULARIES, planted_corpus

NOTHING = np.zeros(0, dtype=np.int64)
N = 90


@pytest.fixture(scope="module")
def planted() -> tuple[list[View], np.ndarray]:
    corpus, truth = planted_corpus(N, 3)
    papers = corpus.papers
    return build_views(papers["title"].tolist(), papers["abstract"].tolist()), truth.loc[papers.index].to_numpy()


def together(vectors: np.ndarray, groups: np.ndarray) -> float:
    """The share of papers whose nearest other is of their group."""
    nearness = vectors @ vectors.T
    np.fill_diagonal(nearness, -9)
    return float((groups[nearness.argmax(axis=1)] == groups).mean())


def keywords_of(groups: np.ndarray, seed: int = 0) -> list[list[str]]:
    rng = np.random.default_rng(seed)
    return [[str(word) for word in rng.choice(VOCABULARIES[group].split(), 3, replace=False)] for group in groups]


def references_of(groups: np.ndarray, years: np.ndarray, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Twelve works a paper, of its group and of the three years before it."""
    rng = np.random.default_rng(seed)
    papers = np.repeat(np.arange(len(groups)), 12)
    works = groups[papers] * 1_000_000 + (years[papers] - rng.integers(0, 3, len(papers))) * 100
    return papers, works + rng.integers(0, 12, len(papers))


def kinds_of(views: list[View], **told: object) -> dict[str, RecordedKind]:
    facts = {"keywords": [[]] * N, "index_terms": [[]] * N, "papers": NOTHING, "works": NOTHING}
    facts |= {"citing": NOTHING, "cited": NOTHING, "years": np.full(N, -1)} | told
    return {kind.name: kind for kind in recorded_views(Records(**facts), views, LanguageGroups.of([""] * N))}  # type: ignore[arg-type]


def test_without_records_there_is_nothing(planted: tuple[list[View], np.ndarray]) -> None:
    assert kinds_of(planted[0]) == {}


def test_keywords_of_the_subject_count_and_of_something_else_do_not(planted: tuple[list[View], np.ndarray]) -> None:
    views, truth = planted
    right = kinds_of(views, keywords=keywords_of(truth))["keywords"]
    assert right.agreement > 0.4
    assert {view.name for view in right.views} == {"keywords", "graph-keywords"}
    assert all(together(view.vectors, truth) > 0.9 for view in right.views)
    other = kinds_of(views, keywords=keywords_of(np.random.default_rng(1).integers(0, 6, N)))["keywords"]
    assert sum(view.weight for view in other.views) < 0.2 * sum(view.weight for view in right.views)


def test_papers_without_keywords_are_filled_in_and_are_no_group(planted: tuple[list[View], np.ndarray]) -> None:
    views, truth = planted
    keywords = keywords_of(truth)
    lacking = np.arange(N) % 2 == 0
    kind = kinds_of(views, keywords=[[] if bare else words for bare, words in zip(lacking, keywords, strict=True)])[
        "keywords"
    ]
    assert kind.papers == (~lacking).sum()
    assert together(kind.views[0].vectors, truth) > 0.9
    assert np.allclose(np.linalg.norm(kind.views[0].vectors, axis=1), 1, atol=1e-3)


def test_a_kind_that_fewer_than_a_third_have_is_told_of_and_not_used(planted: tuple[list[View], np.ndarray]) -> None:
    views, truth = planted
    few = [words if number < 25 else [] for number, words in enumerate(keywords_of(truth))]
    kind = kinds_of(views, keywords=few)["keywords"]
    assert kind.views == ()
    assert np.isnan(kind.agreement)
    assert kind.papers == 25


def test_coupled_papers_of_one_subject_are_near_whatever_their_year(planted: tuple[list[View], np.ndarray]) -> None:
    views, truth = planted
    years = np.random.default_rng(3).integers(2000, 2020, N)
    papers, works = references_of(truth, years)
    kind = kinds_of(views, papers=papers, works=works, years=years)["coupling"]
    assert kind.agreement > 0.3
    assert together(kind.views[0].vectors, truth) > 0.9
    # who cites by period alone says nothing of subjects
    _, of_the_time = references_of(np.zeros(N, dtype=int), years)
    idle = kinds_of(views, papers=papers, works=of_the_time, years=years)["coupling"]
    assert sum(view.weight for view in idle.views) < 0.15 * sum(view.weight for view in kind.views)


def test_years_are_taken_out_of_coupling() -> None:
    rng = np.random.default_rng(0)
    groups, years = rng.integers(0, 3, 120), np.where(rng.random(120) < 0.5, 2001, 2004)
    papers = np.repeat(np.arange(120), 14)
    # works of the time are shared twice as often as those of the subject
    by_time = rng.random(len(papers)) < 0.65
    works = np.where(by_time, years[papers] * 10_000, groups[papers] * 100) + rng.integers(0, 40, len(papers))
    plain, _ = coupling_vectors(papers, works, np.full(120, -1))
    normed, _ = coupling_vectors(papers, works, years)
    assert together(normed, years) < together(plain, years)


def test_papers_that_are_cited_together_are_near() -> None:
    rng = np.random.default_rng(0)
    groups = rng.integers(0, 3, 80)
    citing = np.repeat(np.arange(80), 6)
    cited = np.array([rng.choice(np.flatnonzero(groups == groups[paper])) for paper in citing])
    vectors, known = cocitation_vectors(citing, cited, np.full(80, 2020))
    assert known.mean() > 0.8
    assert together(vectors[known], groups[known]) > 0.9


def test_references_in_circles_to_oneself_and_twice_are_taken_as_they_are() -> None:
    papers, works = np.array([0, 0, 1, 2, 2] * 3), np.array([1, 1, 2, 0, 2] * 3)
    vectors, known = coupling_vectors(papers, works, np.array([2020, 2021, -1]))
    assert np.isfinite(vectors).all()
    assert known.tolist() == [False, True, True]


def test_keywords_that_all_papers_have_say_nothing() -> None:
    vectors, known = keyword_vectors([["Humans"]] * 30)
    assert not known.any()
    assert not vectors.any()


def test_keywords_in_one_language_are_not_told_apart_from_those_in_another(
    planted: tuple[list[View], np.ndarray],
) -> None:
    views, truth = planted
    spoken = np.where(np.arange(N) % 2 == 0, "en", "de").tolist()
    german = [
        [word if code == "en" else f"das {word}" for word in words]
        for words, code in zip(keywords_of(truth), spoken, strict=True)
    ]
    records = Records(german, [[]] * N, NOTHING, NOTHING, NOTHING, NOTHING, np.full(N, -1))
    kind = recorded_views(records, views, LanguageGroups.of(spoken))[0]
    assert together(kind.views[0].vectors, truth) > 0.9
