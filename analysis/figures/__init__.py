"""Tables in, plotly figures out: each figure is a pure function of tables."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.figures.specs.before_after import before_after as before_after
    from analysis.figures.specs.burst_timeline import burst_timeline as burst_timeline
    from analysis.figures.specs.calibration import calibration as calibration
    from analysis.figures.specs.collaboration import collaboration as collaboration
    from analysis.figures.specs.concept_trends import concept_trends as concept_trends
    from analysis.figures.specs.corpus_flow import corpus_flow as corpus_flow
    from analysis.figures.specs.emergence_plane import emergence_plane as emergence_plane
    from analysis.figures.specs.field_coverage import field_coverage as field_coverage
    from analysis.figures.specs.granularity_curve import granularity_curve as granularity_curve
    from analysis.figures.specs.papers_over_time import papers_over_time as papers_over_time
    from analysis.figures.specs.stability import stability as stability
    from analysis.figures.specs.theme_shares import theme_shares as theme_shares
    from analysis.figures.specs.topic_by_concept import topic_by_concept as topic_by_concept
    from analysis.figures.specs.topic_by_group import topic_by_group as topic_by_group
    from analysis.figures.specs.topic_by_source import topic_by_source as topic_by_source
    from analysis.figures.specs.topic_flows import topic_flows as topic_flows
    from analysis.figures.specs.topic_map import topic_map as topic_map
    from analysis.figures.specs.topic_shares import topic_shares as topic_shares
    from analysis.figures.specs.topic_similarity import topic_similarity as topic_similarity
    from analysis.figures.specs.topic_sizes import topic_sizes as topic_sizes
    from analysis.figures.specs.topic_tree import topic_tree as topic_tree
    from analysis.figures.specs.trend_forest import trend_forest as trend_forest
    from analysis.figures.specs.verdicts_by_choice import verdicts_by_choice as verdicts_by_choice
    from analysis.figures.specs.vocabulary_drift import vocabulary_drift as vocabulary_drift
    from analysis.figures.specs.who_publishes import who_publishes as who_publishes

__all__ = [
    "before_after",
    "burst_timeline",
    "calibration",
    "collaboration",
    "concept_trends",
    "corpus_flow",
    "emergence_plane",
    "field_coverage",
    "granularity_curve",
    "papers_over_time",
    "stability",
    "theme_shares",
    "topic_by_concept",
    "topic_by_group",
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
    "who_publishes",
]


def __getattr__(name: str) -> object:
    if name in __all__:
        return getattr(import_module(f"analysis.figures.specs.{name}"), name)
    raise AttributeError(f"there is no figure {name!r}; there are: {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted(__all__)
