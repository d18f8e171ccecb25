"""Tables in, plotly figures out: each figure is a pure function of tables."""

from importlib import import_module
from typing import Any

__all__ = [
    "burst_timeline",
    "calibration",
    "concept_trends",
    "corpus_flow",
    "emergence_plane",
    "field_coverage",
    "granularity_curve",
    "papers_over_time",
    "stability",
    "theme_shares",
    "topic_by_concept",
    "topic_by_source",
    "topic_flows",
    "topic_map",
    "topic_shares",
    "topic_similarity",
    "topic_sizes",
    "topic_tree",
    "trend_forest",
    "verdicts_by_choice",
    "vocabulary_drift",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module(f"analysis.figures.specs.{name}"), name)
    raise AttributeError(f"there is no figure {name!r}; there are: {', '.join(__all__)}")
