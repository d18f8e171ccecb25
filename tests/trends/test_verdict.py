"""Rules for verdicts, and the sentences that tell them."""

import itertools

import pytest

from analysis.trends.sentences import Story, sentence, told_power
from analysis.trends.verdict import VERDICTS, Evidence, Rules, judge

RULES = Rules(alpha=0.1, band=4 / 3, robustness=0.8)
NAN = float("nan")


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        (Evidence(0.01, 3.0, 1.5, 6.0, 0.9), "rising"),
        (Evidence(0.01, 0.3, 0.1, 0.7, NAN), "falling"),
        (Evidence(0.01, 1.2, 1.1, 1.3, 0.9), "small rise"),
        (Evidence(0.01, 0.9, 0.85, 0.95, 0.9), "small fall"),
        (Evidence(0.5, 1.1, 0.9, 1.3, 0.9), "steady"),
        (Evidence(0.5, 1.1, 0.9, 1.4, 0.9), "inconclusive"),
        (Evidence(0.01, 3.0, 1.5, 6.0, 0.5), "inconclusive"),
        (Evidence(0.01, 3.0, 0.9, 6.0, 1.0), "inconclusive"),
        (Evidence(0.01, 1.2, 0.99, 1.3, 0.5), "steady"),
        (Evidence(0.01, 3.0, 1.5, 6.0, 0.9, carried="its paper of 2016 alone carries it"), "inconclusive"),
        (Evidence(0.01, 3.0, 1.5, 6.0, 0.9, shape="peak"), "peak"),
        (Evidence(0.01, 3.0, 1.5, 6.0, 0.5, shape="trough"), "inconclusive"),
        (Evidence(0.5, 3.0, 1.5, 6.0, 0.9, onset="new", shape="peak"), "new"),
        (Evidence(0.5, 0.3, 0.1, 0.6, NAN, onset="ended"), "ended"),
    ],
)  # fmt: skip
def test_verdicts_follow_their_precedence(evidence: Evidence, verdict: str) -> None:
    assert judge(RULES, evidence)[0] == verdict


def test_what_takes_a_direction_away_is_named_and_nothing_else() -> None:
    assert judge(RULES, Evidence(0.01, 3.0, 1.5, 6.0, 0.5))[1] == ("only 50 % of the redrawn clusterings agree",)
    assert judge(RULES, Evidence(0.01, 3.0, 0.9, 6.0, 0.9))[1] == ("the interval reaches past no change",)
    both = judge(RULES, Evidence(0.01, 0.3, 0.1, 1.2, 0.7, carried="the few papers of 2016 alone carry it"))[1]
    assert both == (
        "only 70 % of the redrawn clusterings agree",
        "the interval reaches past no change",
        "the few papers of 2016 alone carry it",
    )
    assert judge(RULES, Evidence(0.01, 3.0, 1.5, 6.0, 0.8))[1] == ()


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_is_a_sentence(verdict: str) -> None:
    courses = ("rising", "falling", "level", "unclear", "")
    empties = (("none", ""), ("new", "2021-04"), ("ended", "2021-04"))
    for course, empty, shape, reasons in itertools.product(courses, empties, ("none", "peak"), ((), ("it is so",))):
        evidence = Evidence(0.0001, 3.0, 1.5, float("inf"), 0.9, shape=shape)
        story = Story(
            ("2016", "2025"), (0.04, 0.02, 0.07), (0.161, 0.12, 0.21), (1.2, 0.8), "2021-04", course, (1.5, 0.6), empty
        )
        text = sentence(verdict, reasons, "rising", evidence, story)  # type: ignore[arg-type]
        assert text.endswith(".")
        assert "nan" not in text
        assert ".." not in text
        assert "q = 0.000" not in text


def test_a_rise_is_told_as_shares_at_both_ends() -> None:
    story = Story(("2020", "2025"), (0.04, 0.02, 0.07), (0.161, 0.12, 0.21), (1.2, 0.8))
    text = sentence("rising", (), "rising", Evidence(0.012, 3.0, 1.5, 6.0, 0.9), story)
    assert (
        text
        == "Its share of the papers rises within this window, from 4.0 % (2.0-7.0) in 2020 to 16 % (12-21) in 2025, q = 0.012."
    )


@pytest.mark.parametrize(
    ("rise", "fall", "words"),
    [
        (1.5, 0.7, "a rise of 1.50-fold odds per year or more; a fall to 0.70-fold odds per year or less"),
        (float("inf"), 0.7, "no rise, however steep; a fall to 0.70"),
        (1.5, 0.0, "a rise of 1.50-fold odds per year or more; no fall, however steep"),
        (float("inf"), 0.0, "none that this corpus could show"),
    ],
)  # fmt: skip
def test_power_is_told_for_rises_and_falls_apart(rise: float, fall: float, words: str) -> None:
    assert words in told_power(rise, fall)
