"""What papers are called and say, as topics read them, and what encodes it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.corpus.boilerplate import matters
from analysis.corpus.function_words import contents_of, without_translation
from analysis.corpus.languages import spoken_language
from analysis.corpus.paper import Corpus
from analysis.corpus.text import is_abstract
from analysis.embedding.cache import cached_views
from analysis.embedding.centring import LanguageGroups
from analysis.embedding.lexical import weighted_texts
from analysis.embedding.recorded import RecordedKind
from analysis.embedding.sentences import sentence_vectors
from analysis.embedding.vectors import unit_rows
from analysis.embedding.views import Encoded, View, ViewEncoder, informative, with_graphs
from analysis.io.partitions import Partitions, read_rows
from analysis.io.runner import Run
from analysis.topics.options import FitOptions
from analysis.topics.origin import TopicOrigin
from analysis.topics.records import recorded_kinds

# what is read of a paper to know its text
TEXT_COLUMNS = ["title", "abstract", "language", "language_detected", "excluded"]
# what texts make of themselves once, and hand on
_DERIVED = ("abstracts", "content_titles", "content_abstracts", "whole")
# papers that are encoded at once
BLOCK = 1_920


@dataclass(frozen=True)
class Facts:
    """What is known of all papers with an abstract, sorted by id, beside their texts.

    Attributes
    ----------
    ids : Index of paper_id, length n
    titles : Series of str
    dates : Series of datetime64
    strata : ndarray of int, shape (n,)
    languages : list of str
        That each text is in; empty where unknown.
    n_corpus : int
        All papers of the corpus, those without an abstract and those left out too.
    """

    ids: pd.Index
    titles: pd.Series
    dates: pd.Series
    strata: np.ndarray
    languages: list[str]
    n_corpus: int

    @classmethod
    def of(cls, corpus: Corpus) -> "Facts":
        """Read them from a corpus."""
        described = corpus.in_topics
        papers = corpus.facts("title", "date", "language", "language_detected")[described.to_numpy()].sort_index()
        strata = corpus.strata[described.to_numpy()].loc[papers.index]
        spoken = [
            spoken_language(*codes) for codes in zip(papers["language_detected"], papers["language"], strict=True)
        ]
        return cls(
            papers.index, papers["title"], papers["date"], pd.factorize(strata, sort=True)[0], spoken, len(corpus)
        )

    @property
    def years(self) -> np.ndarray:
        """Year of each paper, -1 without a date, int (n,)."""
        return np.asarray(self.dates.dt.year.fillna(-1), dtype=int)


@dataclass(frozen=True)
class Texts:
    """Ids, titles and abstracts of some papers, as they are written and as their words are counted.

    Attributes
    ----------
    ids : Index of paper_id, length n
    titles, written : list of str
        Titles and abstracts as they are written.
    spoken, stated : list of str, optional
        Codes of the language that each text is in, and that its record tells; empty where unknown. By default nobody knows.
    ignored : frozenset of str
        A reader's own words, in lower case, that count as function words.
    """

    ids: pd.Index
    titles: list[str]
    written: list[str]
    spoken: list[str] = field(default_factory=list)
    stated: list[str] = field(default_factory=list)
    ignored: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for name in ("spoken", "stated"):
            if not getattr(self, name):
                object.__setattr__(self, name, [""] * len(self.titles))

    @classmethod
    def of(cls, papers: pd.DataFrame) -> "Texts":
        """Take them from a table of papers, index paper_id; those that are given no topic are left out."""
        return cls._of(papers, papers["abstract"].map(is_abstract).to_numpy(dtype=bool), papers["abstract"])

    @classmethod
    def titles_alone(cls, parts: Partitions, number: int) -> "Texts":
        """Read those of one partition that have a title and no abstract."""
        papers = parts.read(number, TEXT_COLUMNS)
        bare = ~papers["abstract"].map(is_abstract).to_numpy(dtype=bool) & (papers["title"] != "").to_numpy()
        return cls._of(papers, bare, pd.Series("", index=papers.index))

    @classmethod
    def _of(cls, papers: pd.DataFrame, which: np.ndarray, abstracts: pd.Series) -> "Texts":
        kept = which & papers["excluded"].isna().to_numpy()
        described = papers[kept]
        stated = [code if isinstance(code, str) else "" for code in described["language"]]
        spoken = [
            spoken_language(found, code) for code, found in zip(stated, described["language_detected"], strict=True)
        ]
        return cls(described.index, described["title"].tolist(), abstracts[kept].tolist(), spoken, stated)

    @classmethod
    def in_partition(cls, parts: Partitions, number: int) -> "Texts":
        """Read those of one partition."""
        return cls.of(parts.read(number, TEXT_COLUMNS))

    @classmethod
    def at(cls, parts: Partitions, ids: pd.Index) -> "Texts":
        """Read those of some papers, in the order of their ids."""
        return cls.of(read_rows(parts, ids, TEXT_COLUMNS))

    def without(self, ids: pd.Index) -> "Texts":
        """Return those of all other papers."""
        return self.rows(np.flatnonzero(~self.ids.isin(ids)))

    def blocks(self) -> Iterator["Texts"]:
        """Yield them a few thousand at a time: what is computed paper by paper needs no more memory than that."""
        for start in range(0, len(self.titles), BLOCK):
            yield self.rows(np.arange(start, min(start + BLOCK, len(self.titles))))

    def ignoring(self, words: Iterable[str]) -> "Texts":
        """Return them with words of a reader that count as function words."""
        ignored = frozenset(word.lower() for word in words)
        if ignored == self.ignored:
            return self
        other = replace(self, ignored=ignored)
        if "abstracts" in self.__dict__:
            other.__dict__["abstracts"] = self.abstracts
        return other

    def rows(self, rows: np.ndarray) -> "Texts":
        """Return those at some positions, in their order."""
        titles, written, spoken, stated = (
            [values[row] for row in rows] for values in (self.titles, self.written, self.spoken, self.stated)
        )
        chosen = Texts(self.ids[rows], titles, written, spoken, stated, self.ignored)
        for name in _DERIVED:
            if name in self.__dict__:
                chosen.__dict__[name] = [self.__dict__[name][row] for row in rows]
        return chosen

    @cached_property
    def abstracts(self) -> list[str]:
        """What of the abstracts speaks of their matter, as a sentence model reads it; see `analysis.corpus.boilerplate`."""
        return matters(self.written)

    @cached_property
    def content_titles(self) -> list[str]:
        """The titles without translations and without function words of other languages than English."""
        plain = [
            without_translation(title, code in ("", "en")) if title.endswith(("]", "].", ")", ").")) else title
            for title, code in zip(self.titles, self.spoken, strict=True)
        ]
        return self._content(plain)

    @cached_property
    def content_abstracts(self) -> list[str]:
        """The abstracts without function words of other languages than English."""
        return self._content(self.abstracts)

    @cached_property
    def whole(self) -> list[str]:
        """One text per paper, as its words are counted."""
        return weighted_texts(self.content_titles, self.content_abstracts, 1)

    def _content(self, texts: list[str]) -> list[str]:
        return contents_of(texts, self.spoken, self.stated, self.ignored)


@dataclass(frozen=True)
class TextEncoder:
    """Encodes papers by their texts, as the landmarks were."""

    views: ViewEncoder
    transformer: str | None = None
    ignored: frozenset[str] = frozenset()

    def encode(self, texts: Texts) -> Encoded:
        """Encode papers."""
        sentences = None
        if self.transformer is not None:
            sentences = sentence_vectors(self.transformer, texts.titles, texts.abstracts)
        seen = texts.ignoring(self.ignored)
        return self.views.encode(seen.content_titles, seen.content_abstracts, sentences, seen.spoken)


@dataclass(frozen=True)
class GivenVectors:
    """Encodes papers by vectors that somebody has made of all of them, in the order of `ids`.

    ``languages`` and ``centres``, by name of view, are what was taken off where the papers are in several languages.
    """

    views: Sequence[View]
    ids: pd.Index
    languages: tuple[str, ...] = ("",)
    centres: Mapping[str, np.ndarray] = field(default_factory=dict)

    @classmethod
    def of(cls, views: Sequence[View], facts: Facts) -> "GivenVectors":
        """Take vectors of all papers; where these are in several languages, each language's vectors are centred."""
        groups = LanguageGroups.of(facts.languages)
        centres = {view.name: groups.means(view.vectors) for view in views} if groups.several else {}
        return cls(views, facts.ids, groups.names, centres).centred(facts)

    def centred(self, facts: Facts) -> "GivenVectors":
        """Return these vectors less the centre of each paper's language."""
        groups = LanguageGroups.among(self.languages, facts.languages)
        views = [
            replace(view, vectors=unit_rows(groups.centred(view.vectors, self.centres[view.name])))
            if view.name in self.centres
            else view
            for view in self.views
        ]
        return replace(self, views=views)

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
    kept = replace(options, cache=None)
    if isinstance(encoder, TextEncoder):
        return TopicOrigin(tuple(views), encoder.views, kept)
    return TopicOrigin(tuple(views), None, kept, encoder.languages, encoder.centres)


@dataclass(frozen=True)
class LandmarkViews:
    """What the landmarks are seen in.

    Attributes
    ----------
    every : list of View
    encoder : TextEncoder or GivenVectors
        Encodes other papers the same way.
    recorded : list of RecordedKind
        What their records tell beside texts, used and unused.
    """

    every: list[View]
    encoder: Encoder
    recorded: list[RecordedKind] = field(default_factory=list)

    @property
    def seen(self) -> list[View]:
        """The views in which papers differ; all, where they differ in none."""
        return informative(self.every) or self.every


def landmark_views(
    corpus: Corpus, texts: Texts, facts: Facts, options: FitOptions, run: Run, given: Sequence[View] | None = None
) -> LandmarkViews:
    """Return the views of the landmarks, and what encodes other papers the same way.

    Parameters
    ----------
    corpus : Corpus
    texts : Texts
        Of the landmarks.
    facts : Facts
        Of all papers.
    options : FitOptions
    run : callable
        Does a piece of work on every block of texts that a sentence model encodes.
    given : sequence of View, optional
        Vectors of all papers, instead of those made from texts.
    """
    if given is not None:
        vectors = GivenVectors.of(given, facts)
        return LandmarkViews(vectors.landmark_views(texts.ids), vectors)
    seen = texts.ignoring(options.extra_stop_words)
    views, encoder = cached_views(
        options.cache,
        seen.content_titles,
        seen.content_abstracts,
        options.transformer,
        run,
        read=(texts.titles, texts.abstracts),
        languages=texts.spoken,
    )
    recorded = []
    if options.records:
        recorded = recorded_kinds(corpus, texts.ids, views, LanguageGroups.of(texts.spoken))
        views = [*views, *(view for kind in recorded for view in kind.views)]
    return LandmarkViews(views, TextEncoder(encoder, options.transformer, seen.ignored), recorded)
