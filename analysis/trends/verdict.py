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


def final_verdict(first: Verdict, low: float, high: float, robustness: float, required: float) -> Verdict:
    """Return `first`, or inconclusive for a direction that too few redrawn clusterings share.

    A direction also needs an interval, clustering uncertainty included, on one side of 1.
    """
    if first in ("rising", "falling"):
        one_sided = low > 1 if first == "rising" else high < 1
        return first if robustness >= required and one_sided else "inconclusive"
    return first


def sentence(verdict: Verdict, odds_ratio: float, low: float, high: float, q: float, detectable: float) -> str:
    """Return a verdict as one plain sentence."""
    ratio = f"odds ratio {odds_ratio:.2f} per year, 95 % interval {low:.2f} to {_bound(high)}, q = {q:.3f}"
    if verdict == "rising":
        return f"Its share of the papers rises ({ratio})."
    if verdict == "falling":
        return f"Its share of the papers falls ({ratio})."
    if verdict == "steady":
        return f"Its share of the papers holds steady ({ratio})."
    if math.isinf(detectable):
        return f"Nothing can be said of its trend: dates or memberships do not vary ({ratio})."
    return (
        f"No verdict ({ratio}); only a trend of {detectable:.2f}-fold odds per year or more, or its inverse, "
        "would have been found with 80 % power."
    )


def _bound(value: float) -> str:
    return "∞" if math.isinf(value) else f"{value:.2f}"
