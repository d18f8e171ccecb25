"""Seconds and peak memory by corpus size, each fit in a process of its own."""

import multiprocessing
import time
import warnings

import numpy as np

from analysis.embedding.lexical import weighted_texts
from analysis.embedding.views import build_views
from analysis.io.resources import measured
from analysis.topics.fit import fit_topics
from tests.benchmarks.peers import bertopic_on, static
from tests.benchmarks.samples import ABSENT, CORPORA, corpus_of, sample
from tests.benchmarks.tables import markdown

_SIZES = (300, 1000, 5000, 15000)
# UMAP compiles another neighbour search past 4,096 papers; a warm-up takes it out of the seconds
_WARM_UP = 4200
_INTRO = (
    "arXiv abstracts; each fit in a new process after a warm-up that loads and compiles everything. Both make a BERTopic "
    "model. With vectors: from titles and abstracts on, BERTopic on WordLlama's vectors, this project on its own fifteen "
    "views. Vectors given: from finished vectors on. The growth exponent is that of the last row against the first."
)


def report() -> str:
    """Measure and return the section as Markdown; a sentence where the corpora are absent."""
    if not CORPORA.is_dir():
        return f"## Scale\n\n{ABSENT}"
    context = multiprocessing.get_context("spawn")
    lines, seconds = [], {}
    for size in _SIZES:
        found = {}
        for method in (_bertopic, _ours):
            with context.Pool(1) as pool:
                found[method.__name__] = pool.apply(method, (size,))
        (theirs, their_fit, their_peak), (ours, our_fit, our_peak) = found["_bertopic"], found["_ours"]
        seconds[size] = (theirs, ours)
        lines.append(
            [
                f"{size:,}",
                f"{theirs:.1f}",
                f"{ours:.1f}",
                f"{ours / theirs:.1f}",
                f"{their_fit:.1f}",
                f"{our_fit:.1f}",
                f"{our_fit / their_fit:.1f}",
                f"{their_peak:.0f}",
                f"{our_peak:.0f}",
            ]
        )
    first, last = _SIZES[0], _SIZES[-1]
    growth = [np.log(seconds[last][i] / seconds[first][i]) / np.log(last / first) for i in (0, 1)]
    lines.append(["growth exponent", f"{growth[0]:.2f}", f"{growth[1]:.2f}", "", "", "", "", "", ""])
    head = [
        "papers",
        "BERTopic, s",
        "this project, s",
        "ratio",
        "BERTopic, vectors given, s",
        "this project, vectors given, s",
        "ratio",
        "BERTopic, peak MiB",
        "this project, peak MiB",
    ]
    return "\n\n".join(["## Scale", _INTRO, markdown(head, lines)])


def _bertopic(size: int) -> tuple[float, float, float]:
    warnings.simplefilter("ignore")
    for count in (60, _WARM_UP):
        if count == 60 or size > _WARM_UP:
            warm = _texts(count)
            bertopic_on(warm, static(warm), 0)
    texts = _texts(size)
    with measured() as usage:
        vectors = static(texts)
        between = time.perf_counter()
        bertopic_on(texts, vectors, 0)
        fit = time.perf_counter() - between
    return usage.seconds, fit, usage.peak_mib


def _ours(size: int) -> tuple[float, float, float]:
    warnings.simplefilter("ignore")
    _ = fit_topics(corpus_of(sample("arxiv30", 60, 1))).bertopic
    papers = sample("arxiv30", size, 0)
    corpus = corpus_of(papers)
    with measured() as usage:
        views = build_views(papers["title"].tolist(), papers["abstract"].tolist())
        between = time.perf_counter()
        _ = fit_topics(corpus, vectors=views).bertopic
        fit = time.perf_counter() - between
    return usage.seconds, fit, usage.peak_mib


def _texts(size: int) -> list[str]:
    papers = sample("arxiv30", size, 0)
    return weighted_texts(papers["title"].tolist(), papers["abstract"].tolist(), 1)
