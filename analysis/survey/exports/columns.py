"""What topics say of each paper, as columns beside its own."""

import pandas as pd

from analysis.errors import InputError
from analysis.topics.result import Topics
from analysis.trends.result import Trends

COLUMNS = ["topic", "topic_label", "theme", "membership", "verdict"]


def topic_columns(topics: Topics, trends: Trends) -> pd.DataFrame:
    """Return topic (Int64), topic_label, theme, membership (0-1) and the topic's verdict, index paper_id; NA without a topic."""
    assigned = topics.assignments[["topic", "membership"]]
    inside = assigned["topic"] >= 0
    numbers = assigned["topic"].where(inside).astype("Int64")
    themes = numbers.map(topics.theme_of_topic, na_action="ignore").map(topics.themes["label"], na_action="ignore")
    return pd.DataFrame(
        {
            "topic": numbers,
            "topic_label": numbers.map(topics.table["label"], na_action="ignore"),
            "theme": themes,
            "membership": assigned["membership"].where(inside),
            "verdict": numbers.map(trends.tests["verdict"], na_action="ignore"),
        }
    )[COLUMNS]


def leading_papers(topics: Topics, most: int) -> pd.Index:
    """Return the papers that stand for each topic: those that represent it, then the surest, at most so many a topic.

    Raises
    ------
    InputError
        `most` is no number from 1 on.
    """
    if isinstance(most, bool) or not isinstance(most, int) or most < 1:
        raise InputError(f"top must be a number from 1 on, not {most!r}")
    assigned = topics.assignments[topics.assignments["topic"] >= 0].sort_values(
        "membership", ascending=False, kind="stable"
    )
    chosen: list[object] = []
    for topic, own in assigned.groupby("topic", sort=True):
        first = topics.table.loc[topic, "representative_papers"]
        chosen += list(dict.fromkeys([*first, *own.index]))[:most]
    wanted = set(chosen)
    return topics.assignments.index[[paper in wanted for paper in topics.assignments.index]]
