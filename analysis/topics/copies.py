"""Papers whose abstracts repeat another's nearly word for word: they count once when topics are found."""

import itertools
import zlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.embedding.tokens import Tokens

# an abstract is a copy where it shares so much of its runs of three words with another (Jaccard); in four corpora of real
# abstracts all that do were copies, versions or quotations
SAME_TEXT = 0.75
_RUN, _FEWEST_RUNS = 3, 8
# numbers tell copies of one text apart, and no texts
_WORD = r"[^\W\d_]+"
# Broder (1997), On the resemblance and containment of documents: so many least hashes stand for an abstract's runs
_SKETCH = 64
# texts that share most of them are compared, so many; a run of more texts is a phrase of the field
_MOST_COMPARED, _MOST_HOLDERS = 5, 50


def find_copies(texts: Sequence[str]) -> np.ndarray:
    """Return which text each one copies, int (n,): of those that are nearly the same the shortest, or the first; else itself.

    Examples
    --------
    >>> call = "We call for papers on the many uses of honey in the kitchens of the north and of the south, due in May"
    >>> find_copies([call, "Bees are fed with honey", f"{call} 2021", f"{call} 2022"]).tolist()
    [0, 1, 0, 0]
    """
    sketches = _sketches(texts)
    hashes = [frozenset(sketch.tolist()) for sketch in sketches]
    original = np.arange(len(texts))
    holders: dict[int, list[int]] = {}
    for row in sorted(range(len(texts)), key=lambda row: (len(texts[row]), row)):
        sketch = sketches[row]
        if len(sketch) < _FEWEST_RUNS:
            continue
        keys = sketch.tolist()
        shared = Counter(itertools.chain.from_iterable(holders.get(key, ()) for key in keys))
        near = [
            other
            for other, _ in shared.most_common(_MOST_COMPARED)
            # the least hashes of both hold no more in common than all do
            if len(hashes[other] & hashes[row]) >= SAME_TEXT * min(len(sketches[other]), len(sketch))
        ]
        same = next((other for other in near if _resemblance(sketches[other], sketch) >= SAME_TEXT), None)
        if same is not None:
            original[row] = same
            continue
        # only texts that copy none are compared with
        for key in keys:
            held = holders.setdefault(key, [])
            if len(held) < _MOST_HOLDERS:
                held.append(row)
    return original


def no_copies() -> pd.DataFrame:
    """Return the table of no copies."""
    return pd.DataFrame({"paper_id": pd.Series(dtype="str"), "original": pd.Series(dtype="str")})


def _sketches(texts: Sequence[str]) -> list[np.ndarray]:
    """Return the least distinct hashes of each text's runs of words, rising."""
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
    table = pd.DataFrame({"text": text[within], "run": runs[within]}).drop_duplicates().sort_values(["text", "run"])
    least = table[table.groupby("text").cumcount() < _SKETCH]
    starts = np.searchsorted(least["text"], np.arange(len(texts) + 1))
    values = least["run"].to_numpy()
    return [values[start:stop] for start, stop in itertools.pairwise(starts)]


def _resemblance(one: np.ndarray, other: np.ndarray) -> float:
    """Return the Jaccard index of two sets, estimated from their least hashes where there are more."""
    whole = max(len(one), len(other)) < _SKETCH
    union = np.union1d(one, other)
    least = union if whole else union[: min(len(one), len(other))]
    return float((np.isin(least, one) & np.isin(least, other)).mean())
