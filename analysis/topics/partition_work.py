"""What is done with each partition of a corpus: its papers are placed, and their words counted by topic."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.embedding.vectors import row_product
from analysis.io.partitions import Partitions
from analysis.io.threads import one_thread
from analysis.topics.describe.words import TermSums, count_given_words_by_block
from analysis.topics.placement import Placer
from analysis.topics.texts import Encoder, Texts


@dataclass(frozen=True)
class PlacementJob:
    """What every partition is placed by.

    Attributes
    ----------
    parts : Partitions
    known : Index of paper_id
        Papers that have their topic already; all others are placed.
    encoder : Encoder
    placer : Placer
    atoms : ndarray of float32, shape (m, d)
        Mean of what each atom's landmarks mean, unit rows.
    min_similarity : float
        Papers whose cosine similarity to the nearest atom is lower are badly represented; below -1, none is looked for.
    """

    parts: Partitions
    known: pd.Index
    encoder: Encoder
    placer: Placer
    atoms: np.ndarray
    min_similarity: float


@dataclass(frozen=True)
class Placed:
    """Where the papers that were placed stand.

    Attributes
    ----------
    labels : ndarray of int16, shape (n,)
    draws : ndarray of int16, shape (draws, n)
    points : ndarray of float32, shape (n, 2)
    odd : ndarray of int, shape (o,)
        Positions of the badly represented papers.
    odd_similarity : ndarray of float32, shape (o,)
        Of each to the nearest atom.
    odd_vectors : ndarray of float32, shape (o, d)
    starts : ndarray of int, shape (partitions + 1,)
        Position of each partition's first paper among all papers, those known before included.
    """

    labels: np.ndarray
    draws: np.ndarray
    points: np.ndarray
    odd: np.ndarray
    odd_similarity: np.ndarray
    odd_vectors: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, pieces: Iterator[dict[str, np.ndarray]]) -> "Placed":
        """Join what `place_partition` returned of each partition."""
        arrays: dict[str, list[np.ndarray]] = {}
        counts, done = [0], 0
        for piece in pieces:
            counts.append(int(piece["n_papers"]))
            for name in ("labels", "draws", "points", "odd_similarity", "odd_vectors"):
                arrays.setdefault(name, []).append(piece[name])
            arrays.setdefault("odd", []).append(piece["odd"] + done)
            done += len(piece["labels"])
        joined = {name: _joined(values, axis=1 if name == "draws" else 0) for name, values in arrays.items()}
        return cls(**joined, starts=np.cumsum(counts))


def place_partition(placing: PlacementJob, number: int) -> dict[str, np.ndarray]:
    """Place one partition's papers; returns the attributes of `Placed`, and n_papers, all papers of the partition."""
    texts = Texts.in_partition(placing.parts, number)
    n_papers = np.array(len(texts.ids))
    texts = texts.without(placing.known)
    if texts.ids.empty:
        return _nothing_placed(placing.placer) | {"n_papers": n_papers}
    # sums are the same wherever the partition is placed
    with one_thread():
        blocks = [_place_block(placing, block) for block in texts.blocks()]
    placed = asdict(Placed.of(iter(blocks)))
    del placed["starts"]
    return placed | {"n_papers": n_papers}


def _place_block(placing: PlacementJob, texts: Texts) -> dict[str, np.ndarray]:
    encoded = placing.encoder.encode(texts)
    places = placing.placer.place(encoded.views)
    searched = placing.min_similarity >= -1
    similarity = row_product(encoded.whole, placing.atoms.T).max(axis=1) if searched else np.zeros(len(texts.ids))
    odd = np.flatnonzero(similarity < placing.min_similarity)
    return {
        "labels": places.labels.astype(np.int16),
        "draws": places.draws,
        "points": places.points.astype(np.float32),
        "odd": odd,
        "odd_similarity": similarity[odd],
        "odd_vectors": encoded.whole[odd],
        "n_papers": np.array(len(texts.ids)),
    }


def _nothing_placed(placer: Placer) -> dict[str, np.ndarray]:
    return {
        "labels": np.zeros(0, dtype=np.int16),
        "draws": np.zeros((len(placer.topic_weights) - 1, 0), dtype=np.int16),
        "points": np.zeros((0, 2), dtype=np.float32),
        "odd": np.zeros(0, dtype=np.int64),
        "odd_similarity": np.zeros(0, dtype=np.float32),
        "odd_vectors": np.zeros((0, 1), dtype=np.float32),
    }


def _joined(values: list[np.ndarray], axis: int) -> np.ndarray:
    # a partition without papers cannot know how wide vectors are
    return np.concatenate([part for part in values if part.size] or values[:1], axis=axis)


@dataclass(frozen=True)
class TitleJob:
    """What every partition's papers without an abstract are placed by."""

    parts: Partitions
    encoder: Encoder
    placer: Placer


def place_titles(placing: TitleJob, number: int) -> dict[str, np.ndarray]:
    """Place one partition's papers without an abstract by their titles; returns labels and draws."""
    texts = Texts.titles_alone(placing.parts, number)
    if texts.ids.empty:
        return {name: values for name, values in _nothing_placed(placing.placer).items() if name in ("labels", "draws")}
    with one_thread():
        places = [placing.placer.place(placing.encoder.encode(block).views) for block in texts.blocks()]
    return {
        "labels": np.concatenate([place.labels for place in places]).astype(np.int16),
        "draws": np.concatenate([place.draws for place in places], axis=1),
    }


@dataclass(frozen=True)
class CountJob:
    """What every partition's words are counted by.

    Attributes
    ----------
    parts : Partitions
    known : Index of paper_id
        Papers whose words are counted already.
    terms : ndarray of str
    labels : ndarray of int16, shape (n,)
        Topic of each paper of the corpus, -1 for none.
    starts : ndarray of int, shape (partitions + 1,)
        Position of each partition's first paper.
    ignored : frozenset of str
        Words of a reader that topics are not made of.
    """

    parts: Partitions
    known: pd.Index
    terms: np.ndarray
    labels: np.ndarray
    starts: np.ndarray
    ignored: frozenset[str] = frozenset()


def count_partition(counting: CountJob, number: int) -> dict[str, np.ndarray]:
    """Sum the words of one partition's papers, but for those that are known, by topic; the attributes of `TermSums` as arrays."""
    texts = Texts.in_partition(counting.parts, number).ignoring(counting.ignored)
    others = np.flatnonzero(~texts.ids.isin(counting.known))
    labels = counting.labels[counting.starts[number] : counting.starts[number + 1]][others]
    # what a text makes of itself is several times as long as what was read
    blocks = (block.whole for block in texts.rows(others).blocks())
    counted = [
        sparse.csr_matrix((0, len(counting.terms)), dtype=np.int32),
        *count_given_words_by_block(blocks, counting.terms),
    ]
    sums = TermSums.of(sparse.vstack(counted, format="csr"), labels, int(counting.labels.max()) + 1)
    return {
        "uses": sums.uses.astype(np.int32),
        "papers": sums.papers.astype(np.int32),
        "everywhere": sums.everywhere.astype(np.int32),
        "sizes": sums.sizes,
        "n_papers": np.array(sums.n_papers),
    }


def sum_counts(pieces: Iterator[dict[str, np.ndarray]]) -> TermSums:
    """Add up what `count_partition` returned of each partition."""
    total: TermSums | None = None
    for piece in pieces:
        sums = TermSums(
            piece["uses"].astype(float),
            piece["papers"].astype(float),
            piece["everywhere"].astype(float),
            piece["sizes"],
            int(piece["n_papers"]),
        )
        total = sums if total is None else total + sums
    assert total is not None
    return total
