"""Sentence vectors of papers: made block by block by a model of this machine, and kept under what they were made from."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.embedding.known_models import KNOWN, fetch_known, folder_of, is_model_name
from analysis.embedding.onnx_model import TOKENIZER, OnnxEncoder, graph_in
from analysis.embedding.sentence_transformer import SentenceTransformerEncoder, fetch_by_name
from analysis.embedding.windows import Encoder, pooled_vectors
from analysis.errors import ArtefactError, EmbeddingError
from analysis.escaping import one_line
from analysis.io.files import hash_file, hash_json, read_arrays, write_arrays
from analysis.io.runner import Run, in_turn

# papers that are encoded before anything is kept
_BLOCK = 512
_SHOWN = 12


def load_encoder(name: str) -> Encoder:
    """Load a model: a folder with an ONNX graph, a model that was fetched, or a sentence-transformers folder or name.

    Raises
    ------
    EmbeddingError
        A package or the model is missing, or the model is damaged.
    """
    folder = folder_of(name)
    if graph_in(folder) is not None or ((folder / TOKENIZER).is_file() and not (folder / "modules.json").is_file()):
        return OnnxEncoder(folder)
    if name in KNOWN:
        raise EmbeddingError(f"the model {name!r} is not on this machine; `topictrends model get {name}` fetches it")
    return SentenceTransformerEncoder(str(folder) if folder.is_dir() else name)


def fetch_model(name: str) -> None:
    """Fetch a model, so that it is on this machine: a known one by its pinned hash, another by sentence-transformers.

    Uses the network.

    Raises
    ------
    EmbeddingError
        The name is none, a package is missing, or the model cannot be fetched.
    """
    if name in KNOWN:
        fetch_known(name)
        return
    if not is_model_name(name):
        known = ", ".join(f"{known} ({model.what})" for known, model in KNOWN.items())
        raise EmbeddingError(
            f"{one_line(name)!r} is no name of a model; known are {known}, or a name such as "
            "sentence-transformers/all-MiniLM-L6-v2"
        )
    fetch_by_name(name)


def model_fingerprint(name: str) -> str:
    """Return what tells one model from another: the content of all files of its folder, or a name where there is none."""
    folder = folder_of(name)
    if not folder.is_dir():
        return name
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return hash_json([[path.relative_to(folder).as_posix(), hash_file(path)] for path in files])


@dataclass(frozen=True)
class EncodeJob:
    """Texts, in blocks, and the model that encodes them."""

    name: str
    blocks: Sequence[Sequence[str]]
    keys: Sequence[Sequence[str]]
    store: Path | None


def encode_block(job: EncodeJob, number: int) -> dict[str, np.ndarray]:
    """Encode one block and keep it; returns its vectors."""
    vectors = pooled_vectors(load_encoder(job.name), job.blocks[number])
    if job.store is not None:
        keys = np.array(job.keys[number])
        name = hash_json(list(job.keys[number]))[:_SHOWN]
        write_arrays(job.store / f"{name}.npz", {"keys": keys, "vectors": vectors})
    return {"vectors": vectors}


def sentence_vectors(
    name: str,
    titles: Sequence[str],
    abstracts: Sequence[str],
    *,
    store: Path | None = None,
    run: Run = in_turn,
) -> np.ndarray:
    """Return a model's vectors of papers, title and abstract read whole, shape (n, d), rows of unit length.

    Parameters
    ----------
    name : str
        See `load_encoder`.
    titles, abstracts : sequence of str, length n
    store : Path, optional
        A folder of vectors by the content of texts and model: only what it lacks is encoded, and what was encoded before an
        interruption is there.
    run : callable
        Does a piece of work on every block; see `analysis.io.runner.in_turn`.

    Raises
    ------
    EmbeddingError
        A package or the model is missing, or gives no numbers.
    """
    texts = [f"{title}. {abstract}" for title, abstract in zip(titles, abstracts, strict=True)]
    keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32] for text in texts]
    place = None if store is None else store / model_fingerprint(name)[:_SHOWN].replace("/", "-")
    known = {} if place is None else _kept(place)
    wanted = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    listed = list(wanted)
    blocks = [listed[start : start + _BLOCK] for start in range(0, len(listed), _BLOCK)]
    job = EncodeJob(name, [[wanted[key] for key in block] for block in blocks], blocks, place)
    for block, made in zip(blocks, run("sentences", encode_block, job, len(blocks)), strict=True):
        known |= dict(zip(block, made["vectors"], strict=True))
    return np.array([known[key] for key in keys], dtype=np.float32)


def _kept(folder: Path) -> dict[str, np.ndarray]:
    """Return the vectors of a store by their keys; a damaged file counts as missing."""
    known: dict[str, np.ndarray] = {}
    for path in sorted(folder.glob("*.npz")) if folder.is_dir() else ():
        try:
            found = read_arrays(path)
        except ArtefactError:
            continue
        known |= dict(zip(found["keys"].tolist(), found["vectors"], strict=True))
    return known
