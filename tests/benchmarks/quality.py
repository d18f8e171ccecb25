"""Topic quality against labels, this project beside its peers on the same papers."""

import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from analysis.corpus.paper import Corpus
from analysis.corpus.text import clean_text
from analysis.embedding.lexical import weighted_texts
from analysis.topics.fit import fit_topics
from tests.benchmarks.peers import PEERS
from tests.benchmarks.tables import markdown

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
NAMES = ("arxiv30", "acl_tracks2020", "newsgroups20", "bbc_news")
SIZES = (300, 1000)
SEEDS = (0, 1)
OURS = "this project"


def sample(name: str, size: int, seed: int) -> pd.DataFrame:
    """Return `size` labelled papers of a corpus, with ids."""
    frame = pd.read_parquet(CORPORA / f"{name}.parquet", columns=["title", "abstract", "label"])
    frame[["title", "abstract"]] = frame[["title", "abstract"]].fillna("").astype(str)
    frame = frame[(frame["title"].str.len() + frame["abstract"].str.len() > 40) & frame["label"].notna()]
    frame = frame.iloc[np.random.default_rng(seed).permutation(len(frame))[:size]].reset_index(drop=True)
    return frame.assign(id=[f"{i:06d}" for i in range(len(frame))])


def report() -> str:
    """Measure and return the section as Markdown; a sentence where the corpora are absent."""
    if not CORPORA.is_dir():
        return "## Quality\n\nThe labelled corpora were not found beside the project, so nothing was measured."
    rows = [row for name in NAMES for size in SIZES for row in _cells(name, size)]
    table = pd.DataFrame(
        rows, columns=["corpus", "papers", "method", "seed", "AMI", "ARI", "topics", "labels", "coverage", "s"]
    )
    return "\n\n".join(
        ["## Quality", _INTRO, "### AMI, mean over seeds", _wide(table, "AMI", 3), "### Topics found (labels in the last row)",
         _topics(table), "### Seconds as a multiple of BERTopic on TF-IDF vectors", _seconds(table),
         "### Stability: AMI between two seeds on the same papers", _stability()]
    )  # fmt: skip


_INTRO = (
    "Papers are drawn at random from labelled corpora; every method sees the same titles and abstracts. AMI is adjusted for "
    "chance (0) and counts BERTopic's outliers as one more class. k-means, NMF and LDA are given the true number of labels, "
    "this project and BERTopic are not. Seeds change both the draw and the method."
)


def _cells(name: str, size: int) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for seed in SEEDS:
        papers = sample(name, size, seed)
        truth = papers["label"].to_numpy()
        titles, abstracts = ([clean_text(text) for text in papers[column]] for column in ("title", "abstract"))
        texts = weighted_texts(titles, abstracts, 1)
        n_labels = len(set(truth))
        for method, peer in PEERS.items():
            begun = time.perf_counter()
            found = peer(texts, n_labels, seed)
            rows.append(_row(name, size, method, seed, truth, found, time.perf_counter() - begun))
        begun = time.perf_counter()
        topics = fit_topics(Corpus.from_frame(papers[["id", "title", "abstract"]]), seed=seed)
        seconds = time.perf_counter() - begun
        found = topics.assignments.loc[papers["id"], "topic"].to_numpy()
        rows.append(_row(name, size, OURS, seed, truth, found, seconds))
    return rows


def _row(
    name: str, size: int, method: str, seed: int, truth: np.ndarray, found: np.ndarray, seconds: float
) -> tuple[object, ...]:
    return (
        name, size, method, seed, adjusted_mutual_info_score(truth, found), adjusted_rand_score(truth, found),
        len(set(found) - {-1}), len(set(truth)), float((found >= 0).mean()), seconds,
    )  # fmt: skip


def _wide(table: pd.DataFrame, value: str, digits: int) -> str:
    wide = table.pivot_table(index="method", columns=["papers", "corpus"], values=value, sort=False)
    wide["mean"] = wide.mean(axis=1)
    coverage = table.groupby("method", sort=False)["coverage"].mean()
    lines = [
        [method, *(f"{cell:.{digits}f}" for cell in row), f"{coverage[method]:.0%}"] for method, row in wide.iterrows()
    ]
    return markdown(["method", *(_head(column) for column in wide.columns), "coverage"], lines)


def _topics(table: pd.DataFrame) -> str:
    wide = table.pivot_table(index="method", columns=["papers", "corpus"], values="topics", sort=False)
    labels = table.groupby(["papers", "corpus"], sort=False)["labels"].mean()
    kept = [method for method in wide.index if "given" not in str(method)]
    lines = [[method, *(f"{cell:.0f}" for cell in wide.loc[method])] for method in kept]
    return markdown(
        ["method", *(_head(column) for column in wide.columns)],
        [*lines, ["labels", *(f"{labels[column]:.0f}" for column in wide.columns)]],
    )


def _seconds(table: pd.DataFrame) -> str:
    wide = table.pivot_table(index="method", columns="papers", values="s", sort=False)
    ratio = wide / wide.loc["BERTopic as it comes, TF-IDF"]
    return markdown(
        ["method", *(str(c) for c in ratio.columns)], [[m, *(f"{c:.2f}" for c in row)] for m, row in ratio.iterrows()]
    )


def _stability() -> str:
    lines = []
    for name in NAMES:
        row = [name]
        for size in SIZES:
            papers = sample(name, size, 0)
            corpus = Corpus.from_frame(papers[["id", "title", "abstract"]])
            first, second = (fit_topics(corpus, seed=seed).assignments["topic"] for seed in (10, 11))
            row.append(f"{adjusted_mutual_info_score(first, second):.3f}")
        lines.append(row)
    return markdown(["corpus", *(f"{size} papers" for size in SIZES)], lines)


def _head(column: object) -> str:
    return f"{column[1]} {column[0]}".strip() if isinstance(column, tuple) else str(column)
