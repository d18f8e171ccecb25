"""Corpora of any size made from arXiv's: sentences of papers of one category recombined, so that labels still hold."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.corpus.text import clean_text
from tests.benchmarks.samples import CORPORA

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_FAMILY = ("Chen", "Garcia", "Okafor", "Novak", "Tanaka", "Ivanova", "Haddad", "Silva", "Larsen", "Mbeki")
# papers that arXiv's own sample holds
REAL = 15_000
# papers made at a time
_BLOCK = 10_000


def recombined(size: int, seed: int = 0) -> Iterator[pd.DataFrame]:
    """Yield blocks of made-up papers: id, title, abstract, date, label, authors, doi."""
    source = pd.read_parquet(CORPORA / "arxiv30.parquet", columns=["title", "abstract", "date", "label"]).dropna()
    rng = np.random.default_rng(seed)
    sentences, halves, dates = {}, {}, {}
    for label, own in source.groupby("label"):
        texts = [clean_text(text) for text in own["abstract"]]
        sentences[label] = np.array([part for text in texts for part in _SENTENCE.split(text) if part], dtype=object)
        words = [clean_text(title).split() for title in own["title"]]
        halves[label] = [(" ".join(w[: len(w) // 2]), " ".join(w[len(w) // 2 :])) for w in words]
        dates[label] = own["date"].astype(str).to_numpy()
    labels = np.array(sorted(sentences))
    for first in range(0, size, _BLOCK):
        rows = []
        for number in range(first, min(first + _BLOCK, size)):
            label = labels[rng.integers(len(labels))]
            one, two = rng.integers(len(halves[label]), size=2)
            chosen = sentences[label][rng.integers(len(sentences[label]), size=rng.integers(4, 9))]
            rows.append(
                (
                    f"{number:07d}",
                    f"{halves[label][one][0]} {halves[label][two][1]}".strip(),
                    " ".join(chosen),
                    str(dates[label][rng.integers(len(dates[label]))]),
                    label,
                    [f"{_FAMILY[rng.integers(10)]}, {chr(65 + rng.integers(26))}."],
                    f"10.9999/made.{number}",
                )
            )
        yield pd.DataFrame(rows, columns=["id", "title", "abstract", "date", "label", "authors", "doi"])


def real(size: int, seed: int = 0) -> pd.DataFrame:
    """Return `size` of arXiv's own papers with the columns of made-up ones."""
    source = pd.read_parquet(CORPORA / "arxiv30.parquet", columns=["title", "abstract", "date", "label"]).dropna()
    rng = np.random.default_rng(seed)
    papers = source.iloc[rng.permutation(len(source))[:size]].reset_index(drop=True)
    number = papers.index.to_series()
    return papers.assign(
        id=number.map("{:07d}".format),
        date=papers["date"].astype(str),
        doi=number.map("10.9999/real.{}".format),
        authors=[[f"{_FAMILY[rng.integers(10)]}, {chr(65 + rng.integers(26))}."] for _ in number],
    )


def write_exports(folder: Path, size: int, n_files: int, seed: int = 0) -> None:
    """Write papers, arXiv's own as far as they go and else made-up ones, as JSON lines into `n_files` files."""
    folder.mkdir(parents=True, exist_ok=True)
    streams = [(folder / f"part-{number:02d}.jsonl").open("w", encoding="utf-8") for number in range(n_files)]
    try:
        for block in [real(size, seed)] if size <= REAL else recombined(size, seed):
            for number, row in enumerate(block.drop(columns=["id", "label"]).to_dict("records")):
                streams[number % n_files].write(json.dumps(row, ensure_ascii=False) + "\n")
    finally:
        for stream in streams:
            stream.close()
