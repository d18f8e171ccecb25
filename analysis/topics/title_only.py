"""Papers without an abstract, placed by their titles: told of, and counted in no share."""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.io.partitions import Partitions
from analysis.io.runner import Run
from analysis.topics.partition_work import TitleJob, place_titles
from analysis.topics.placement import Placer
from analysis.topics.texts import Encoder, TextEncoder, Texts

# papers whose titles are placed to learn how far titles can be trusted
_ASKED = 1_000


def no_titles() -> pd.DataFrame:
    """Return the table of no papers."""
    empty = pd.DataFrame({"topic": np.zeros(0, dtype=np.int64), "membership": np.zeros(0)})
    return empty.set_index(pd.Index([], dtype="str", name="paper_id"))


def place_by_title(
    parts: Partitions, texts: Texts, labels: np.ndarray, encoder: Encoder, placer: Placer, run: Run
) -> pd.DataFrame:
    """Place papers that have a title and no abstract.

    Parameters
    ----------
    parts : Partitions
        Texts of all papers.
    texts : Texts
        Of the landmarks.
    labels : ndarray of int, shape (m,)
        Their topics; -1 for none.
    encoder : Encoder
        Given vectors place nothing: what they are of is not known.
    placer : Placer
    run : callable
        Does a piece of work on every partition; see `analysis.io.runner.in_turn`.

    Returns
    -------
    DataFrame, index paper_id
        topic, membership (0-1): how often redrawn clusterings put the title there, times how often a landmark's title alone finds
        the landmark's own topic.
    """
    ids = [Texts.titles_alone(parts, number).ids for number in range(len(parts))]
    if not isinstance(encoder, TextEncoder) or not sum(map(len, ids)):
        return no_titles()
    pieces = list(run("titles", place_titles, TitleJob(parts, encoder, placer), len(parts)))
    found = np.concatenate([piece["labels"] for piece in pieces]).astype(np.int64)
    draws = np.concatenate([piece["draws"] for piece in pieces], axis=1)
    stays = (draws == found[None, :]).mean(axis=0) if len(draws) else np.ones(len(found))
    index = pd.Index(np.concatenate([one.to_numpy() for one in ids]), name="paper_id")
    return pd.DataFrame({"topic": found, "membership": stays * _trust(texts, labels, encoder, placer)}, index=index)


def _trust(texts: Texts, labels: np.ndarray, encoder: TextEncoder, placer: Placer) -> float:
    """Return how often a landmark's title alone finds its topic."""
    asked = np.flatnonzero(labels >= 0)
    if len(asked) > _ASKED:
        asked = np.sort(np.random.default_rng(0).choice(asked, _ASKED, replace=False))
    shown = texts.rows(asked)
    alone = replace(shown, written=[""] * len(asked))
    return float((placer.place(encoder.encode(alone).views).labels == labels[asked]).mean())
