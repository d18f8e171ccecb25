"""New papers in topics that stay: placed, counted, and searched for what the topics do not know."""

from collections.abc import Hashable

import numpy as np
import pandas as pd
from scipy import stats

from analysis.corpus.paper import Corpus
from analysis.errors import TopicsError
from analysis.io.runner import Run
from analysis.io.threads import one_thread
from analysis.topics.fitting import in_order
from analysis.topics.grown import grown_topics, placed_before
from analysis.topics.novelty import candidate_table, no_candidates, with_names
from analysis.topics.options import FitOptions
from analysis.topics.partition_work import Placed, PlacementJob, place_partition
from analysis.topics.place import landmark_topics, placed_rows, placer_among, topic_draws
from analysis.topics.tables import TopicTables
from analysis.topics.texts import Facts, Texts, landmark_views, origin_of

# of the papers that came since the topics were found, the latest are searched for new topics
_MOST_SEARCHED = 6_000
_LAST_PAPERS = 3
_CHANCE = 0.05


def update_topics(corpus: Corpus, previous: TopicTables, options: FitOptions, run: Run) -> TopicTables:
    """Place papers that are new in the topics of before; ids, labels, themes and edits stay.

    Parameters
    ----------
    corpus : Corpus
        All papers, old and new.
    previous : Topics
    options : FitOptions
        Of the fit.
    run : callable
        Does a piece of work on every partition; see `analysis.io.runner.in_turn`.

    Returns
    -------
    TopicTables
        The same topics, with the new papers and without those that are gone.

    Raises
    ------
    TopicsError
        None of the papers that the topics were found in is in the corpus any more.
    """
    facts = Facts.of(corpus)
    old = facts.ids.intersection(placed_before(previous))
    new = facts.ids.difference(old)
    # a landmark that was gone, and is back, is a new paper
    landmarks = old.intersection(pd.Index(previous.landmarks["paper_id"]))
    if landmarks.empty:
        raise TopicsError(
            "no paper that the topics were found in is in the corpus any more; `topictrends topics` finds new ones"
        )
    with one_thread():
        texts = Texts.at(corpus.texts, landmarks)
        seen = landmark_views(corpus, texts, facts, options, run)
        views, encoder = seen.seen, seen.encoder
        placer = placer_among(previous, landmarks, views, options)
        placing = PlacementJob(corpus.texts, old, encoder, placer, np.zeros((1, 1), dtype=np.float32), -2.0)
        placed = Placed.of(run("place", place_partition, placing, len(corpus.texts)))
        rows = placed_rows(previous, placed, new, options)
        candidates, pool = no_candidates(), _pool(previous, facts, new)
        if len(pool):
            shown = Texts.at(corpus.texts, pool)
            embeddings, landmark_embeddings = (encoder.encode(item).whole for item in (shown, texts))
            names = previous.table.loc[previous.table.index >= 0, "label"].tolist()
            found = candidate_table(shown, embeddings, texts, landmark_embeddings, landmark_topics(previous, landmarks))
            candidates = with_names(found, names)
    draws = topic_draws(previous, placed)
    grown = grown_topics(previous, facts.ids, rows, draws, placed.points, candidates, len(corpus))
    grown = grown.with_tables(title_only=grown.title_only[grown.title_only.index.isin(corpus.ids)])
    return in_order(grown.with_tables(texts=corpus.texts, origin=origin_of(views, encoder, options)), corpus.ids)


def _pool(previous: TopicTables, facts: Facts, new: pd.Index) -> pd.Index:
    """Return the papers among which new topics are sought, at most 6,000, the latest.

    They are all that are no landmarks, or where those are more, the new ones and the papers of earlier candidates.
    """
    since = facts.ids.difference(pd.Index(previous.landmarks["paper_id"]))
    if len(since) > _MOST_SEARCHED:
        known = {paper for papers in previous.candidates["papers"] for paper in papers}
        since = new.union(facts.ids[facts.ids.isin(known)])
    order = facts.dates.loc[since].sort_values(kind="stable", na_position="first").index
    return order[-_MOST_SEARCHED:].sort_values()


def stale_topics(topics: TopicTables, new: pd.Index, dates: pd.Series) -> pd.DataFrame:
    """Return the topics that new papers pass by: fewer came than their share before predicts, at a false discovery rate of 5%.

    Parameters
    ----------
    topics : Topics
        With the new papers in them.
    new : Index of paper_id
        The papers that came.
    dates : Series of datetime64, index paper_id

    Returns
    -------
    DataFrame, index topic
        label, size, new (papers that came), expected (by the topic's share before), p, q (at most 0.05; Benjamini and
        Hochberg 1995), last_papers.
    """
    table, labels = topics.table[topics.table.index >= 0], topics.assignments["topic"]
    came = labels.index.isin(new)
    before, arrived = (labels[rows].value_counts().reindex(table.index, fill_value=0) for rows in (~came, came))
    share = before / max(int((~came).sum()), 1)
    p_values = stats.binom.cdf(arrived, came.sum(), share) if came.any() else np.ones(len(table))
    frame = pd.DataFrame(
        {
            "label": table["label"],
            "size": table["size"],
            "new": arrived,
            "expected": share * came.sum(),
            "p": p_values,
            "q": stats.false_discovery_control(np.asarray(p_values, dtype=float)),
        }
    )
    stale = frame[frame["q"] <= _CHANCE]
    last = [_last_papers(topics, topic, dates) for topic in stale.index]
    return stale.assign(last_papers=pd.Series(last, index=stale.index, dtype=object))


def _last_papers(topics: TopicTables, topic: int, dates: pd.Series) -> list[Hashable]:
    members = topics.assignments.index[topics.assignments["topic"] == topic]
    return list(dates.loc[members].dropna().sort_values(kind="stable").index[::-1][:_LAST_PAPERS].tolist())
