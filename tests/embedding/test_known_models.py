"""Models fetched by name, from a hub on this machine."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from analysis.embedding import known_models
from analysis.embedding.known_models import KNOWN, KnownModel, fetch_known, folder_of, is_model_name
from analysis.errors import EmbeddingError

CONTENT = b"a graph" * 1_000


class _Hub(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        known = self.path.startswith("/someone/model/resolve/abc/")
        self.send_response(200 if known else 404)
        self.end_headers()
        if known:
            self.wfile.write(CONTENT)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    """A hub that has one model, and what it was asked for; models are kept in a folder of the test."""
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    handler = type("Handler", (_Hub,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", handler.asked
    server.shutdown()
    server.server_close()


def _known(monkeypatch: pytest.MonkeyPatch, repository: str, digest: str) -> None:
    model = KnownModel(repository, "abc", {"model.onnx": ("onnx/model.onnx", digest)}, "one for tests")
    monkeypatch.setattr(known_models, "KNOWN", {"small": model})


def test_a_model_is_fetched_once_and_held_to_its_hash(
    hub: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, asked = hub
    _known(monkeypatch, "someone/model", hashlib.sha256(CONTENT).hexdigest())
    folder = fetch_known("small", address)
    assert (folder / "model.onnx").read_bytes() == CONTENT
    fetch_known("small", address)
    assert asked == ["/someone/model/resolve/abc/onnx/model.onnx"]
    assert folder_of("small") == folder


def test_what_is_not_the_pinned_file_is_refused_and_not_kept(
    hub: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _known(monkeypatch, "someone/model", "0" * 64)
    with pytest.raises(EmbeddingError, match="not the file that was pinned"):
        fetch_known("small", hub[0])
    assert not list(folder_of("small").iterdir())


def test_a_hub_that_lacks_a_model_is_a_clear_error(hub: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    _known(monkeypatch, "nobody/nothing", "0" * 64)
    with pytest.raises(EmbeddingError, match="status 404"):
        fetch_known("small", hub[0])
    with pytest.raises(EmbeddingError, match="none of the known models: small"):
        fetch_known("large", hub[0])


@pytest.mark.parametrize("name", KNOWN)
def test_every_known_model_is_pinned(name: str) -> None:
    assert is_model_name(name)
    assert len(KNOWN[name].revision) == 40
    assert {"model.onnx", "tokenizer.json"} <= KNOWN[name].files.keys()
    assert all(len(digest) == 64 for _, digest in KNOWN[name].files.values())
