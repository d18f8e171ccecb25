"""From estimates to verdicts, and verdicts in plain sentences."""

import math
from typing import Literal

Verdict = Literal["rising", "falling", "steady", "inconclusive"]
VERDICTS: tuple[Verdict, ...] = ("rising", "falling", "steady", "inconclusive")


def first_verdict(odds_ratio: float, low: float, high: float, q: float, alpha: float, band: float) -> Verdict:
    """Return the verdict of one clustering, before robustness is asked.

    Rising or falling where q is below alpha; steady where the whole interval lies within
    [1 / band, band]; else inconclusive.
    """
    if q < alpha and odds_ratio > 1:
        return "rising"
    if q < alpha and odds_ratio < 1:
        return "falling"
    if 1 / band <= low and high <= band:
        return "steady"
    return "inconclusive"


def final_verdict(first: Verdict, low: float, high: float, robustness: float, required: float, band: float) -> Verdict:
    """Return `first`, or what is left of a direction that redrawn clusterings do not bear out.

    A direction needs robustness and an interval, clustering uncertainty included, on one side
    of 1. Without them it is steady where that interval lies within the band, else inconclusive.
    """
    if first not in ("rising", "falling"):
        return first
    one_sided = low > 1 if first == "rising" else high < 1
    if robustness >= required and one_sided:
        return first
    return "steady" if 1 / band <= low and high <= band else "inconclusive"


def sentence(
    verdict: Verdict,
    first: Verdict,
    odds_ratio: float,
    low: float,
    high: float,
    q: float,
    robustness: float,
    detectable: float,
) -> str:
    """Return a verdict, and for none its reason, as one plain sentence.

    ``first`` is the verdict before clustering uncertainty: where it was a direction and
    `verdict` is none, the sentence says what took it away.
    """
    ratio = f"odds ratio {odds_ratio:.2f} per year, 95 % interval {low:.2f} to {_bound(high)}, q = {q:.3f}"
    if verdict == "rising":
        return f"Its share of the papers rises ({ratio})."
    if verdict == "falling":
        return f"Its share of the papers falls ({ratio})."
    if verdict == "steady":
        return f"Its share of the papers holds steady ({ratio})."
    if first in ("rising", "falling"):
        crossed = " and the interval reaches past 1" if low <= 1 <= high else ""
        agreeing = f"{robustness:.0%} of the redrawn clusterings agree{crossed}"
        return f"No verdict: q alone would call it {first}, but {agreeing} ({ratio})."
    return (
        f"No verdict ({ratio}); only a trend of {detectable:.2f}-fold odds per year or more, or its inverse, "
        "would have been found with 80 % power."
    )


def _bound(value: float) -> str:
    return "∞" if math.isinf(value) else f"{value:.2f}"
