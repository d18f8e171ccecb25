"""The set of figures that a run writes, in their order."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import pandas as pd
import plotly.graph_objects as go

from analysis.corpus.paper import Corpus
from analysis.figures import (
    bursts,
    by_source,
    certainty,
    choices,
    concepts,
    coverage,
    curve,
    drift,
    emergence,
    forest,
    maps,
    nulls,
    prisma,
    shares,
    similarity,
    sizes,
    sources,
    tree,
)
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
        "corpus_flow", "From records to papers", lambda c, t, r: prisma.data(c, t),
        prisma.draw, prisma.caption, prisma.alt,
    ),
    Entry(
        "field_coverage", "What each source tells", lambda c, t, r: coverage.data(c),
        coverage.draw, coverage.caption, coverage.alt,
    ),
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
        "topic_similarity", "Topic similarity", lambda c, t, r: similarity.data(t),
        similarity.draw, similarity.caption, similarity.alt,
    ),
    Entry(
        "stability", "Membership and stability", lambda c, t, r: certainty.data(t),
        certainty.draw, certainty.caption, certainty.alt,
    ),
    Entry(
        "granularity_curve", "How many topics", lambda c, t, r: curve.data(t),
        curve.draw, curve.caption, curve.alt,
    ),
    Entry(
        "topic_by_source", "Topics by source", lambda c, t, r: by_source.data(c, t),
        by_source.draw, by_source.caption, by_source.alt,
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
        "emergence_plane", "Emergence: share against growth", lambda c, t, r: emergence.data(t, r),
        emergence.draw, emergence.caption, emergence.alt,
    ),
    Entry(
        "burst_timeline", "Bursts and changes of level", lambda c, t, r: bursts.data(t, r),
        bursts.draw, bursts.caption, bursts.alt,
    ),
    Entry(
        "vocabulary_drift", "Vocabulary drift", lambda c, t, r: drift.data(t, r),
        drift.draw, drift.caption, drift.alt,
    ),
    Entry(
        "concept_trends", "Trends of concepts", lambda c, t, r: concepts.trend_data(r),
        concepts.trend_draw, concepts.trend_caption, concepts.trend_alt,
    ),
    Entry(
        "topic_by_concept", "Topics by concepts", lambda c, t, r: concepts.cross_data(t, r),
        concepts.cross_draw, concepts.cross_caption, concepts.cross_alt,
    ),
    Entry(
        "verdicts_by_choice", "Verdicts under other choices", lambda c, t, r: choices.data(t, r),
        choices.draw, choices.caption, choices.alt,
    ),
    Entry(
        "calibration", "Calibration on this corpus", lambda c, t, r: nulls.data(r),
        nulls.draw, nulls.caption, nulls.alt,
    ),
)  # fmt: skip
