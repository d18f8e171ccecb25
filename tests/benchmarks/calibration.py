"""Are the trend tests calibrated? False discoveries without trends, power and coverage with planted ones."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.trends.tests import TestSettings, trend_tests
from tests.benchmarks.tables import markdown

REPETITIONS = 200
SETTINGS = TestSettings(n_permutations=499, robustness=0.0)
_YEARS = np.arange(2016, 2026)


@dataclass(frozen=True)
class World:
    """A corpus of labels, dates and strata whose windows and topic mixes differ, as search pages do."""

    labels: np.ndarray
    time: np.ndarray
    strata: np.ndarray


def world(n_papers: int, n_topics: int, rng: np.random.Generator, log_odds: float = 0.0) -> World:
    """Draw a world; topic 0 has a trend of `log_odds` a year, the others share what it leaves."""
    strata = rng.choice(4, n_papers, p=[0.36, 0.34, 0.18, 0.12])
    start, end = np.array([2018.0, 2017.0, 2016.0, 2018.0])[strata], np.array([2025.8, 2025.4, 2026.0, 2026.0])[strata]
    time = end - (end - start) * rng.beta(1, 2.5, n_papers)
    mixes = rng.dirichlet(np.full(n_topics - 1, 1.0), size=4)
    others = np.array([rng.choice(n_topics - 1, p=mixes[stratum]) for stratum in strata]) + 1
    base = np.array([-2.2, -1.4, -1.8, -2.6])[strata]
    first = rng.random(n_papers) < 1 / (1 + np.exp(-(base + log_odds * (time - 2023))))
    return World(np.where(first, 0, others), time, strata)


def naive(labels: np.ndarray, time: np.ndarray, kind: str) -> np.ndarray:
    """Return p values of what is commonly done: a test on yearly counts or shares, strata and empty years ignored."""
    years = np.floor(time).astype(int)
    totals = np.array([(years == year).sum() for year in _YEARS])
    p_values = []
    for topic in np.unique(labels):
        counts = np.array([((labels == topic) & (years == year)).sum() for year in _YEARS])
        values = counts if kind == "counts" else np.divide(counts, totals, out=np.zeros(len(totals)), where=totals > 0)
        if kind == "shares, least squares":
            p_values.append(stats.linregress(_YEARS, values).pvalue)
        else:
            p_values.append(stats.kendalltau(_YEARS, values).pvalue)
    return np.nan_to_num(np.array(p_values), nan=1.0)


def report() -> str:
    """Measure and return the section as Markdown."""
    return "\n\n".join(["## Calibration", _false_discoveries(), _power()])


def _false_discoveries() -> str:
    rows = []
    for n_papers in (100, 300, 1000):
        rng = np.random.default_rng(n_papers)
        hits: dict[str, list[float]] = {"size 1 %": [], "size 5 %": [], "size 10 %": [], "FDR at 10 %": []}
        peers: dict[str, list[bool]] = {"counts": [], "shares, Mann-Kendall": [], "shares, least squares": []}
        unstratified = []
        for repetition in range(REPETITIONS):
            drawn = world(n_papers, 20, rng)
            found = trend_tests(drawn.labels, drawn.time, drawn.strata, 0.1, repetition, settings=SETTINGS)
            tested = found[~found["note"].str.startswith("Not")]
            for level in (1, 5, 10):
                hits[f"size {level} %"].append(float((tested["p"] <= level / 100).mean()))
            # without any trend every discovery is false, so the rate is the share of corpora with one
            hits["FDR at 10 %"].append(float((found["q"] < 0.1).any()))
            pooled = trend_tests(drawn.labels, drawn.time, None, 0.1, repetition, settings=SETTINGS)
            unstratified.append(bool((pooled["q"] < 0.1).any()))
            for kind in peers:
                peers[kind].append(bool((naive(drawn.labels, drawn.time, kind) < 0.05).any()))
        rows.append(
            [str(n_papers), *(f"{np.mean(values):.3f}" for values in hits.values()), f"{np.mean(unstratified):.2f}",
             *(f"{np.mean(values):.2f}" for values in peers.values())]
        )  # fmt: skip
    head = ["papers", "size at 1 %", "size at 5 %", "size at 10 %", "FDR at 10 %", "FDR without strata",
            "counts, Kendall, p < 0.05", "shares, Mann-Kendall, p < 0.05", "shares, least squares, p < 0.05"]  # fmt: skip
    return (
        f"### Without any trend\n\n20 topics over four sources whose windows and topics differ; {REPETITIONS} corpora a row. "
        "Sizes are per test; the false-discovery rate is the share of corpora in which anything is called a trend, for the "
        "naive tests without correction, as they are commonly read.\n\n" + markdown(head, rows)
    )


def _power() -> str:
    rows = []
    for n_papers in (300, 1000):
        for ratio in (1.2, 1.5, 2.0):
            rng = np.random.default_rng(int(1000 * ratio) + n_papers)
            found, covered, naive_found = [], [], []
            for repetition in range(REPETITIONS):
                drawn = world(n_papers, 20, rng, float(np.log(ratio)))
                tests = trend_tests(drawn.labels, drawn.time, drawn.strata, 0.1, repetition, settings=SETTINGS)
                row = tests.loc[0]
                found.append(row["verdict"] == "rising")
                covered.append(row["low"] <= ratio <= row["high"])
                naive_found.append(naive(drawn.labels, drawn.time, "shares, Mann-Kendall")[0] < 0.05)
            rows.append(
                [
                    str(n_papers),
                    f"{ratio:g}",
                    f"{np.mean(found):.2f}",
                    f"{np.mean(naive_found):.2f}",
                    f"{np.mean(covered):.3f}",
                ]
            )
    head = [
        "papers",
        "true odds ratio a year",
        "called rising (q < 0.1)",
        "Mann-Kendall, p < 0.05",
        "95 % interval covers",
    ]
    return f"### With one planted trend\n\nOne topic of 20 rises; {REPETITIONS} corpora a row.\n\n" + markdown(
        head, rows
    )
