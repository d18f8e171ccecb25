"""Models of sentence-transformers, where it is installed: optional, and from this machine's disk alone."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from analysis.embedding.windows import equal_windows
from analysis.errors import EmbeddingError
from analysis.escaping import one_line

INSTALL = "uv pip install --no-config sentence-transformers"
_BATCH = 32
# endings of what is run or unpickled
_CODE = (".py", ".pyc", ".so", ".dll", ".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")


class SentenceTransformerEncoder:
    """A sentence-transformers model.

    Parameters
    ----------
    name : str
        A folder with a saved model, or a model's name.

    Raises
    ------
    EmbeddingError
        The package is not installed, the folder holds code or pickles, or the model cannot be loaded.
    """

    def __init__(self, name: str) -> None:
        refuse_code(Path(name))
        self._model: Any = _loaded(name, download=False)

    def windows(self, text: str) -> list[str]:
        """Cut `text` into equal pieces of at most as many tokens as the model reads."""
        longest = int(self._model.max_seq_length or 512) - 2
        tokens = self._model.tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False
        )
        spans = tokens["offset_mapping"]
        return equal_windows(text, spans, longest)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Encode texts, each read whole."""
        return np.asarray(self._model.encode(list(texts), batch_size=_BATCH, show_progress_bar=False), dtype=np.float32)


def fetch_by_name(name: str) -> None:
    """Fetch a sentence-transformers model from its hub, so that it is on this machine. Uses the network."""
    _loaded(name, download=True)


def refuse_code(folder: Path) -> None:
    """Raise EmbeddingError where a model's folder holds code, names modules of its own, or keeps its weights as a pickle.

    A folder that is not there passes: it is a model's name.
    """
    if not folder.is_dir():
        return
    strange = sorted(path.name for path in folder.rglob("*") if path.suffix.casefold() in _CODE)
    if strange:
        raise EmbeddingError(
            f"the model in {folder} holds {strange[0]}, which would be run when it is loaded; save it with safetensors and "
            "without code of its own"
        )
    for path in (*folder.rglob("modules.json"), *folder.rglob("config.json")):
        try:
            content = path.read_text(encoding="utf-8")
            modules = json.loads(content)
        except (OSError, ValueError, RecursionError) as error:
            raise EmbeddingError(f"the model in {folder} is damaged: {path.name} cannot be read ({error})") from error
        types = (
            [str(item.get("type")) for item in modules if isinstance(item, dict)] if isinstance(modules, list) else []
        )
        own = [name for name in types if not name.startswith("sentence_transformers.")]
        if own or '"auto_map"' in content:
            raise EmbeddingError(
                f"the model in {folder} names code of its own ({(own or ['auto_map'])[0]}), which is not run"
            )


def _loaded(name: str, *, download: bool) -> Any:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise EmbeddingError(
            f"the transformer view needs sentence-transformers; install it with `{INSTALL}`"
        ) from error
    try:
        return SentenceTransformer(name, local_files_only=not download, device="cpu", trust_remote_code=False)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        where = "" if download else f" on this machine; `topictrends model get {one_line(name)}` fetches one by name"
        raise EmbeddingError(f"no sentence-transformers model {one_line(name)!r} could be loaded{where}") from error
