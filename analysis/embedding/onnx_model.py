"""Sentence models as ONNX graphs: no torch, every core, and nothing of a folder but numbers is read."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from analysis.embedding.vectors import unit_rows
from analysis.embedding.windows import equal_windows
from analysis.errors import EmbeddingError

INSTALL = "uv pip install 'topictrends[onnx]'"
GRAPHS, TOKENIZER = ("model.onnx", "onnx/model.onnx"), "tokenizer.json"
# tokens, with what fills up short texts, that go through a model at once
_BATCH_TOKENS = 8_192
# what a model reads where its folder does not tell, and what no sentence model exceeds
_USUAL, _MOST = 512, 8_192
# files that tell how many tokens a model reads, and under which name
_LENGTHS = (
    ("sentence_bert_config.json", "max_seq_length"),
    ("tokenizer_config.json", "model_max_length"),
    ("config.json", "max_position_embeddings"),
)


def graph_in(folder: Path) -> Path | None:
    """Return the graph that a folder holds; None where it holds none."""
    return next((folder / name for name in GRAPHS if (folder / name).is_file()), None)


class OnnxEncoder:
    """A sentence model of a folder with ``model.onnx`` and ``tokenizer.json``.

    A vector is the mean over a text's tokens, or the first token's where the folder's ``1_Pooling`` asks for that; a graph
    that pools by itself is taken at its word.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    EmbeddingError
        onnxruntime or tokenizers are not installed, the folder lacks a file, or one of them is damaged or does not fit the other.
    """

    def __init__(self, folder: Path) -> None:
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError as error:
            raise EmbeddingError(
                f"the model in {folder} needs onnxruntime and tokenizers; install them with `{INSTALL}`"
            ) from error
        graph = graph_in(folder)
        if graph is None or not (folder / TOKENIZER).is_file():
            raise EmbeddingError(f"{folder} holds no {TOKENIZER if graph else GRAPHS[0]}; a sentence model needs both")
        self._folder = folder
        settings = onnxruntime.SessionOptions()
        settings.log_severity_level = 4
        try:
            self._tokenizer: Any = Tokenizer.from_file(str(folder / TOKENIZER))
            self._session: Any = onnxruntime.InferenceSession(str(graph), settings, providers=["CPUExecutionProvider"])
        except Exception as error:  # both raise plain Exceptions for a damaged file
            raise EmbeddingError(f"the model in {folder} is damaged: {_first_line(error)}") from error
        self._asked = [item.name for item in self._session.get_inputs()]
        self._first_token = _pools_first_token(folder)
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._longest = _longest(folder) - self._tokenizer.num_special_tokens_to_add(False)
        self._check()

    def windows(self, text: str) -> list[str]:
        """Cut `text` into equal pieces of at most as many tokens as the model reads."""
        return equal_windows(text, self._tokenizer.encode(text, add_special_tokens=False).offsets, self._longest)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Encode texts, each read whole; those of like length go through the model together."""
        tokens = [found.ids for found in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(texts)), key=lambda position: len(tokens[position]))
        vectors: np.ndarray | None = None
        start = 0
        while start < len(order):
            stop = start + 1
            while stop < len(order) and len(tokens[order[stop]]) * (stop + 1 - start) <= _BATCH_TOKENS:
                stop += 1
            found = self._encoded([tokens[position] for position in order[start:stop]])
            if vectors is None:
                vectors = np.zeros((len(texts), found.shape[1]), dtype=np.float32)
            vectors[order[start:stop]] = found
            start = stop
        return np.zeros((0, 1), dtype=np.float32) if vectors is None else vectors

    def _encoded(self, tokens: Sequence[Sequence[int]]) -> np.ndarray:
        lengths = np.array([max(len(ids), 1) for ids in tokens])
        mask = (np.arange(lengths.max()) < lengths[:, None]).astype(np.int64)
        ids = np.zeros((len(tokens), int(lengths.max())), dtype=np.int64)
        for row, known in enumerate(tokens):
            ids[row, : len(known)] = known
        given = {
            "input_ids": ids,
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(ids),
            "position_ids": np.broadcast_to(np.arange(ids.shape[1]), ids.shape),
        }
        try:
            found = self._session.run(None, {name: given[name] for name in self._asked})
        except KeyError as error:
            raise EmbeddingError(
                f"the model in {self._folder} asks for {error}, which no sentence model does"
            ) from error
        except Exception as error:  # onnxruntime's own errors share no class
            raise EmbeddingError(f"the model in {self._folder} cannot encode a text: {_first_line(error)}") from error
        pooled = next((item for item in found if item.ndim == 2), None)
        if pooled is None and self._first_token:
            pooled = found[0][:, 0]
        if pooled is None:
            weights = mask[:, :, None].astype(np.float32)
            pooled = (found[0] * weights).sum(axis=1) / weights.sum(axis=1)
        return unit_rows(np.asarray(pooled, dtype=np.float32))

    def _check(self) -> None:
        """Encode one text as long as is read: a tokenizer of another model, or a shorter one, shows at once."""
        if self._longest < 1:
            raise EmbeddingError(f"the model in {self._folder} reads no token at all, by its own settings")
        word = next(iter(self._tokenizer.encode("word", add_special_tokens=False).ids), 0)
        special = self._tokenizer.num_special_tokens_to_add(False)
        self._encoded([[self._tokenizer.get_vocab_size() - 1] + [word] * (self._longest + special - 1)])


def _longest(folder: Path) -> int:
    """Return how many tokens a model reads: the least that its files tell."""
    told = [value for name, key in _LENGTHS if 0 < (value := _setting(folder / name, key)) <= _MOST]
    told += [value for value in (_truncation(folder),) if 0 < value <= _MOST]
    return min(told, default=_USUAL)


def _truncation(folder: Path) -> int:
    settings = _json(folder / TOKENIZER).get("truncation")
    length = settings.get("max_length") if isinstance(settings, dict) else 0
    return length if isinstance(length, int) else 0


def _pools_first_token(folder: Path) -> bool:
    return bool(_json(folder / "1_Pooling" / "config.json").get("pooling_mode_cls_token"))


def _setting(path: Path, key: str) -> int:
    value = _json(path).get(key)
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and value <= _MOST else 0


def _json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise EmbeddingError(f"the model in {path.parent} is damaged: {path.name} cannot be read") from error
    return found if isinstance(found, dict) else {}


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]
