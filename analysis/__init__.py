"""topictrends: from a folder of paper exports to a survey's evidence.

The public names are imported on first use, so that ``import analysis`` stays light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis import figures as figures
    from analysis import survey as survey
    from analysis.concepts.mentions import find_concepts as find_concepts
    from analysis.corpus.load import load_corpus as load_corpus
    from analysis.corpus.paper import Corpus as Corpus
    from analysis.figures.notebook_figure import show as show
    from analysis.study.face import Study as Study
    from analysis.topics.compare import compare_topics as compare_topics
    from analysis.topics.fit import fit_topics as fit_topics
    from analysis.topics.result import Topics as Topics
    from analysis.trends.fit import fit_trends as fit_trends
    from analysis.trends.result import Trends as Trends
    from analysis.trends.tests import trend_tests as trend_tests

__version__ = "0.8.0"

_HOMES = {
    "load_corpus": "analysis.corpus.load",
    "Corpus": "analysis.corpus.paper",
    "fit_topics": "analysis.topics.fit",
    "Topics": "analysis.topics.result",
    "compare_topics": "analysis.topics.compare",
    "find_concepts": "analysis.concepts.mentions",
    "fit_trends": "analysis.trends.fit",
    "trend_tests": "analysis.trends.tests",
    "Trends": "analysis.trends.result",
    "Study": "analysis.study.face",
    "show": "analysis.figures.notebook_figure",
}
_ROOMS = ("corpus", "embedding", "topics", "concepts", "trends", "figures", "survey", "errors")

__all__ = [
    "Corpus",
    "Study",
    "Topics",
    "Trends",
    "compare_topics",
    "figures",
    "find_concepts",
    "fit_topics",
    "fit_trends",
    "load_corpus",
    "show",
    "survey",
    "trend_tests",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in _ROOMS:
        return import_module(f"analysis.{name}")
    raise AttributeError(f"module 'analysis' has no attribute {name!r}; public names: {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
