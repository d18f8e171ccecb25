"""What a large corpus' papers are called and say, as topics read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.corpus.text import without_addresses
from analysis.embedding.lexical import weighted_texts
from analysis.embedding.transformer import sentence_vectors
from analysis.embedding.vectors import unit_rows
from analysis.embedding.views import Sight, View, ViewModel
from analysis.io.partitions import Partitions


@dataclass(frozen=True)
class Facts:
    """What is known of all described papers, sorted by id, beside their texts.

    Attributes
    ----------
    ids : Index of paper_id, length n
    titles : Series of str
    periods, sources : ndarray of int, shape (n,)
        Year (-1 without a date) and stratum.
    """

    ids: pd.Index
    titles: pd.Series
    periods: np.ndarray
    sources: np.ndarray

    @classmethod
    def of(cls, papers: pd.DataFrame, strata: pd.Series) -> "Facts":
        """Take them from a table of described papers, index sorted, and their strata."""
        return cls(
            papers.index, papers["title"], papers["date"].dt.year.fillna(-1).to_numpy(dtype=int),
            pd.factorize(strata, sort=True)[0],
        )  # fmt: skip


@dataclass(frozen=True)
class Texts:
    """Ids, titles and abstracts, as they are written, of some papers."""

    ids: pd.Index
    titles: list[str]
    written: list[str]

    @classmethod
    def of(cls, papers: pd.DataFrame) -> "Texts":
        """Take them from a table of papers, index paper_id."""
        return cls(papers.index, papers["title"].tolist(), papers["abstract"].tolist())

    @cached_property
    def abstracts(self) -> list[str]:
        """The abstracts without web addresses, which say little of what a paper is about."""
        return [without_addresses(text) for text in self.written]

    @property
    def whole(self) -> list[str]:
        """One text a paper."""
        return weighted_texts(self.titles, self.abstracts, 1)


def texts_at(parts: Partitions, ids: pd.Index) -> Texts:
    """Return the texts of some papers, in the order of `ids`."""
    frames = []
    for number in range(len(parts)):
        papers = parts.papers(number)
        frames.append(papers.loc[papers.index.isin(ids), ["title", "abstract"]])
    return Texts.of(pd.concat(frames).loc[ids])


@dataclass(frozen=True)
class TextEye:
    """Sees papers by their texts, as the landmarks were seen."""

    model: ViewModel
    transformer: str | None = None
    download: bool = False

    def see(self, texts: Texts) -> Sight:
        """See papers."""
        return self.model.sight(texts.titles, texts.abstracts, sentences_of(texts, self.transformer, self.download))


@dataclass(frozen=True)
class GivenEye:
    """Sees papers by vectors that somebody has made of all of them, in the order of `ids`."""

    views: Sequence[View]
    ids: pd.Index

    def see(self, texts: Texts) -> Sight:
        """See papers."""
        rows = self.ids.get_indexer(texts.ids)
        own = [View(view.name, view.kind, view.vectors[rows]) for view in self.views]
        return Sight(own, unit_rows(np.hstack([view.vectors for view in own])))


def sentences_of(texts: Texts, transformer: str | None, download: bool) -> np.ndarray | None:
    """Return a transformer's vectors of some papers; None where none is asked for."""
    if transformer is None:
        return None
    return sentence_vectors(transformer, texts.titles, texts.abstracts, download=download)
