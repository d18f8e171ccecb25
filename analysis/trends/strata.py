"""The strata of trends and comparisons: a paper's first source, parted by language where papers are in several."""

import numpy as np
import pandas as pd

from analysis.corpus.languages import spoken_language
from analysis.corpus.paper import Corpus
from analysis.embedding.centring import LanguageGroups


def by_language(corpus: Corpus, ids: pd.Index, sources: np.ndarray) -> np.ndarray:
    """Return sources, parted by language where the papers are in several.

    Parameters
    ----------
    corpus : Corpus
    ids : Index of paper_id, length n
    sources : ndarray of str, shape (n,)
    """
    facts = corpus.facts("language_detected", "language").loc[ids]
    spoken = [spoken_language(*codes) for codes in facts.itertuples(index=False, name=None)]
    groups = LanguageGroups.of(spoken)
    if not groups.several:
        return sources
    return np.array(
        [f"{source}, {groups.names[number]}" for source, number in zip(sources, groups.number, strict=True)]
    )
