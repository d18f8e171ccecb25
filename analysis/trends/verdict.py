"""From evidence to verdicts, by rules that every clustering and every choice is judged by alike."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

Verdict = Literal[
    "rising",
    "falling",
    "small rise",
    "small fall",
    "steady",
    "peak",
    "trough",
    "new",
    "ended",
    "inconclusive",
]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
Course = Literal["rising", "level", "falling", "unclear", ""]
UP, DOWN = ("rising", "small rise"), ("falling", "small fall")
# verdicts that say that something moved
MOVED = (*UP, *DOWN, "peak", "trough", "new", "ended")


@dataclass(frozen=True)
class Rules:
    """What verdicts are judged by.

    Attributes
    ----------
    alpha : float
        False-discovery rate.
    band : float
        Above 1: a change of the odds over the window within [1 / this, this] is small.
    robustness : float
        Share of redrawn clusterings that must agree, 0 to 1.
    """

    alpha: float
    band: float
    robustness: float

    def direction(self, q: float, change: float) -> Verdict | None:
        """Return the direction of a change of the odds over the window; None where q does not tell it from chance."""
        if not q < self.alpha or change == 1:
            return None
        if 1 / self.band <= change <= self.band:
            return "small rise" if change > 1 else "small fall"
        return "rising" if change > 1 else "falling"

    def is_steady(self, low: float, high: float) -> bool:
        """Return whether the whole interval of the change over the window is small."""
        return 1 / self.band <= low and high <= self.band

    def borne_out(self, robustness: float) -> bool:
        """Return whether redrawn clusterings bear a verdict out; without them labels are taken as certain."""
        return math.isnan(robustness) or robustness >= self.robustness


@dataclass(frozen=True)
class Evidence:
    """What the verdict of one topic rests on.

    Attributes
    ----------
    q : float
    change, change_low, change_high : float
        Odds at the end of the window over those at its start, with the 95 % interval.
    robustness : float
        Share of redrawn clusterings that agree; NaN without any.
    onset : {"new", "ended", "none"}
    shape : {"peak", "trough", "none"}
    carried : str
        What alone carries the direction, such as "its paper of 2016 alone carries it"; empty where nothing does.
    """

    q: float
    change: float
    change_low: float
    change_high: float
    robustness: float
    onset: str = "none"
    shape: str = "none"
    carried: str = ""


def judge(rules: Rules, evidence: Evidence) -> tuple[Verdict, tuple[str, ...]]:
    """Return the verdict, and what took a direction, a turn or an appearance away where that is why there is none.

    In this precedence: new or ended; peak or trough; rising or falling; small rise or small fall; steady; inconclusive.
    """
    robust = rules.borne_out(evidence.robustness)
    unsure = f"only {100 * evidence.robustness:.0f} % of the redrawn clusterings agree" if not robust else ""
    if evidence.onset != "none":
        return ("new" if evidence.onset == "new" else "ended"), ()
    if evidence.shape != "none":
        # what turned has no one direction, sure or not
        return (("peak" if evidence.shape == "peak" else "trough") if robust else "inconclusive"), (unsure,) * (
            not robust
        )
    direction = rules.direction(evidence.q, evidence.change)
    if direction is not None:
        reasons = [unsure] if unsure else []
        if not (evidence.change_low > 1 if direction in UP else evidence.change_high < 1):
            reasons.append("the interval reaches past no change")
        if evidence.carried:
            reasons.append(evidence.carried)
        if not reasons:
            return direction, ()
        steady = rules.is_steady(evidence.change_low, evidence.change_high)
        return ("steady" if steady else "inconclusive"), tuple(reasons)
    return ("steady" if rules.is_steady(evidence.change_low, evidence.change_high) else "inconclusive"), ()
