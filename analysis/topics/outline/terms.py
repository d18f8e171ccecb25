"""The words of papers and of seeds, in one form: lower case and singular."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from analysis.corpus.function_words import content_of, is_unspaced
from analysis.embedding.lexical import WORD, weighted_texts
from analysis.embedding.tokens import Tokens
from analysis.topics.describe.phrases import FUNCTION_WORDS, singular


def content_words(phrase: str) -> list[str]:
    """Return the words of a phrase that can be looked for, in order and in one form.

    Examples
    --------
    >>> content_words("The detection of polyps"), content_words("of the")
    (['detection', 'polyp'], [])
    """
    tokens = _folded([content_of(phrase, "")], FUNCTION_WORDS)
    return [str(tokens.words[word]) for word in tokens.word]


@dataclass(frozen=True)
class SeedTerms:
    """Terms of n papers: words and pairs of words without function words, and all words in order.

    Attributes
    ----------
    counts : csr_matrix of int, shape (n, terms)
    number_of : dict of term to column
    running : Tokens
        All words of titles and abstracts as they are written, function words too.
    written : list of str
        Titles and abstracts as they are written.
    """

    counts: sparse.csr_matrix
    number_of: dict[str, int]
    running: Tokens
    written: list[str]

    @classmethod
    def of(
        cls, titles: Sequence[str], abstracts: Sequence[str], title_weight: int, written: Sequence[str] | None = None
    ) -> "SeedTerms":
        """Count the terms of papers, those of a title `title_weight` times.

        `written` are titles and abstracts, joined, as they are written; without it the others are.
        """
        whole = weighted_texts(titles, abstracts, 1) if written is None else list(written)
        tokens = _folded(weighted_texts(titles, abstracts, title_weight), FUNCTION_WORDS)
        counts, terms = tokens.counts(pairs=True)
        return cls(
            counts,
            {term: number for number, term in enumerate(terms.tolist())},
            _folded(whole, frozenset()),
            whole,
        )

    def counted(self, seeds: Sequence[Sequence[str]]) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        """Return the papers' counts, and which terms each topic's phrases look for, shape (K, terms)."""
        rows, columns = [], []
        for topic, phrases in enumerate(seeds):
            words = [content_words(phrase) for phrase in phrases]
            terms = {word for found in words for word in found}
            terms |= {f"{one} {other}" for found in words for one, other in itertools.pairwise(found)}
            # what writes no spaces may be parted otherwise in a sentence than alone
            unspaced = "".join(phrase for phrase in phrases if is_unspaced(phrase))
            terms |= {term for term in self.number_of if len(term) > 1 and term in unspaced} if unspaced else set()
            known = [self.number_of[term] for term in sorted(terms) if term in self.number_of]
            rows += [topic] * len(known)
            columns += known
        shape = (len(seeds), self.counts.shape[1])
        return self.counts, sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)

    def mentions(self, seeds: Sequence[Sequence[str]]) -> np.ndarray:
        """Return in how many papers any of each topic's phrases stands word for word, int (K,)."""
        number_of = {word: number for number, word in enumerate(self.running.words.tolist())}
        found = []
        for phrases in seeds:
            tokens = [_folded([phrase], frozenset()) for phrase in phrases]
            wanted = [[number_of.get(str(t.words[word]), -1) for word in t.word] for t in tokens]
            held = [self._texts_with(words) for words in wanted if words and min(words) >= 0]
            held += [self._texts_holding(phrase) for phrase in phrases if is_unspaced(phrase)]
            found.append(len(np.unique(np.concatenate([*held, np.zeros(0, dtype=np.int64)]))))
        return np.array(found, dtype=np.int64)

    def _texts_holding(self, phrase: str) -> np.ndarray:
        """Return the texts in which a phrase of a script without spaces stands, however it was parted there."""
        wanted = "".join(phrase.lower().split())
        return np.array([row for row, text in enumerate(self.written) if wanted in text.lower()], dtype=np.int64)

    def _texts_with(self, words: Sequence[int]) -> np.ndarray:
        """Return the texts in which words stand side by side."""
        word, text = self.running.word, self.running.text
        starts = np.flatnonzero(word[: len(word) - len(words) + 1] == words[0])
        for offset, other in enumerate(words[1:], start=1):
            starts = starts[(word[starts + offset] == other) & (text[starts + offset] == text[starts])]
        return np.unique(text[starts])


def _folded(texts: Sequence[str], stop_words: frozenset[str]) -> Tokens:
    """Return the words of texts, plurals as their singulars."""
    tokens = Tokens.of(texts, WORD, stop_words)
    folded = np.array([singular(word) for word in tokens.words.tolist()], dtype=object)
    words, number = np.unique(folded.astype(str), return_inverse=True)
    return replace(tokens, words=words.astype(object), word=number[tokens.word])
