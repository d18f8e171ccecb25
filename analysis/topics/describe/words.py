"""A topic's keywords: class-based TF-IDF over its papers, without the field's boilerplate."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from analysis.embedding.tokens import Tokens, count_given_by_block
from analysis.topics.describe.phrases import STOP_WORDS, phrase_key

# letters first, hyphens and digits inside: "x-ray" and "dinov2" stay whole
WORD_PATTERN = r"(?u)\b[^\W\d_][\w\-]*\w\b"
# a keyword is at least this many times as common inside its topic as outside
_MIN_LIFT = 2.0
# and stands in at least this share of the topic's papers, and in at least two of them
_MIN_SHARE = 0.15
_MIN_PAPERS = 2
# terms of fewer papers than one in this many are nobody's keywords
_RAREST = 2_400


@dataclass(frozen=True)
class TermTable:
    """How often each one- and two-word term stands in each paper.

    Attributes
    ----------
    counts : csr_matrix of int32, shape (n, terms)
    terms : ndarray of str, shape (terms,)
        In alphabetical order.
    """

    counts: sparse.csr_matrix
    terms: np.ndarray


@dataclass(frozen=True)
class TermSums:
    """How often each term stands in the papers of each topic: what keywords are chosen from.

    Sums of parts of a corpus add up to those of the whole.

    Attributes
    ----------
    uses : ndarray of float64, shape (K, terms)
        Occurrences in the topic's papers.
    papers : ndarray of float64, shape (K, terms)
        The topic's papers that hold the term.
    everywhere : ndarray of float64, shape (terms,)
        Papers that hold the term, those without a topic included.
    sizes : ndarray of int, shape (K,)
        Papers of each topic.
    n_papers : int
        All papers.
    """

    uses: np.ndarray
    papers: np.ndarray
    everywhere: np.ndarray
    sizes: np.ndarray
    n_papers: int

    @classmethod
    def of(cls, counts: sparse.csr_matrix, labels: np.ndarray, count: int | None = None) -> "TermSums":
        """Sum counts, shape (n, terms), by topic; labels, shape (n,), are 0..K-1, -1 for none."""
        count = int(labels.max(initial=-1)) + 1 if count is None else count
        member = _member(labels, count)
        present = (counts > 0).astype(np.float64)
        return cls(
            np.asarray((member @ counts).todense(), dtype=float),
            np.asarray((member @ present).todense()),
            np.asarray(present.sum(axis=0), dtype=float).ravel(),
            np.bincount(labels[labels >= 0], minlength=count),
            len(labels),
        )

    def __add__(self, other: "TermSums") -> "TermSums":
        return TermSums(
            self.uses + other.uses,
            self.papers + other.papers,
            self.everywhere + other.everywhere,
            self.sizes + other.sizes,
            self.n_papers + other.n_papers,
        )

    def grouped(self, themes: np.ndarray) -> "TermSums":
        """Return the sums of groups of topics, shape (T, terms); `themes`, shape (K,), says whose."""
        group = np.zeros((int(themes.max(initial=-1)) + 1, len(themes)))
        group[themes, np.arange(len(themes))] = 1
        return TermSums(
            group @ self.uses, group @ self.papers, self.everywhere, (group @ self.sizes).astype(int), self.n_papers
        )


def word_vectorizer(terms: np.ndarray) -> CountVectorizer:
    """Return what counts given terms as `count_words` does, in the form that BERTopic asks for."""
    return CountVectorizer(
        ngram_range=(1, 2),
        stop_words=sorted(STOP_WORDS),
        token_pattern=WORD_PATTERN,
        vocabulary=terms.tolist(),
        dtype=np.int32,
    )


def _fewest_papers(n_papers: int) -> int:
    return 1 if n_papers < 50 else max(2, n_papers // _RAREST)


def count_given_words_by_block(blocks: Iterable[Sequence[str]], terms: np.ndarray) -> Iterator[sparse.csr_matrix]:
    """Count terms that `count_words` of other papers has kept, a block of texts after the other."""
    return count_given_by_block(blocks, WORD_PATTERN, STOP_WORDS, terms)


def count_words(texts: Sequence[str]) -> TermTable:
    """Count the terms that keywords are chosen from; a table without columns where no text holds any word."""
    tokens = Tokens.of(texts, WORD_PATTERN, STOP_WORDS)
    return TermTable(*tokens.counts(pairs=True, min_texts=_fewest_papers(len(texts))))


def class_tfidf(uses: np.ndarray) -> np.ndarray:
    """Return class-based TF-IDF weights (Grootendorst 2022, arXiv 2203.05794), shape (K, terms).

    The term's frequency within the topic times log(1 + A / f): A the mean number of words a
    topic, f the term's count over all topics. `uses` holds each term's occurrences by topic.
    """
    totals = uses.sum(axis=1, keepdims=True)
    frequency = uses / np.maximum(totals, 1)
    idf = np.log1p(totals.mean() / np.maximum(uses.sum(axis=0), 1))
    return np.asarray(frequency * idf)


def topic_keywords(sums: TermSums, terms: np.ndarray, n_words: int = 10) -> list[list[tuple[str, float]]]:
    """Return each topic's keywords with their weights, best first.

    A keyword is a term of high class-based TF-IDF that is at least twice as common (by papers)
    inside its topic as outside and stands in a seventh of the topic's papers or more. What is
    common all over the field fails the first test, with no list of words for any field.

    Parameters
    ----------
    sums : TermSums
    terms : ndarray of str, shape (terms,)
    n_words : int

    Returns
    -------
    list of K lists of (term, weight)
        Fewer than `n_words` where a topic has fewer words of its own; terms that only repeat
        a better one's words are left out.
    """
    count = len(sums.sizes)
    if not len(terms):
        return [[] for _ in range(count)]
    weights = class_tfidf(sums.uses)
    keywords = []
    for topic, size in enumerate(sums.sizes):
        others = max(sums.n_papers - size, 1)
        within, outside = sums.papers[topic] / max(size, 1), (sums.everywhere - sums.papers[topic]) / others
        # half a paper outside stands for "rare": a lift is never infinite
        lift = within / np.maximum(outside, 0.5 / others)
        least = max(_MIN_SHARE, min(_MIN_PAPERS, size) / max(size, 1))
        characteristic = (within >= least) & ((lift >= _MIN_LIFT) | (count == 1))
        keywords.append(_distinct(terms, np.where(characteristic, weights[topic] * np.log1p(lift), 0.0), n_words))
    return keywords


def _member(labels: np.ndarray, count: int) -> sparse.csr_matrix:
    """Return ones where a paper is in a topic, shape (K, n)."""
    papers = np.flatnonzero(labels >= 0)
    return sparse.csr_matrix((np.ones(len(papers)), (labels[papers], papers)), shape=(count, len(labels)))


def _distinct(terms: np.ndarray, scores: np.ndarray, n_words: int) -> list[tuple[str, float]]:
    """Take the best terms, passing over those that repeat a chosen one's words."""
    chosen: list[tuple[str, float]] = []
    seen: list[set[str]] = []
    candidates = np.flatnonzero(scores > 0)
    for position in candidates[np.argsort(-scores[candidates], kind="stable")]:
        if len(chosen) == n_words:
            break
        words = set(phrase_key(terms[position]).split())
        if any(words <= other or other <= words for other in seen):
            continue
        chosen.append((str(terms[position]), float(scores[position])))
        seen.append(words)
    return chosen
