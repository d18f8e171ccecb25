"""Verdicts of whole fits, redrawn clusterings included, on real abstracts; and how well groups are ranked by speed."""

import numpy as np
import pandas as pd

import analysis as at
from analysis.trends.tests import TestSettings, trend_tests
from tests.benchmarks.calibration import spread
from tests.benchmarks.referee import REPETITIONS, RIGHT, WRONG
from tests.benchmarks.samples import ABSENT, CORPORA, sample
from tests.benchmarks.tables import markdown, paragraph
from tests.benchmarks.worlds import FIRST_YEAR, YEARS

_CLUSTERED = ("arxiv30", "bbc_news", "newsgroups20")
_FITS, _DATINGS = 6, 5


def report() -> str:
    """Measure and return the section as Markdown."""
    return "\n\n".join(["## Verdicts of whole fits", _clustered(), _ranking()])


def _in_clustered(item: tuple[str, int]) -> list[list[float]]:
    """Return, by dating, what whole fits say of papers whose dates tell nothing, and of a class that rises by 1.5 a year."""
    name, draw = item
    papers = sample(name, 300, draw)
    topics = at.fit_topics(at.Corpus.from_frame(papers[["id", "title", "abstract"]]), seed=draw)
    labels = papers.set_index("id")["label"]
    rising = labels == labels.value_counts().index[0]
    ids = topics.assignments.index
    shared = rising.loc[ids].groupby(topics.assignments["topic"].to_numpy()).sum()
    found = []
    for dating in range(_DATINGS):
        rng = np.random.default_rng([draw, dating])
        still = FIRST_YEAR + YEARS * rng.random(len(papers))
        # exponential in the window, by the inverse of its distribution
        steep = np.log1p(rng.random(len(papers)) * (1.5**YEARS - 1)) / np.log(1.5) + FIRST_YEAR
        rows = []
        for time in (still, np.where(rising.to_numpy(), steep, still)):
            days = pd.Timestamp(f"{FIRST_YEAR}-01-01") + pd.to_timedelta((time - FIRST_YEAR) * 365.25, unit="D")
            dated = at.Corpus.from_frame(papers[["id", "title", "abstract"]].assign(date=days.floor("D")))
            rows.append(at.fit_trends(dated, topics, seed=dating).tests)
        moved = ~rows[0]["verdict"].isin(["steady", "inconclusive"])
        verdict = rows[1].loc[shared.idxmax(), "verdict"]
        found.append(
            [
                float((rows[0]["p"] <= 0.05).mean()),
                float((rows[0]["q"] < 0.1).any()),
                float(moved.any()),
                float(verdict in RIGHT["rise"]),
                float(verdict in WRONG["rise"]),
            ]
        )
    return found


def _clustered() -> str:
    title = "### Whole fits, with redrawn clusterings"
    if not CORPORA.exists():
        return f"{title}\n\n{ABSENT}"
    rows = []
    for name in _CLUSTERED:
        found = np.array(spread(_in_clustered, [(name, draw) for draw in range(_FITS)])).reshape(-1, 5).mean(axis=0)
        rows.append([name, *(f"{value:.2f}" for value in found)])
    head = [
        "corpus",
        "single tests, p < 0.05",
        "corpora with q < 10 %",
        "corpora with any verdict",
        "rising class called so",
        "called the contrary",
    ]
    intro = paragraph(f"""
        `at.fit_topics` and `at.fit_trends` on 300 real abstracts, {_FITS} draws of papers and {_DATINGS} draws of dates each.
        First the dates tell nothing; then the commonest class by the corpus' own labels rises by 1.5 a year, of which the fit
        knows nothing, and the topic that holds most of it is looked at.
    """)
    return f"{title}\n\n{intro}\n\n{markdown(head, rows)}"


def _ranked(item: tuple[float, int]) -> list[float]:
    """Return errors of log odds ratios and how well they order the true ones, plain and shrunken."""
    spread_of_slopes, repetition = item
    rng = np.random.default_rng([int(100 * spread_of_slopes), repetition])
    truth = rng.normal(0, spread_of_slopes, 20)
    truth -= truth.mean()
    time = FIRST_YEAR + YEARS * rng.random(500)
    weights = np.log(rng.dirichlet(np.full(20, 1.0))) + np.outer(time - time.mean(), truth)
    labels = (weights + rng.gumbel(size=weights.shape)).argmax(axis=1)
    tests = trend_tests(labels, time, settings=TestSettings(n_permutations=99))
    true = pd.Series(truth).loc[tests.index]
    found = []
    for column in ("odds_ratio", "odds_ratio_shrunken"):
        known = pd.Series(np.log(tests[column]))
        # all drawn to one value put nothing in order
        agrees = float(known.corr(true, method="spearman")) if np.ptp(known) > 0 else 0.0
        found += [float(np.sqrt(((known - true) ** 2).mean())), agrees]
    return found


def _ranking() -> str:
    rows = []
    for spread_of_slopes in (0.02, 0.1, 0.3):
        found = np.nanmean(np.array(spread(_ranked, [(spread_of_slopes, one) for one in range(REPETITIONS)])), axis=0)
        rows.append([f"{spread_of_slopes:g}", *(f"{value:.2f}" for value in found)])
    head = ["spread of true slopes", "error", "order agrees", "error, shrunken", "order agrees, shrunken"]
    intro = paragraph(f"""
        Ranking: 500 papers in 20 topics of very unlike sizes, {REPETITIONS} corpora a row. Root mean squared error of log odds
        ratios a year and rank correlation with the true ones, of estimates and of estimates drawn toward their mean.
    """)
    return f"### Ranking by speed\n\n{intro}\n\n{markdown(head, rows)}"
