"""Series of papers: by paper they pass for a trend, by author group they do not; and verdicts say so."""

import numpy as np
import pandas as pd
import pytest

import analysis as at
from analysis.trends.series_p import series_p
from analysis.trends.tests import TestSettings, trend_tests

pytestmark = pytest.mark.slow
QUICK = TestSettings(n_permutations=499)


def world(
    seed: int, n_papers: int = 300, size: int = 4, share: float = 0.3, slope: float = 0.0
) -> tuple[np.ndarray, ...]:
    """Author group, decimal year, stratum and topic: a share of the papers in series on one matter within a year."""
    rng = np.random.default_rng(seed)
    group = np.arange(n_papers)
    inside = int(n_papers * share) // size * size
    group[:inside] = np.arange(inside) // size * size
    start = 2015 + 10 * rng.random(n_papers)
    time = start[group] + np.where(np.arange(n_papers) < inside, rng.random(n_papers) - 0.5, 0)
    strata = rng.integers(0, 2, n_papers)
    odds = np.tile(np.log(1 / np.arange(1, 9)), (n_papers, 1))
    odds[:, 2] += slope * (time - 2020)
    chance = np.exp(odds)
    chance /= chance.sum(axis=1, keepdims=True)
    own = (chance.cumsum(axis=1) > rng.random(n_papers)[:, None]).argmax(axis=1)
    labels = np.where(rng.random(n_papers) < 0.8, own[group], own)
    return group, time, strata, labels


def sizes(**told: float) -> tuple[float, float]:
    """How often tests by paper and by group reject at .05."""
    by_paper, by_group = [], []
    for seed in range(25):
        group, time, strata, labels = world(seed, **told)  # type: ignore[arg-type]
        found = trend_tests(labels, time, strata, series=group, settings=QUICK)
        by_paper.append(found["p"] < 0.05)
        by_group.append(found["p_series"] < 0.05)
    return float(np.concatenate(by_paper).mean()), float(np.concatenate(by_group).mean())


def test_series_of_four_inflate_the_size_by_paper_and_not_by_group() -> None:
    by_paper, by_group = sizes()
    assert by_paper > 0.09
    assert by_group < 0.08


def test_without_series_both_have_their_size() -> None:
    assert all(0.02 < size < 0.08 for size in sizes(share=0.0))


def test_a_true_trend_is_found_by_group_too() -> None:
    found = 0
    for seed in range(10):
        group, time, strata, labels = world(seed, slope=0.3)
        row = trend_tests(labels, time, strata, series=group, settings=QUICK).loc[2]
        found += bool(row["series_holds"])
    assert found >= 7


def test_a_verdict_that_rests_on_one_series_says_so() -> None:
    rng = np.random.default_rng(3)
    time = np.concatenate([2015 + 8 * rng.random(300), 2020.5 + rng.random(16)])
    labels = np.array(["rest"] * 250 + ["ice"] * 50 + ["ice"] * 16)
    group = np.concatenate([np.arange(300), np.full(16, 500)])
    found = trend_tests(labels, time, series=group, settings=QUICK).loc["ice"]
    assert found["verdict"] in ("rising", "small rise")
    assert not found["series_holds"]
    assert "Counted by author group instead of by paper, it is not beyond chance" in found["note"]


def test_without_series_nothing_is_said_of_them() -> None:
    _, time, strata, labels = world(0)
    found = trend_tests(labels, time, strata, settings=QUICK)
    assert found["p_series"].isna().all()
    assert found["series_holds"].isna().all()


def test_every_paper_of_one_group_is_no_evidence() -> None:
    _, time, strata, labels = world(0)
    assert series_p(labels[:, None] == np.arange(8), time, strata, np.zeros(300, dtype=int), 199, 0).min() > 0.4


def test_papers_without_a_group_stand_alone_and_order_changes_nothing() -> None:
    group, time, strata, labels = world(1)
    alone = trend_tests(labels, time, strata, series=np.arange(300), settings=QUICK)["p_series"]
    for nothing in ([""] * 300, [None] * 300, [float("nan")] * 300):
        found = trend_tests(labels, time, strata, series=nothing, settings=QUICK)["p_series"]
        np.testing.assert_allclose(found, alone)
    rows = np.random.default_rng(0).permutation(300)
    one, other = (
        trend_tests(labels[order], time[order], strata[order], series=group[order], settings=QUICK)["p_series"]
        for order in (np.arange(300), rows)
    )
    np.testing.assert_allclose(one, other)


@pytest.mark.parametrize(
    ("series", "message"),
    [([1, 2], "one value a paper"), ([[1]] * 300, "shape"), (np.zeros((300, 2)), "shape")],
)
def test_series_that_fit_no_papers_are_refused(series: list[object], message: str) -> None:
    _, time, strata, labels = world(0)
    with pytest.raises(at.errors.TrendsError, match=message):
        trend_tests(labels, time, strata, series=series)


def test_authors_of_a_corpus_are_read() -> None:
    group, time, _strata, labels = world(2, n_papers=120)
    frame = pd.DataFrame(
        {
            "title": [f"Paper {n} of topic {label}" for n, label in enumerate(labels)],
            "abstract": [f"word{label} term{label}" for label in labels],
            "date": [f"{int(year)}-{1 + int(year % 1 * 12):02d}-15" for year in time],
            "authors": [[f"Author{''.join(chr(97 + int(d)) for d in str(one))}, Given"] for one in group],
        }
    )
    corpus = at.Corpus.from_frame(frame)
    trends = at.fit_trends(corpus, at.Topics.from_labels(corpus, labels), settings=QUICK)
    assert trends.note["author_groups"] == "9"
    assert trends.note["papers_in_author_groups"] == "36"
    assert trends.tests["series_holds"].notna().all()
    bare = at.Corpus.from_frame(frame.drop(columns="authors"))
    unknown = at.fit_trends(bare, at.Topics.from_labels(bare, labels), settings=QUICK)
    assert unknown.note["author_groups"] == "unknown"
