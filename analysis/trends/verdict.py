"""From estimates to verdicts, and verdicts in plain sentences."""

import math
from dataclasses import dataclass
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


def final_verdict(
    first: Verdict, low: float, high: float, robustness: float, required: float, band: float, shape: str = "none"
) -> Verdict:
    """Return `first`, or what is left of a direction that resampled clusterings or a turn do not bear out.

    A direction needs robustness, where it is known, and an interval, clustering uncertainty included, on one side
    of 1. Without them it is steady where that interval lies within the band, else inconclusive.
    A share that turned ("peak" or "trough") has no one direction, and did not hold steady either.
    """
    if shape != "none":
        return "inconclusive"
    if first not in ("rising", "falling"):
        return first
    one_sided = low > 1 if first == "rising" else high < 1
    # without redrawn clusterings labels are taken as certain
    borne_out = math.isnan(robustness) or robustness >= required
    if borne_out and one_sided:
        return first
    return "steady" if 1 / band <= low and high <= band else "inconclusive"


@dataclass(frozen=True)
class Evidence:
    """What a verdict rests on: odds ratio per year with its interval, q, robustness, the smallest detectable ratio, the turn.

    ``before`` and ``after`` are the mean odds ratios per year on either side of a turn.
    """

    odds_ratio: float
    low: float
    high: float
    q: float
    robustness: float
    detectable: float
    shape: str = "none"
    turning_point: str = ""
    before: float = 1.0
    after: float = 1.0


def sentence(verdict: Verdict, first: Verdict, evidence: Evidence) -> str:
    """Return a verdict, and for none its reason, as one plain sentence.

    ``first`` is the verdict before clustering uncertainty: where it was a direction and
    `verdict` is none, the sentence says what took it away.
    """
    low, high = evidence.low, evidence.high
    ratio = f"odds ratio {evidence.odds_ratio:.2f} per year, 95 % interval {low:.2f} to {_bound(high)}, q = {evidence.q:.3f}"
    if evidence.shape != "none":
        words = ("rose until about", "has fallen") if evidence.shape == "peak" else ("fell until about", "has risen")
        legs = f"odds ratio {evidence.before:.2f} per year before, {evidence.after:.2f} after"
        return f"Its share of the papers {words[0]} {evidence.turning_point} and {words[1]} since ({legs}): no one direction."
    if verdict == "rising":
        return f"Its share of the papers rises ({ratio})."
    if verdict == "falling":
        return f"Its share of the papers falls ({ratio})."
    if verdict == "steady":
        return f"Its share of the papers holds steady ({ratio})."
    if first in ("rising", "falling"):
        reasons = []
        if evidence.robustness < 1:
            reasons.append(f"{evidence.robustness:.0%} of the redrawn clusterings agree")
        if low <= 1 <= high:
            reasons.append("the interval reaches past 1")
        return f"No verdict: q alone would call it {first}, but {' and '.join(reasons)} ({ratio})."
    return (
        f"No verdict ({ratio}); only a trend of {evidence.detectable:.2f}-fold odds per year or more, or its inverse, "
        "would have been found with 80 % power."
    )


def _bound(value: float) -> str:
    if math.isinf(value):
        return "∞"
    return f"{value:.2f}" if value < 1000 else "over 1,000"
