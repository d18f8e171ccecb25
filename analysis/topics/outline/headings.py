"""Themes as a nested outline has them: its outermost topics are the themes above its parts."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

BESIDE = "Beside the outline"


def under_headings(
    outline: pd.DataFrame, themes: np.ndarray, theme_names: list[str], names: Sequence[str], sizes: np.ndarray
) -> tuple[np.ndarray, list[str]]:
    """Return themes and their names after an outline's headings; as they were where its topics are not nested.

    Parameters
    ----------
    outline : DataFrame
        `TopicTables.outline`.
    themes : ndarray of int, shape (K,)
        Of each topic, as they were found.
    theme_names : list of str
    names : K str
        Of the topics.
    sizes : ndarray of int, shape (K,)
        Their papers.

    Returns
    -------
    themes : ndarray of int, shape (K,)
        A named topic stands under its heading, one without heading under its own name, and what the outline misses under
        "Beside the outline".
    theme_names : list of str
        By falling number of papers.
    """
    if not (outline["heading"] != "").any():
        return themes, theme_names
    placed = outline.dropna(subset=["topic"])
    above = {
        int(topic): heading or name
        for topic, heading, name in zip(placed["topic"], placed["heading"], placed["name"], strict=True)
    }
    titles = [above.get(topic, BESIDE) for topic in range(len(names))]
    papers = pd.Series(sizes).groupby(titles, sort=False).sum()
    order = papers.sort_values(ascending=False, kind="stable").index.tolist()
    return np.array([order.index(title) for title in titles]), order
