"""Groups and series: size, false discoveries and power in worlds where groups differ in size, window and source, and papers
come in series of one author group."""

import numpy as np
import pandas as pd

from analysis.trends.family import TestSettings
from analysis.trends.groups.compare import compare
from analysis.trends.groups.frame import Frame
from analysis.trends.groups.reading import gathered_groups
from analysis.trends.overlap import overlapping_members
from analysis.trends.tests import mention_tests, trend_tests
from tests.benchmarks.tables import markdown, paragraph
from tests.trends.groups.worlds import World, world
from tests.trends.test_series_p import world as series_world

_SETTINGS = TestSettings(n_permutations=999)
_SIZES = {300: 60, 3000: 20}


def report() -> str:
    """Return the section of RESULTS.md."""
    return "\n\n".join(
        [
            "## Groups and series",
            paragraph(
                """Five groups with a half to a twentieth of the papers, windows of seven to fifteen years and their own
                preferences among three sources; ten topics that trend alike in all of them. Pooled: the same test without sources
                and years held apart, which is what a plain table of shares compares. 60 corpora of 300 papers, 20 of 3,000, 999
                permutations."""
            ),
            _groups(),
            paragraph(
                """Series: 30 % of the papers in fours (or pairs, or none) of one author group within a year, on one matter with
                the chance .8. By paper is the plain test, by group its second p value; power is for a topic whose odds change by
                the slope a year."""
            ),
            _series(),
            paragraph(
                """Overlap: a paper in every topic that a quarter of twenty redrawn clusterings give it, topics without trends;
                the redrawn clusterings put half of the papers in a second topic in 40 % of the draws."""
            ),
            _overlap(),
        ]
    )


def _compared(drawn: World, *, framed: bool = True) -> pd.DataFrame:
    strata, time = (
        (drawn.strata, drawn.time) if framed else (np.zeros(len(drawn.time), dtype=int), drawn.time * 0 + 2020)
    )
    frame = Frame(time, strata, drawn.labels, np.zeros((0, len(strata)), dtype=int), np.arange(drawn.n_topics))
    groups = gathered_groups([[f"g{group}"] for group in drawn.group], "full", 1, 12, "group")
    return compare("group", groups, frame, _SETTINGS)


def _groups() -> str:
    lines = []
    for n_papers, repeats in _SIZES.items():
        null = [_compared(world(n_papers, seed)) for seed in range(repeats)]
        pooled = [_compared(world(n_papers, seed), framed=False) for seed in range(repeats)]
        share, slope = (1.0, 0.3) if n_papers == 300 else (0.5, 0.1)
        planted = [
            _compared(world(n_papers, seed, share, slope)).set_index(["group", "topic"]) for seed in range(repeats)
        ]
        lines.append(
            [
                f"{n_papers:,}",
                _size(null, "p", "note"),
                _any(null, "verdict", ("more", "less")),
                _size(pooled, "p", "note"),
                _any(pooled, "verdict", ("more", "less")),
                _size(null, "slope_p", ""),
                _any(null, "slope_verdict", ("faster", "slower")),
                f"{np.mean([table.loc[('g1', 2), 'verdict'] == 'more' for table in planted]):.2f} ({share:g})",
                f"{np.mean([table.loc[('g1', 1), 'slope_verdict'] == 'faster' for table in planted]):.2f} ({slope:g})",
            ]
        )
    shares, slopes = ["size .05, shares", "any verdict"], ["size .05, slopes", "any verdict"]
    head = ["papers", *shares, "pooled: size", "pooled: any verdict", *slopes, "share found", "slope found"]
    return markdown(head, lines)


def _size(tables: list[pd.DataFrame], column: str, note: str) -> str:
    values = pd.concat([table.loc[(table[note] == "") if note else table[column] < 1, column] for table in tables])
    return f"{(values < 0.05).mean():.3f}"


def _any(tables: list[pd.DataFrame], column: str, verdicts: tuple[str, ...]) -> str:
    return f"{np.mean([table[column].isin(verdicts).any() for table in tables]):.2f}"


def _series() -> str:
    lines = []
    for n_papers, repeats in ((300, 150), (3000, 40)):
        slope = 0.25 if n_papers == 300 else 0.08
        kinds: list[tuple[dict[str, float], str]] = [
            ({"size": 4}, "fours"),
            ({"size": 2}, "pairs"),
            ({"share": 0.0}, "none"),
        ]
        for told, kind in kinds:
            null = [_by_series(n_papers, seed, told) for seed in range(repeats)]
            moved = [_by_series(n_papers, seed, told | {"slope": slope}).loc[2] for seed in range(repeats)]
            every = pd.concat(null)
            lines.append(
                [
                    f"{n_papers:,}",
                    kind,
                    *(f"{(every[column] < 0.05).mean():.3f}" for column in ("p", "p_series")),
                    *(f"{np.mean([row[column] < 0.05 for row in moved]):.2f}" for column in ("p", "p_series")),
                ]
            )
    head = ["papers", "series of", "size .05, by paper", "by group", "power, by paper", "by group"]
    return markdown(head, lines)


def _by_series(n_papers: int, seed: int, told: dict[str, float]) -> pd.DataFrame:
    group, time, strata, labels = series_world(seed, n_papers=n_papers, **told)  # type: ignore[arg-type]
    return trend_tests(labels, time, strata, series=group, seed=seed, settings=_SETTINGS)


def _overlap() -> str:
    lines = []
    for n_papers, repeats in _SIZES.items():
        p_values, moved = [], 0
        for seed in range(repeats):
            rng = np.random.default_rng([n_papers, seed])
            time, strata = 2014 + 10 * rng.random(n_papers), rng.integers(0, 2, n_papers)
            first = rng.integers(0, 8, n_papers)
            second = np.where(rng.random(n_papers) < 0.5, rng.integers(0, 8, n_papers), first)
            draws = np.where(rng.random((20, n_papers)) < 0.6, first, second)
            found = mention_tests(overlapping_members(draws, np.arange(8)), time, strata, seed=seed, settings=_SETTINGS)
            p_values += found["p"].tolist()
            moved += bool((~found["verdict"].isin(["steady", "inconclusive"])).any())
        lines.append([f"{n_papers:,}", f"{np.mean(np.array(p_values) < 0.05):.3f}", f"{moved / repeats:.2f}"])
    return markdown(["papers", "size .05", "any verdict"], lines)
