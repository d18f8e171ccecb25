"""The groupings that a trend analysis compares beside its tests."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.topics.tables import TopicTables
from analysis.trends.family import TestSettings
from analysis.trends.groups.compare import compare, no_groups
from analysis.trends.groups.frame import frame_of
from analysis.trends.groups.reading import read_groups

# a grouping is compared where it is known of so large a share of the papers
_LEAST_KNOWN = 1 / 3


def group_table(corpus: Corpus, topics: TopicTables, names: Sequence[str], settings: TestSettings) -> pd.DataFrame:
    """Return the comparisons of all groupings that tell groups apart, one below the other, each a family of its own.

    Parameters
    ----------
    corpus : Corpus
    topics : TopicTables
    names : sequence of str
        What papers are grouped by.
    settings : TestSettings
    """
    # in the order of ids: what chance decides does not hang on the order of the papers
    topics = replace(topics, assignments=topics.assignments.sort_index(), draws=topics.draws.sort_index())
    tables = []
    for name in dict.fromkeys(names):
        groups = read_groups(corpus, topics.assignments.index, name)
        if len(groups.names) > 1 and groups.known.mean() >= _LEAST_KNOWN:
            tables.append(compare(name, groups, frame_of(corpus, topics, name), settings))
    return pd.concat(tables, ignore_index=True) if tables else no_groups()
