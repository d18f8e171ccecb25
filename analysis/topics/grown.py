"""Topics that hold other papers than before: sizes and shares count them, words, labels and themes stay."""

import numpy as np
import pandas as pd

from analysis.topics.describe.tables import REPRESENTATIVE_COLUMNS, SURE_MEMBERSHIP, fit_quality, with_sizes
from analysis.topics.tables import TopicTables

# papers that stand for a topic whose representatives are all gone
_STAND_INS = 3
_STANDS_IN = "surest of its papers; those that stood for the topic are gone"


def placed_before(previous: TopicTables) -> pd.Index:
    """Return the papers of which all is known; an update that was killed may have left some tables before others."""
    ids = previous.assignments.index
    return ids.intersection(previous.draws.index).intersection(previous.layout.index)


def grown_topics(
    previous: TopicTables,
    ids: pd.Index,
    rows: pd.DataFrame,
    draws: np.ndarray,
    points: np.ndarray,
    candidates: pd.DataFrame,
    n_corpus: int,
) -> TopicTables:
    """Return topics with new papers; sizes and shares count them, words and labels stay.

    Parameters
    ----------
    previous : TopicTables
    ids : Index of paper_id
        All papers that are to be in them, sorted; of those before, papers that are not among them go.
    rows : DataFrame, index paper_id
        Assignments of the new papers.
    draws : ndarray of int, shape (draws, new)
    points : ndarray of float, shape (new, 2)
    candidates : DataFrame
        For new topics.
    n_corpus : int
        All papers of the corpus, those without an abstract too.
    """
    kept = placed_before(previous).intersection(ids)
    assignments = pd.concat([previous.assignments.loc[kept], rows]).loc[ids]
    columns = previous.draws.columns
    drawn = pd.DataFrame(draws.T.astype(np.int16), index=rows.index, columns=columns)
    placed = pd.DataFrame(points.astype(float), index=rows.index, columns=["x", "y"])
    labels = assignments["topic"]
    representatives = _representatives(previous, assignments)
    named = representatives.groupby("topic")["paper_id"].agg(list)
    shown = [named.get(topic, []) for topic in previous.table.index]
    table = with_sizes(
        previous.table.assign(representative_papers=pd.Series(shown, previous.table.index)), labels.to_numpy()
    )
    theme_of = previous.theme_of_topic
    of_theme = labels.map(theme_of).value_counts().reindex(previous.themes.index, fill_value=0)
    held = assignments["membership"].groupby(labels)
    quality = previous.topic_quality.assign(
        membership=held.mean().reindex(previous.topic_quality.index, fill_value=0.0),
        coverage=held.apply(_sure).reindex(previous.topic_quality.index, fill_value=0.0),
    )
    outline = previous.outline
    return previous.with_tables(
        table=table,
        outline=outline.assign(size=outline["topic"].map(table["size"]).fillna(0).astype("int64")),
        assignments=assignments,
        themes=previous.themes.assign(size=of_theme),
        draws=pd.concat([previous.draws.loc[kept], drawn]).loc[ids],
        layout=pd.concat([previous.layout.loc[kept], placed]).loc[ids],
        topic_quality=quality,
        candidates=candidates,
        representatives=representatives,
        quality=fit_quality(table, labels.to_numpy(), quality, n_corpus),
        title_only=previous.title_only[~previous.title_only.index.isin(ids)],
    )


def _sure(memberships: pd.Series) -> float:
    """Return the share of papers that are sure of their topic; NaN where nothing was redrawn."""
    return float((memberships >= SURE_MEMBERSHIP).mean()) if memberships.notna().any() else float("nan")


def _representatives(previous: TopicTables, assignments: pd.DataFrame) -> pd.DataFrame:
    """Return the papers that stand for topics without those that are gone; who is surest stands for a topic without any."""
    held = previous.representatives[previous.representatives["paper_id"].isin(assignments.index)]
    left = assignments[(assignments["topic"] >= 0) & ~assignments["topic"].isin(held["topic"])]
    surest = left.sort_values("membership", ascending=False, kind="stable").groupby("topic").head(_STAND_INS)
    more = pd.DataFrame(
        {
            "topic": surest["topic"],
            "rank": 0,
            "paper_id": surest.index,
            "centrality": surest["membership"],
            "similarity": 0.0,
            "reason": _STANDS_IN,
        }
    )
    papers = pd.concat([held, more], ignore_index=True) if len(more) else held.reset_index(drop=True)
    papers = papers.sort_values(["topic", "rank"], kind="stable", ignore_index=True)
    return papers.assign(rank=papers.groupby("topic").cumcount() + 1)[REPRESENTATIVE_COLUMNS]
