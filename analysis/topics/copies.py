"""Papers whose abstracts repeat another's nearly word for word: they count once when topics are found."""

import functools
import itertools
import zlib
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.embedding.tokens import Tokens

# an abstract is a copy where it shares so much of its runs of three words with another (Jaccard); in four corpora of real
# abstracts all that do were copies, versions or quotations
SAME_TEXT = 0.75
_RUN, _FEWEST_RUNS = 3, 8
# numbers tell copies of one text apart, and no texts
_WORD = r"[^\W\d_]+"
# Broder (1997), On the resemblance and containment of documents: so many least hashes stand for an abstract's runs
_SKETCH = 64
# texts that share most of them are compared, so many; a run of more texts is a phrase of the field, and only its shortest
# texts are looked at
_MOST_COMPARED, _MOST_HOLDERS = 5, 50
# texts whose sketches are held against all others' at once
_AT_ONCE = 2_000


def find_copies(texts: Sequence[str]) -> np.ndarray:
    """Return which text each one copies, int (n,): of those that are nearly the same the shortest, or the first; else itself.

    Examples
    --------
    >>> call = "We call for papers on the many uses of honey in the kitchens of the north and of the south, due in May"
    >>> find_copies([call, "Bees are fed with honey", f"{call} 2021", f"{call} 2022"]).tolist()
    [0, 1, 0, 0]
    """
    starts, hashes = _sketches(texts)
    original = np.arange(len(texts))

    @functools.cache
    def sketch(row: int) -> frozenset[int]:
        return frozenset(hashes[starts[row] : starts[row + 1]].tolist())

    for row, others in _alike(texts, starts, hashes):
        # only texts that copy none are compared with
        for other in [other for other in others if original[other] == other][:_MOST_COMPARED]:
            if _resemblance(sketch(other), sketch(row)) >= SAME_TEXT:
                original[row] = other
                break
    return original


def _alike(texts: Sequence[str], starts: np.ndarray, hashes: np.ndarray) -> Iterator[tuple[int, list[int]]]:
    """Yield texts, the shortest first, each with the shorter ones whose sketch holds nearly the same, the most alike first."""
    held = np.diff(starts)
    order = np.argsort(np.array([len(text) for text in texts], dtype=np.int64), kind="stable")
    order = order[held[order] >= _FEWEST_RUNS]
    held = held[order]
    places = np.repeat(starts[order] - np.cumsum(held) + held, held) + np.arange(held.sum())
    hash_of = np.unique(hashes[places], return_inverse=True)[1]
    of_text = np.repeat(np.arange(len(order)), held)
    shape = (len(order), int(hash_of.max(initial=-1)) + 1)
    holds = sparse.csr_matrix((np.ones(len(places), dtype=np.int32), (of_text, hash_of)), shape=shape)
    # the first texts of each hash are what the others are compared with
    by_hash = np.lexsort((of_text, hash_of))
    rank = np.arange(len(by_hash)) - np.searchsorted(hash_of[by_hash], hash_of[by_hash])
    first = by_hash[rank < _MOST_HOLDERS]
    ones = np.ones(len(first), dtype=np.int32)
    holders = sparse.csr_matrix((ones, (hash_of[first], of_text[first])), shape=shape[::-1])
    uncompared = np.bincount(of_text, weights=np.bincount(hash_of)[hash_of] > _MOST_HOLDERS, minlength=len(order))
    for block in range(0, len(order), _AT_ONCE):
        shared = (holds[block : block + _AT_ONCE] @ holders).tocoo()
        row, other = shared.row + block, shared.col
        # the least hashes of both hold no more in common than all do; what too many hold may be in common, too
        most = shared.data + uncompared[row]
        kept = (other < row) & (most >= SAME_TEXT * np.minimum(held[row], held[other]))
        row, other, common = row[kept], other[kept], shared.data[kept]
        ranked = np.lexsort((other, -common, row))
        for text, pairs in itertools.groupby(ranked.tolist(), key=row.__getitem__):
            yield int(order[text]), order[other[list(pairs)]].tolist()


def no_copies() -> pd.DataFrame:
    """Return the table of no copies."""
    return pd.DataFrame({"paper_id": pd.Series(dtype="str"), "original": pd.Series(dtype="str")})


def _sketches(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the least distinct hashes of each text's runs of words, rising: where those of each begin, and all side by side."""
    tokens = Tokens.of(texts, _WORD, frozenset())
    # the same in every process, which Python's own hash is not
    hashed = np.array([zlib.crc32(word.encode()) for word in tokens.words.tolist()], dtype=np.uint64)
    word = hashed[tokens.word]
    runs = np.zeros(max(len(word) - _RUN + 1, 0), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for offset in range(_RUN):
            runs = (runs ^ word[offset : offset + len(runs)]) * np.uint64(0x9E3779B97F4A7C15)
            runs ^= runs >> np.uint64(29)
    text = tokens.text[: len(runs)]
    within = text == tokens.text[_RUN - 1 :]
    # a text's number before its hashes makes one number, and one sort
    bits = np.uint64(64 - max(len(texts).bit_length(), 1))
    keys = np.sort((text[within].astype(np.uint64) << bits) | (runs[within] >> (np.uint64(64) - bits)))
    keys = keys[np.diff(keys, prepend=~keys[:1]) != 0]
    text, run = (keys >> bits).astype(np.int64), keys & ((np.uint64(1) << bits) - np.uint64(1))
    starts = np.searchsorted(text, np.arange(len(texts) + 1))
    least = np.arange(len(text)) - starts[text] < _SKETCH
    return np.searchsorted(text[least], np.arange(len(texts) + 1)), run[least]


def _resemblance(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the Jaccard index of two sets, estimated from their least hashes where there are more."""
    both, either = one & other, one | other
    if max(len(one), len(other)) < _SKETCH or len(both) < SAME_TEXT * min(len(one), len(other)):
        return len(both) / len(either)
    least = sorted(either)[: min(len(one), len(other))]
    return len(both.intersection(least)) / len(least)
