"""Verdicts as a referee would check them: worlds in which a method may fail, with truth known."""

import numpy as np

from analysis.trends.tests import TestSettings, trend_tests
from tests.benchmarks.calibration import spread
from tests.benchmarks.tables import markdown, paragraph
from tests.benchmarks.worlds import HARD_KINDS, hard_world

REPETITIONS = 60
_SETTINGS = TestSettings(n_permutations=999)
_SIZES = (300, 3000)
# verdicts that name what topic 0 does, and those that say the contrary
RIGHT = {
    "rise": {"rising", "small rise", "new"},
    "fall": {"falling", "small fall", "ended"},
    "late-born": {"new"},
    "hump": {"peak"},
    "hump, 13 sources": {"peak"},
}
WRONG = {
    "rise": {"falling", "small fall", "ended"},
    "fall": {"rising", "small rise", "new"},
    "late-born": {"rising", "small rise", "falling", "small fall"},
    "hump": {"rising", "falling", "small rise", "small fall", "new", "ended"},
    "hump, 13 sources": {"rising", "falling", "small rise", "small fall", "new", "ended"},
}
_POWER_SHARES = (0.05, 0.1, 0.17)


def report() -> str:
    """Measure and return the section as Markdown."""
    return "\n\n".join(["## Verdicts as a referee would check them", _worlds(), _power()])


def _in_world(item: tuple[str, int, int]) -> dict[str, float]:
    kind, n_papers, repetition = item
    drawn = hard_world(kind, n_papers, np.random.default_rng([n_papers, repetition, HARD_KINDS.index(kind)]))
    found = trend_tests(drawn.labels, drawn.time, drawn.strata, 0.1, repetition, settings=_SETTINGS)
    moved = ~found["verdict"].isin(["steady", "inconclusive"])
    # in the null worlds every topic is still, in the others all but the first
    still = found.index >= (1 if kind in RIGHT else 0)
    first = found.loc[0]
    asked = found["beyond_wandering"].notna()
    return {
        "size": float((found.loc[still, "p"] <= 0.05).mean()),
        "first": float(first["p"] <= 0.05),
        "any": float(moved[still].any()),
        "false": float(moved[still].sum() / max(moved.sum(), 1)),
        "right": float(first["verdict"] in RIGHT.get(kind, set())),
        "wrong": float(first["verdict"] in WRONG.get(kind, set())),
        "beyond": float(found.loc[still & asked, "beyond_wandering"].astype(bool).any())
        if (still & asked).any()
        else np.nan,
        "covers": float(((found.loc[still, "low"] <= 1) & (found.loc[still, "high"] >= 1)).mean()),
    }


def _worlds() -> str:
    rows = []
    for kind in HARD_KINDS:
        for n_papers in _SIZES:
            found = spread(_in_world, [(kind, n_papers, repetition) for repetition in range(REPETITIONS)])
            mean = {name: float(np.nanmean([one[name] for one in found])) for name in found[0]}
            known = kind in RIGHT
            rows.append(
                [
                    kind,
                    f"{n_papers:,}",
                    f"{mean['size']:.3f}",
                    f"{mean['first']:.2f}",
                    f"{mean['any']:.2f}",
                    f"{mean['false']:.2f}",
                    f"{mean['right']:.2f}" if known else "",
                    f"{mean['wrong']:.2f}" if known else "",
                    f"{mean['beyond']:.2f}",
                    f"{mean['covers']:.3f}",
                ]
            )
    head = [
        "world",
        "papers",
        "single tests of still topics, p < 0.05",
        "first topic, p < 0.05",
        "corpora with a verdict on a still topic",
        "false share of verdicts",
        "first topic called what it is",
        "called another thing",
        "corpora with a still topic beyond its wandering",
        "95 % intervals of still topics hold 1",
    ]
    intro = paragraph(f"""
        Ten years, 20 topics, {REPETITIONS} corpora a row, false-discovery rate 10 %, certain labels. The first topic holds
        10 % of the papers and, by world, rises or falls by 1.3 a year, appears in 2022 and stays level, or peaks in the middle
        (by 0.45 a year); all others are still. In the random walk every topic steps by 0.1 a year in log odds: that they moved
        within the window is true of most, that they moved beyond their wandering of none. Heaped dates: half of the papers are
        dated 1 January, the first topic's more often.
    """)
    return f"### Worlds in which a method may fail\n\n{intro}\n\n{markdown(head, rows)}"


def _at_ratio(item: tuple[int, float, float, str, int]) -> tuple[float, float, float, float, float]:
    n_papers, share, ratio, kind, repetition = item
    rng = np.random.default_rng([n_papers, int(100 * share), int(1000 * ratio), repetition])
    drawn = hard_world(kind, n_papers, rng, share, ratio)
    row = trend_tests(drawn.labels, drawn.time, None, 0.1, repetition, settings=_SETTINGS).loc[0]
    truth = ratio if kind == "rise" else 1 / ratio
    return (
        float(row["verdict"] in RIGHT.get(kind, set())),
        float(row["q"] < 0.1),
        float(row["low"] <= truth <= row["high"]),
        float(row["detectable_rise"]),
        float(row["detectable_fall"]),
    )


def _power() -> str:
    rows = []
    for n_papers in _SIZES:
        for share in _POWER_SHARES:
            plain = spread(_at_ratio, [(n_papers, share, 1.0, "uniform", repetition) for repetition in range(40)])
            for kind, column in (("rise", 3), ("fall", 4)):
                stated = float(np.median([one[column] for one in plain]))
                ratio = stated if kind == "rise" else 1 / stated
                items = [(n_papers, share, ratio, kind, repetition) for repetition in range(REPETITIONS)]
                called, by_q, covered, _, _ = np.mean(np.array(spread(_at_ratio, items)), axis=0)
                rows.append(
                    [
                        f"{n_papers:,}",
                        f"{share:.0%}",
                        kind,
                        f"{stated:.3f}",
                        f"{called:.2f}",
                        f"{by_q:.2f}",
                        f"{covered:.3f}",
                    ]
                )
    head = [
        "papers",
        "topic's share",
        "trend",
        "stated smallest detectable ratio",
        "called so at that ratio",
        "q below 10 %",
        "95 % interval covers",
    ]
    intro = paragraph(f"""
        Is the smallest detectable trend what it says? The ratio that corpora without a trend state (median of 40) is planted in
        {REPETITIONS} others; 80 % should be called rising (falling), small and new (ended) ones included, known to 4 points.
        A direction must stand without any one paper, so q alone passes a little more often.
    """)
    return f"### Power at the stated smallest trend\n\n{intro}\n\n{markdown(head, rows)}"
