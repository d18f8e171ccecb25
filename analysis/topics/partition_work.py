"""What is done with each partition of a large corpus: its papers are placed, and their words counted by topic."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from analysis.io.partitions import Partitions
from analysis.topics.describe.words import TermSums, count_given_words
from analysis.topics.placement import Placer
from analysis.topics.texts import GivenEye, TextEye, Texts

# central papers of a topic that its representatives are chosen from
CENTRAL = 60
# positions within a partition
_POSITIONS = ("central", "odd")
# arrays whose papers run along the second axis
_WIDE = ("draws",)


@dataclass(frozen=True)
class Placing:
    """What every partition is placed by.

    Attributes
    ----------
    parts : Partitions
    eye : TextEye or GivenEye
    placer : Placer
    atoms : ndarray of float32, shape (m, d)
        Mean of what each atom's landmarks mean, unit rows.
    threshold : float
        Papers whose cosine similarity to the nearest atom is lower are badly represented; below -1, none is looked for.
    only : Index of paper_id, optional
        Only these papers are placed.
    """

    parts: Partitions
    eye: TextEye | GivenEye
    placer: Placer
    atoms: np.ndarray
    threshold: float
    only: pd.Index | None = None


def place_partition(placing: Placing, number: int) -> dict[str, np.ndarray]:
    """Place one partition's papers.

    Returns
    -------
    dict of ndarray
        labels (n,), draws (draws, n), points (n, 2); central, central_closeness: positions within the
        partition of the papers nearest to their topics; odd, odd_likeness, odd_vectors: its badly represented papers.
    """
    papers = placing.parts.papers(number)
    if placing.only is not None:
        papers = papers[papers.index.isin(placing.only)]
    if papers.empty:
        return _nothing_placed(placing.placer)
    # one thread, so that sums are the same wherever the partition is placed
    with threadpool_limits(1):
        sight = placing.eye.see(Texts.of(papers))
        places = placing.placer.place(sight.views)
        searched = placing.threshold >= -1
        likeness = (sight.whole @ placing.atoms.T).max(axis=1) if searched else np.zeros(len(papers))
    own = places.closeness[np.arange(len(papers)), places.labels]
    order = np.lexsort((-own, places.labels))
    rank = np.arange(len(order)) - np.searchsorted(places.labels[order], places.labels[order])
    central = np.sort(order[rank < CENTRAL])
    odd = np.flatnonzero(likeness < placing.threshold)
    return {
        "labels": places.labels.astype(np.int16), "draws": places.draws, "points": places.points.astype(np.float32),
        "central": central, "central_closeness": own[central], "odd": odd, "odd_likeness": likeness[odd],
        "odd_vectors": sight.whole[odd],
    }  # fmt: skip


def _nothing_placed(placer: Placer) -> dict[str, np.ndarray]:
    none = np.zeros(0, dtype=np.int64)
    return {
        "labels": none.astype(np.int16), "draws": np.zeros((len(placer.held) - 1, 0), dtype=np.int16),
        "points": np.zeros((0, 2), dtype=np.float32), "central": none, "central_closeness": none.astype(np.float32),
        "odd": none, "odd_likeness": none.astype(np.float32), "odd_vectors": np.zeros((0, 1), dtype=np.float32),
    }  # fmt: skip


def gather(found: Iterator[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Join what `place_partition` returned of each partition; positions count over the whole corpus then.

    ``starts`` tells the position of each partition's first paper.
    """
    pieces: dict[str, list[np.ndarray]] = {}
    starts = [0]
    for piece in found:
        first = starts[-1]
        for name, values in piece.items():
            pieces.setdefault(name, []).append(values + first if name in _POSITIONS else values)
        starts.append(first + len(piece["labels"]))
    joined = {name: _joined(values, axis=1 if name in _WIDE else 0) for name, values in pieces.items()}
    return joined | {"starts": np.array(starts)}


def _joined(values: list[np.ndarray], axis: int) -> np.ndarray:
    # a partition without papers cannot know how wide vectors are
    return np.concatenate([part for part in values if part.size] or values[:1], axis=axis)


@dataclass(frozen=True)
class Counting:
    """What every partition's words are counted by.

    Attributes
    ----------
    parts : Partitions
    terms : ndarray of str
    labels : ndarray of int16, shape (n,)
        Topic of each paper of the corpus, -1 for none.
    starts : ndarray of int, shape (partitions + 1,)
        Position of each partition's first paper.
    """

    parts: Partitions
    terms: np.ndarray
    labels: np.ndarray
    starts: np.ndarray


def count_partition(counting: Counting, number: int) -> dict[str, np.ndarray]:
    """Sum the words of one partition's papers by topic; the attributes of `TermSums` as arrays."""
    texts = Texts.of(counting.parts.papers(number)).whole
    own = counting.labels[counting.starts[number] : counting.starts[number + 1]]
    sums = TermSums.of(count_given_words(texts, counting.terms).counts, own, int(counting.labels.max()) + 1)
    return {
        "uses": sums.uses.astype(np.int32), "papers": sums.papers.astype(np.int32),
        "everywhere": sums.everywhere.astype(np.int32), "sizes": sums.sizes, "n_papers": np.array(sums.n_papers),
    }  # fmt: skip


def sum_counts(found: Iterator[dict[str, np.ndarray]]) -> TermSums:
    """Add up what `count_partition` returned of each partition."""
    total: TermSums | None = None
    for piece in found:
        sums = TermSums(
            piece["uses"].astype(float), piece["papers"].astype(float), piece["everywhere"].astype(float), piece["sizes"],
            int(piece["n_papers"]),
        )  # fmt: skip
        total = sums if total is None else total + sums
    assert total is not None
    return total
