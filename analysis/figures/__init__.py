"""Tables in, plotly figures out: each figure is a pure function of tables."""

from importlib import import_module
from typing import Any

_HOMES = {
    "papers_over_time": "sources",
    "topic_map": "maps",
    "topic_sizes": "sizes",
    "topic_tree": "tree",
    "theme_shares": "shares",
    "topic_shares": "shares",
    "trend_forest": "forest",
    "topic_by_source": "by_source",
    "stability": "certainty",
    "granularity_curve": "curve",
    "topic_flows": "flows",
    "corpus_flow": "prisma",
    "field_coverage": "coverage",
    "topic_similarity": "similarity",
    "emergence_plane": "emergence",
    "burst_timeline": "bursts",
    "vocabulary_drift": "drift",
    "concept_trends": "concepts",
    "topic_by_concept": "concepts",
    "verdicts_by_choice": "choices",
    "calibration": "nulls",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"analysis.figures.{_HOMES[name]}"), name)
    raise AttributeError(f"there is no figure {name!r}; there are: {', '.join(__all__)}")
