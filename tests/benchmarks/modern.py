"""Newer peers on given sentence vectors, in the peers' own environment: EVoC, Toponymy, Turftopic and FASTopic.

``PEERS_PYTHON`` names its interpreter:
``python -m venv peers && peers/bin/pip install evoc toponymy turftopic fastopic umap-learn``.
"""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tests.benchmarks.elsewhere import run_elsewhere

# layers of clusters are returned whole: which of them is best only the labels can tell
_PREPARE = """
import os
os.environ["HF_HUB_OFFLINE"], os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "1", "True"
import logging, numpy as np
logging.disable(logging.CRITICAL)
import evoc
from fastopic import FASTopic
from toponymy import ToponymyClusterer
from turftopic import Topeax
from turftopic.encoders.base import ExternalEncoder
from umap import UMAP

class Words(ExternalEncoder):
    # words are encoded for keywords only, which nobody reads here
    def __init__(self):
        pass

    def encode(self, sentences, **more):
        return np.random.default_rng(0).normal(size=(len(sentences), vectors.shape[1])).astype(np.float32)

texts, n_labels, seed = json.load(open(sys.argv[1]))
vectors = np.load(sys.argv[2])
found = {}
"""
_WORK = """
model = evoc.EVoC(random_state=seed).fit(vectors)
found["EVoC"] = [model.labels_.tolist()]
found["EVoC, its best layer"] = [layer.tolist() for layer in model.cluster_layers_]
near = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed).fit_transform(vectors)
clusterer = ToponymyClusterer(min_clusters=4, verbose=False)
clusterer.fit(near, vectors)
found["Toponymy's clusters, its best layer"] = [layer.cluster_labels.tolist() for layer in clusterer.cluster_layers_]
stdout, sys.stdout = sys.stdout, sys.stderr
model = Topeax(encoder=Words(), random_state=seed)
found["Turftopic (Topeax)"] = [np.asarray(model.fit_transform(texts, embeddings=vectors)).argmax(axis=1).tolist()]
model = FASTopic(n_labels, doc_embed_model=Words(), verbose=False)
found["FASTopic, K given"] = [model.fit_transform(texts, preset_doc_embeddings=vectors)[1].argmax(axis=1).tolist()]
sys.stdout = stdout
"""


def modern_peers(
    texts: Sequence[str], vectors: np.ndarray, n_labels: int, seed: int
) -> Iterator[tuple[str, list[np.ndarray]]]:
    """Yield each peer's name and its labels of the papers, a row for each of its layers.

    Nothing, where no environment of the peers is named.

    Raises
    ------
    RuntimeError
        The peers' process failed.
    """
    if "PEERS_PYTHON" not in os.environ:
        return
    with TemporaryDirectory() as folder:
        told, kept = Path(folder) / "texts.json", Path(folder) / "vectors.npy"
        told.write_text(json.dumps([list(texts), n_labels, seed]), encoding="utf-8")
        np.save(kept, vectors)
        done = run_elsewhere(_PREPARE, _WORK, "found", str(told), str(kept))
    if done.missing:
        raise RuntimeError(done.missing)
    for method, layers in done.value.items():
        yield method, [np.array(layer) for layer in layers]
