"""Are bursts found where they are, and only there? And is the drift of words told from chance?"""

import numpy as np

from analysis.trends.bursts import LEVEL, find_bursts
from analysis.trends.drift import vocabulary_drift
from analysis.trends.exposure import Exposure
from tests.benchmarks.calibration import spread
from tests.benchmarks.tables import markdown, paragraph

_REPETITIONS = 100
_PERIODS = 24


def report() -> str:
    """Measure and return the section as Markdown."""
    rows = []
    for factor in (1.0, 2.0, 3.0, 5.0):
        found = spread(_bursts, [(factor, repetition) for repetition in range(_REPETITIONS)])
        any_shown, hit, others = np.mean(np.array(found, dtype=float), axis=0)
        rows.append([f"{factor:g}", f"{hit:.2f}" if factor > 1 else "-", f"{others if factor > 1 else any_shown:.3f}"])
    sizes = spread(_drift, list(range(_REPETITIONS)))
    intro = paragraph(f"""
        Twelve topics, {_PERIODS} periods with a Poisson number of papers (30 on average), two sources of other windows; topic 0
        takes so many times its share of 8 % in four periods. {_REPETITIONS} corpora a row; a corpus without any burst may show
        one in 5 % of cases.
    """)
    head = ["factor", "found, both ends within one period", "corpora with another burst"]
    bursts = f"### Bursts\n\n{intro}\n\n{markdown(head, rows)}"
    drift = (
        f"### Vocabulary drift\n\n{_REPETITIONS} topics of 40 papers from two sources with other words and windows, no drift: "
        f"p < 0.05 in {np.mean(np.array(sizes) < 0.05):.1%} of them."
    )
    return "\n\n".join(["## Events", bursts, drift])


def _bursts(item: tuple[float, int]) -> tuple[bool, bool, bool]:
    factor, repetition = item
    rng = np.random.default_rng([int(10 * factor), repetition])
    late = rng.poisson(10, _PERIODS) * (np.arange(_PERIODS) >= 10)
    periods = np.concatenate(
        [np.repeat(np.arange(_PERIODS), rng.poisson(20, _PERIODS)), np.repeat(np.arange(_PERIODS), late)]
    )
    strata = (np.arange(len(periods)) >= len(periods) - late.sum()).astype(int)
    share = np.where(strata == 1, 0.12, 0.06) * np.where((periods >= 9) & (periods <= 12), factor, 1.0)
    labels = np.where(rng.random(len(periods)) < share, 0, rng.integers(1, 12, len(periods)))
    exposure = Exposure.of(labels[:, None] == np.arange(12), periods, strata, np.arange(float(_PERIODS)))
    shown = [burst for burst in find_bursts(exposure, seed=repetition) if burst.q <= LEVEL]
    hits = [burst for burst in shown if burst.topic == 0 and abs(burst.first - 9) <= 1 and abs(burst.last - 12) <= 1]
    others = [burst for burst in shown if burst.topic != 0]
    return bool(shown), bool(hits), bool(others)


def _drift(repetition: int) -> float:
    from scipy import sparse

    rng = np.random.default_rng(repetition)
    strata = rng.integers(0, 2, 40)
    time = rng.random(40) * 4 + 3 * strata
    rates = np.stack([rng.gamma(0.3, 1, 300), rng.gamma(0.3, 1, 300)])
    counts = sparse.csr_matrix(rng.poisson(rates[strata]))
    found = vocabulary_drift(counts, time, strata, 199, repetition)
    assert found is not None
    return found.p
