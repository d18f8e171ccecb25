"""How far a sentence model can be trusted: as far as it sees the neighbours that words and static vectors see."""

import numpy as np

# neighbours compared, at most; papers they are looked for among, drawn at random where there are more
_NEIGHBOURS, _MOST_PAPERS = 10, 2_000
# agreement above chance, as a share of that between words and static vectors, at which a model is trusted fully
_FULL = 0.8
# where words and static vectors agree by less than this above chance, they say nothing of a model
_LEAST_AGREEMENT = 0.02


def trust(sentences: np.ndarray, words: np.ndarray, static: np.ndarray) -> float:
    """Return how far the neighbours by sentence vectors are those that other vectors see, 0 to 1.

    The share of common nearest neighbours, above what chance gives, is set beside that of words and static vectors with each
    other. A good model agrees with either as much as they do; one of another language, or with another's tokenizer, does not.

    Parameters
    ----------
    sentences, words, static : ndarray of float32, shapes (n, d), (n, e), (n, f)
        Rows of unit length.

    Examples
    --------
    >>> rows = np.eye(40, dtype=np.float32)[np.repeat(np.arange(4), 10)] + np.eye(40, dtype=np.float32) / 4
    >>> trust(rows, rows, rows), trust(np.random.default_rng(0).permutation(rows), rows, rows) < 0.3
    (1.0, True)
    """
    count = len(sentences)
    if count > _MOST_PAPERS:
        rows = np.sort(np.random.default_rng(0).choice(count, _MOST_PAPERS, replace=False))
        sentences, words, static, count = sentences[rows], words[rows], static[rows], _MOST_PAPERS
    near = min(_NEIGHBOURS, max(1, count // 6))
    if count < 3:
        return 1.0
    chance = near / (count - 1)
    of_words, of_static, of_sentences = (neighbours_of(rows, near) for rows in (words, static, sentences))
    among = _common(of_words, of_static, near) - chance
    with_others = (_common(of_sentences, of_words, near) + _common(of_sentences, of_static, near)) / 2 - chance
    if among < _LEAST_AGREEMENT:
        return 1.0 if with_others >= _LEAST_AGREEMENT else 0.5
    return float(np.clip(with_others / among / _FULL, 0, 1))


def neighbours_of(vectors: np.ndarray, count: int) -> np.ndarray:
    """Return who is among each row's nearest, bool, shape (n, n)."""
    nearness = vectors @ vectors.T
    np.fill_diagonal(nearness, -np.inf)
    found = np.zeros(nearness.shape, dtype=bool)
    np.put_along_axis(found, np.argpartition(-nearness, count, axis=1)[:, :count], True, axis=1)
    return found


def _common(one: np.ndarray, other: np.ndarray, count: int) -> float:
    return float((one & other).sum() / (len(one) * count))
