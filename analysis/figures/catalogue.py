"""The set of figures that a run writes, in their order."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import pandas as pd
import plotly.graph_objects as go

from analysis.corpus.paper import Corpus
from analysis.figures import by_source, certainty, curve, forest, maps, shares, sizes, sources, tree
from analysis.topics.result import Topics
from analysis.trends.periods import Granularity
from analysis.trends.result import Trends


@dataclass(frozen=True)
class Entry:
    """A figure by name: what it is drawn from, how, and the words that go with it."""

    name: str
    title: str
    data: Callable[[Corpus, Topics, Trends], pd.DataFrame]
    draw: Callable[[pd.DataFrame], go.Figure]
    caption: Callable[[pd.DataFrame], str]
    alt: Callable[[pd.DataFrame], str]


def _granularity(trends: Trends) -> Granularity:
    return cast(Granularity, trends.note["granularity"])


CATALOGUE: tuple[Entry, ...] = (
    Entry(
        "papers_over_time", "Papers over time by source", lambda c, t, r: sources.data(c, _granularity(r)),
        sources.draw, sources.caption, sources.alt,
    ),
    Entry("topic_map", "Topic map", lambda c, t, r: maps.data(c, t), maps.draw, maps.caption, maps.alt),
    Entry(
        "topic_sizes", "Topic sizes and keywords", lambda c, t, r: sizes.data(t),
        sizes.draw, sizes.caption, sizes.alt,
    ),
    Entry(
        "topic_tree", "Hierarchy of themes and topics", lambda c, t, r: tree.data(t),
        tree.draw, tree.caption, tree.alt,
    ),
    Entry(
        "theme_shares", "Themes: shares over time", lambda c, t, r: shares.data(t, r, "themes"),
        shares.draw, shares.caption, shares.alt,
    ),
    Entry(
        "topic_shares", "Topics: shares over time", lambda c, t, r: shares.data(t, r, "topics"),
        shares.draw, shares.caption, shares.alt,
    ),
    Entry(
        "trend_forest", "Trends of themes and topics", lambda c, t, r: forest.data(t, r),
        forest.draw, forest.caption, forest.alt,
    ),
    Entry(
        "topic_by_source", "Topics by source", lambda c, t, r: by_source.data(c, t),
        by_source.draw, by_source.caption, by_source.alt,
    ),
    Entry(
        "stability", "Membership and stability", lambda c, t, r: certainty.data(t),
        certainty.draw, certainty.caption, certainty.alt,
    ),
    Entry(
        "granularity_curve", "How many topics", lambda c, t, r: curve.data(t),
        curve.draw, curve.caption, curve.alt,
    ),
)  # fmt: skip
