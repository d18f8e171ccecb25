"""Draws of labelled papers from the shared corpora."""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.corpus.text import clean_text

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
NAMES = ("arxiv30", "acl_tracks2020", "newsgroups20", "bbc_news")
ABSENT = "The labelled corpora were not found beside the project, so nothing was measured."


def sample(name: str, size: int, seed: int) -> pd.DataFrame:
    """Return `size` labelled papers of a corpus (all, where it has fewer), with ids and cleaned texts."""
    frame = pd.read_parquet(CORPORA / f"{name}.parquet", columns=["title", "abstract", "label"])
    frame[["title", "abstract"]] = frame[["title", "abstract"]].fillna("").astype(str)
    frame = frame[(frame["title"].str.len() + frame["abstract"].str.len() > 40) & frame["label"].notna()]
    frame = frame.iloc[np.random.default_rng(seed).permutation(len(frame))[:size]].reset_index(drop=True)
    for column in ("title", "abstract"):
        frame[column] = [clean_text(text) for text in frame[column]]
    return frame.assign(id=[f"{i:06d}" for i in range(len(frame))])


def corpus_of(papers: pd.DataFrame) -> Corpus:
    """Return drawn papers as a corpus."""
    return Corpus.from_frame(papers[["id", "title", "abstract"]])
