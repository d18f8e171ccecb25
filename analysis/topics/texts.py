"""What papers are called and say, as topics read them, and what encodes it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.corpus.boilerplate import matter
from analysis.corpus.paper import Corpus
from analysis.corpus.text import is_abstract
from analysis.embedding.cache import cached_views
from analysis.embedding.lexical import weighted_texts
from analysis.embedding.sentences import sentence_vectors
from analysis.embedding.vectors import unit_rows
from analysis.embedding.views import Encoded, View, ViewEncoder, with_graphs
from analysis.io.partitions import Partitions, read_rows
from analysis.io.runner import Run
from analysis.topics.options import FitOptions
from analysis.topics.origin import TopicOrigin

_COLUMNS = ["title", "abstract", "excluded"]
# papers that are encoded at once
_BLOCK = 4_800


@dataclass(frozen=True)
class Facts:
    """What is known of all papers with an abstract, sorted by id, beside their texts.

    Attributes
    ----------
    ids : Index of paper_id, length n
    titles : Series of str
    dates : Series of datetime64
    strata : ndarray of int, shape (n,)
    """

    ids: pd.Index
    titles: pd.Series
    dates: pd.Series
    strata: np.ndarray

    @classmethod
    def of(cls, corpus: Corpus) -> "Facts":
        """Read them from a corpus."""
        described = corpus.in_topics
        papers = corpus.facts("title", "date")[described.to_numpy()].sort_index()
        strata = corpus.strata[described.to_numpy()].loc[papers.index]
        return cls(papers.index, papers["title"], papers["date"], pd.factorize(strata, sort=True)[0])

    @property
    def years(self) -> np.ndarray:
        """Year of each paper, -1 without a date, int (n,)."""
        return np.asarray(self.dates.dt.year.fillna(-1), dtype=int)


@dataclass(frozen=True)
class Texts:
    """Ids, titles and abstracts, as they are written, of some papers."""

    ids: pd.Index
    titles: list[str]
    written: list[str]

    @classmethod
    def of(cls, papers: pd.DataFrame) -> "Texts":
        """Take them from a table of papers, index paper_id; those that are given no topic are left out."""
        described = papers[
            papers["abstract"].map(is_abstract).to_numpy(dtype=bool) & papers["excluded"].isna().to_numpy()
        ]
        return cls(described.index, described["title"].tolist(), described["abstract"].tolist())

    @classmethod
    def in_partition(cls, parts: Partitions, number: int) -> "Texts":
        """Read those of one partition."""
        return cls.of(parts.read(number, _COLUMNS))

    @classmethod
    def at(cls, parts: Partitions, ids: pd.Index) -> "Texts":
        """Read those of some papers, in the order of their ids."""
        return cls.of(read_rows(parts, ids, _COLUMNS))

    def without(self, ids: pd.Index) -> "Texts":
        """Return those of all other papers."""
        rows = np.flatnonzero(~self.ids.isin(ids))
        return Texts(self.ids[rows], [self.titles[row] for row in rows], [self.written[row] for row in rows])

    def blocks(self) -> Iterator["Texts"]:
        """Yield them a few thousand at a time: what is computed paper by paper needs no more memory than that."""
        for start in range(0, len(self.titles), _BLOCK):
            stop = start + _BLOCK
            yield Texts(self.ids[start:stop], self.titles[start:stop], self.written[start:stop])

    @cached_property
    def abstracts(self) -> list[str]:
        """What of the abstracts speaks of their matter; see `analysis.corpus.boilerplate`."""
        return [matter(text) for text in self.written]

    @property
    def whole(self) -> list[str]:
        """One text per paper."""
        return weighted_texts(self.titles, self.abstracts, 1)


@dataclass(frozen=True)
class TextEncoder:
    """Encodes papers by their texts, as the landmarks were."""

    views: ViewEncoder
    transformer: str | None = None

    def encode(self, texts: Texts) -> Encoded:
        """Encode papers."""
        sentences = None
        if self.transformer is not None:
            sentences = sentence_vectors(self.transformer, texts.titles, texts.abstracts)
        return self.views.encode(texts.titles, texts.abstracts, sentences)


@dataclass(frozen=True)
class GivenVectors:
    """Encodes papers by vectors that somebody has made of all of them, in the order of `ids`."""

    views: Sequence[View]
    ids: pd.Index

    def encode(self, texts: Texts) -> Encoded:
        """Encode papers."""
        views = self._views_of(texts.ids)
        return Encoded(views, unit_rows(np.hstack([view.vectors for view in views])))

    def landmark_views(self, ids: pd.Index) -> list[View]:
        """Return the vectors of landmarks, with graphs of their nearest papers."""
        return with_graphs(self._views_of(ids))

    def _views_of(self, ids: pd.Index) -> list[View]:
        rows = self.ids.get_indexer(ids)
        return [replace(view, vectors=view.vectors[rows]) for view in self.views]


Encoder = TextEncoder | GivenVectors


def seed_encoder(encoder: Encoder) -> Callable[[Sequence[Sequence[str]]], Sequence[View] | None]:
    """Return what encodes phrases as if each row of them were a paper; nothing, where vectors were given."""

    def encode(seeds: Sequence[Sequence[str]]) -> Sequence[View] | None:
        if isinstance(encoder, GivenVectors):
            return None
        titles = [phrases[0] if phrases else "" for phrases in seeds]
        rest = [", ".join(phrases[1:]) for phrases in seeds]
        return encoder.encode(Texts(pd.RangeIndex(len(seeds)), titles, rest)).views

    return encode


def origin_of(views: Sequence[View], encoder: Encoder, options: FitOptions) -> TopicOrigin:
    """Return what new papers are placed by: the landmarks' views, and their encoder where texts were encoded."""
    by_text = encoder.views if isinstance(encoder, TextEncoder) else None
    return TopicOrigin(tuple(views), by_text, replace(options, cache=None))


def landmark_views(
    texts: Texts, ids: pd.Index, options: FitOptions, run: Run, given: Sequence[View] | None = None
) -> tuple[list[View], Encoder]:
    """Return the views of the landmarks, and what encodes other papers the same way.

    Parameters
    ----------
    texts : Texts
        Of the landmarks.
    ids : Index of paper_id
        Of all papers.
    options : FitOptions
    run : callable
        Does a piece of work on every block of texts that a sentence model encodes.
    given : sequence of View, optional
        Vectors of all papers, instead of those made from texts.
    """
    if given is not None:
        vectors = GivenVectors(given, ids)
        return vectors.landmark_views(texts.ids), vectors
    views, encoder = cached_views(options.cache, texts.titles, texts.abstracts, options.transformer, run)
    return views, TextEncoder(encoder, options.transformer)
