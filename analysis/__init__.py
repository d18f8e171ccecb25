"""topictrends: from a folder of paper exports to a survey's evidence.

The public names are imported on first use, so that ``import analysis`` stays light.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis import concepts as concepts
    from analysis import corpus as corpus
    from analysis import embedding as embedding
    from analysis import errors as errors
    from analysis import figures as figures
    from analysis import survey as survey
    from analysis import topics as topics
    from analysis import trends as trends
    from analysis.concepts.mentions import Concepts as Concepts
    from analysis.concepts.mentions import find_concepts as find_concepts
    from analysis.concepts.vocabulary import Vocabulary as Vocabulary
    from analysis.concepts.vocabulary import read_vocabulary as read_vocabulary
    from analysis.corpus.load import load_corpus as load_corpus
    from analysis.corpus.paper import Corpus as Corpus
    from analysis.embedding.views import View as View
    from analysis.figures.drawing.style import Style as Style
    from analysis.figures.notebook import show as show
    from analysis.listings.result import Bibliometrics as Bibliometrics
    from analysis.listings.result import bibliometrics as bibliometrics
    from analysis.listings.result import load_bibliometrics as load_bibliometrics
    from analysis.study.exploring import explore as explore
    from analysis.study.face import Study as Study
    from analysis.topics.compare import TopicComparison as TopicComparison
    from analysis.topics.compare import compare_topics as compare_topics
    from analysis.topics.describe.labeller import ChatLabeller as ChatLabeller
    from analysis.topics.edits import Exclude as Exclude
    from analysis.topics.edits import Merge as Merge
    from analysis.topics.edits import Move as Move
    from analysis.topics.edits import Note as Note
    from analysis.topics.edits import Rename as Rename
    from analysis.topics.edits import SetAside as SetAside
    from analysis.topics.edits import Split as Split
    from analysis.topics.edits import Star as Star
    from analysis.topics.edits import read_edits as read_edits
    from analysis.topics.fit import fit_topics as fit_topics
    from analysis.topics.outline.reading import Outline as Outline
    from analysis.topics.outline.reading import read_outline as read_outline
    from analysis.topics.reader_sample import ReaderCheck as ReaderCheck
    from analysis.topics.reader_sample import check_sample as check_sample
    from analysis.topics.reader_sample import draw_sample as draw_sample
    from analysis.topics.result import Topics as Topics
    from analysis.topics.result import load_topics as load_topics
    from analysis.trends.family import TestSettings as TestSettings
    from analysis.trends.fit import fit_trends as fit_trends
    from analysis.trends.groups.result import GroupComparison as GroupComparison
    from analysis.trends.groups.result import compare_groups as compare_groups
    from analysis.trends.groups.result import load_groups as load_groups
    from analysis.trends.result import Trends as Trends
    from analysis.trends.result import load_trends as load_trends
    from analysis.trends.tests import trend_tests as trend_tests

__version__ = "0.20.0"

_HOMES = {
    "Bibliometrics": "analysis.listings.result",
    "ChatLabeller": "analysis.topics.describe.labeller",
    "Concepts": "analysis.concepts.mentions",
    "Corpus": "analysis.corpus.paper",
    "Exclude": "analysis.topics.edits",
    "GroupComparison": "analysis.trends.groups.result",
    "Merge": "analysis.topics.edits",
    "Move": "analysis.topics.edits",
    "Note": "analysis.topics.edits",
    "Outline": "analysis.topics.outline.reading",
    "ReaderCheck": "analysis.topics.reader_sample",
    "Rename": "analysis.topics.edits",
    "SetAside": "analysis.topics.edits",
    "Split": "analysis.topics.edits",
    "Star": "analysis.topics.edits",
    "Study": "analysis.study.face",
    "Style": "analysis.figures.drawing.style",
    "TestSettings": "analysis.trends.family",
    "TopicComparison": "analysis.topics.compare",
    "Topics": "analysis.topics.result",
    "Trends": "analysis.trends.result",
    "View": "analysis.embedding.views",
    "Vocabulary": "analysis.concepts.vocabulary",
    "bibliometrics": "analysis.listings.result",
    "check_sample": "analysis.topics.reader_sample",
    "compare_groups": "analysis.trends.groups.result",
    "compare_topics": "analysis.topics.compare",
    "draw_sample": "analysis.topics.reader_sample",
    "explore": "analysis.study.exploring",
    "find_concepts": "analysis.concepts.mentions",
    "fit_topics": "analysis.topics.fit",
    "fit_trends": "analysis.trends.fit",
    "load_bibliometrics": "analysis.listings.result",
    "load_corpus": "analysis.corpus.load",
    "load_groups": "analysis.trends.groups.result",
    "load_topics": "analysis.topics.result",
    "load_trends": "analysis.trends.result",
    "read_edits": "analysis.topics.edits",
    "read_outline": "analysis.topics.outline.reading",
    "read_vocabulary": "analysis.concepts.vocabulary",
    "show": "analysis.figures.notebook",
    "trend_tests": "analysis.trends.tests",
}
_PUBLIC_ROOMS = ("errors", "figures", "survey")
_ROOMS = (*_PUBLIC_ROOMS, "concepts", "corpus", "embedding", "topics", "trends")

__all__ = [
    "Bibliometrics",
    "ChatLabeller",
    "Concepts",
    "Corpus",
    "Exclude",
    "GroupComparison",
    "Merge",
    "Move",
    "Note",
    "Outline",
    "ReaderCheck",
    "Rename",
    "SetAside",
    "Split",
    "Star",
    "Study",
    "Style",
    "TestSettings",
    "TopicComparison",
    "Topics",
    "Trends",
    "View",
    "Vocabulary",
    "bibliometrics",
    "check_sample",
    "compare_groups",
    "compare_topics",
    "draw_sample",
    "errors",
    "explore",
    "figures",
    "find_concepts",
    "fit_topics",
    "fit_trends",
    "load_bibliometrics",
    "load_corpus",
    "load_groups",
    "load_topics",
    "load_trends",
    "read_edits",
    "read_outline",
    "read_vocabulary",
    "show",
    "survey",
    "trend_tests",
]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in _ROOMS:
        return import_module(f"analysis.{name}")
    raise AttributeError(f"module 'analysis' has no attribute {name!r}; public names: {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
