"""What a public figure may be given: results of the right type, that speak of the same papers."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numpy as np
import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.errors import InputError
from analysis.listings.result import Bibliometrics
from analysis.topics.compare import TopicComparison
from analysis.topics.tables import TopicTables
from analysis.trends.result import Trends
from analysis.validation import expect

P = ParamSpec("P")
R = TypeVar("R")

_KINDS: dict[str, tuple[type, str]] = {
    "corpus": (Corpus, "at.load_corpus or at.Corpus.from_frame makes one"),
    "topics": (TopicTables, "at.fit_topics or at.Topics.from_labels makes them"),
    "trends": (Trends, "at.fit_trends makes them"),
    "listed": (Bibliometrics, "at.bibliometrics makes them"),
    "comparison": (TopicComparison, "at.compare_topics makes one"),
}


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """Let a function refuse results of another type, and results that were made from other papers or topics.

    Its parameters are known by their names: corpus, topics, trends, comparison, listed. Results may be given by keyword
    also where they are positional, so that ``topics=[...]`` of a figure is a choice and ``topics=topics`` is not.

    Raises
    ------
    InputError
        By the function that is returned.
    """
    signature = inspect.signature(function)
    first = [name for name, one in signature.parameters.items() if one.kind is one.POSITIONAL_ONLY]

    @functools.wraps(function)
    def wrapped(*args: Any, **named: Any) -> R:
        results = list(args)
        for name in first[len(args) :]:
            if name not in named or (name == "topics" and _is_choice(named[name])):
                break
            results.append(named.pop(name))
        given = signature.bind(*results, **named).arguments
        for name, (kind, how) in _KINDS.items():
            if name in given:
                expect(given[name], kind, name, how, InputError)
        _check_match(given.get("corpus"), given.get("topics"), given.get("trends"))
        return function(*results, **named)

    return cast(Callable[P, R], wrapped)


def _is_choice(value: object) -> bool:
    """Return whether `value` lists topics rather than being the topics of a fit."""
    return isinstance(value, list | tuple | set | range | np.ndarray | pd.Series | pd.Index)


def _check_match(corpus: Corpus | None, topics: TopicTables | None, trends: Trends | None) -> None:
    if corpus is not None and topics is not None:
        topics.check_papers(corpus, InputError)
    if topics is not None and trends is not None:
        numbers = topics.table.index[topics.table.index >= 0]
        sizes = topics.assignments["topic"].value_counts()
        known = trends.tests.index.isin(numbers).all() and len(trends.themes) == len(topics.themes)
        if not known or (trends.tests["n"] > sizes.reindex(trends.tests.index, fill_value=0)).any():
            raise InputError("the trends are those of other topics; give the topics that at.fit_trends was given")
