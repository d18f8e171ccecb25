"""Verdicts in plain sentences."""

import math
from dataclasses import dataclass

from analysis.trends.verdict import DOWN, UP, Evidence, Verdict

_MOVES = {"rising": "rises", "falling": "falls", "small rise": "rises a little", "small fall": "falls a little"}
_COURSES = {
    "rising": "has risen since",
    "falling": "has fallen since",
    "level": "has stayed level since",
    "unclear": "its course since is unclear",
}
_ENDED_COURSES = {
    "rising": "rose until then",
    "falling": "fell until then",
    "level": "was level until then",
    "unclear": "its course until then is unclear",
}


@dataclass(frozen=True)
class Story:
    """What a sentence tells beside the verdict's evidence.

    Attributes
    ----------
    ends : tuple of str
        Names of both ends of the window.
    first, last : tuple of float
        Fitted share at each end with its 95 % interval.
    detectable : tuple of float
        Smallest rise and smallest fall that would have been found, odds ratios per year.
    since : str
        Month in which the topic appeared, ended or turned.
    course : str
    legs : tuple of float
        Odds ratios per year before and after a turn.
    empty : tuple of str
        "new" or "ended" and the month, where one side of the window is all but empty of the topic; else "none".
    q_series : float, optional
        By author group, where that takes the trend for chance.
    """

    ends: tuple[str, str]
    first: tuple[float, float, float]
    last: tuple[float, float, float]
    detectable: tuple[float, float]
    since: str = ""
    course: str = ""
    legs: tuple[float, float] = (1.0, 1.0)
    empty: tuple[str, str] = ("none", "")
    q_series: float | None = None


def sentence(
    verdict: Verdict, reasons: tuple[str, ...], direction: str | None, evidence: Evidence, story: Story
) -> str:
    """Return a verdict, and for none its reason, as one or two plain sentences.

    ``direction`` is what q alone would call it; ``reasons`` say what took that away.
    """
    moved = f"{told_share(story.first)} in {story.ends[0]} to {told_share(story.last)} in {story.ends[1]}"
    told = f"from {moved}, {told_q(evidence.q)}"
    if verdict == "new":
        return f"It appears in {story.since}; {_own_course(_COURSES, story.course)}."
    if verdict == "ended":
        return f"It ends: it has had all but no paper after {story.since}; {_own_course(_ENDED_COURSES, story.course)}."
    if verdict == "peak" or verdict == "trough":
        words = ("rose until about", "has fallen") if verdict == "peak" else ("fell until about", "has risen")
        legs = f"odds ratio {story.legs[0]:.2f} per year before, {story.legs[1]:.2f} after"
        return f"Its share of the papers {words[0]} {story.since} and {words[1]} since ({legs}): no one direction."
    if verdict in UP or verdict in DOWN:
        return f"Its share of the papers {_MOVES[verdict]} within this window, {told}.{_told_empty(story)}{_told_series(story)}"
    if verdict == "steady":
        return f"Its share of the papers holds steady, {told}."
    if reasons and evidence.shape != "none":
        return f"No verdict: the fitted course turns about {story.since} (a {evidence.shape}), but {told_reasons(reasons)}."
    if reasons:
        return f"No verdict: q alone would call it {direction}, but {told_reasons(reasons)} ({told})."
    return f"No verdict ({told}). {told_power(*story.detectable)}"


def _told_empty(story: Story) -> str:
    kind, month = story.empty
    if kind == "none":
        return ""
    if kind == "new":
        return f" It had all but no paper before {month}; {_own_course(_COURSES, story.course)}."
    return f" It has had all but no paper after {month}; {_own_course(_ENDED_COURSES, story.course)}."


def _told_series(story: Story) -> str:
    if story.q_series is None:
        return ""
    return f" Counted by author group instead of by paper, it is not beyond chance ({told_q(story.q_series)})."


def _own_course(told: dict[str, str], course: str) -> str:
    return told["unclear"] if course in ("", "unclear") else f"its share of the papers {told[course]}"


def told_share(share: tuple[float, float, float]) -> str:
    """Return a share with its interval, such as "4 % (2-7)"."""
    middle, low, high = (100 * value for value in share)
    digits = 0 if middle >= 9.95 else 1
    return f"{middle:.{digits}f} % ({low:.{digits}f}-{high:.{digits}f})"


def told_power(rise: float, fall: float) -> str:
    """Say which trends would have been found."""
    if math.isnan(rise):
        return "Power was not asked for."
    if math.isinf(rise) and fall == 0:
        return "No trend, however steep, would have been found with 80 % power: none that this corpus could show."
    up = "no rise, however steep" if math.isinf(rise) else f"a rise of {rise:.2f}-fold odds per year or more"
    down = "no fall, however steep" if fall == 0 else f"a fall to {fall:.2f}-fold odds per year or less"
    return f"Found with 80 % power: {up}; {down}."


def told_reasons(reasons: tuple[str, ...]) -> str:
    """Return reasons as one list in words.

    Examples
    --------
    >>> told_reasons(("it is so", "it was so", "it will be so"))
    'it is so, it was so and it will be so'
    """
    return " and ".join([", ".join(reasons[:-1]), reasons[-1]]) if len(reasons) > 1 else "".join(reasons)


def told_q(q: float) -> str:
    """Return a q value, such as "q = 0.012"."""
    return "q < 0.001" if q < 0.0005 else f"q = {q:.3f}"
