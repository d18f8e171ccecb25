"""A study sends nothing and runs nothing that its user has not agreed to."""

import json
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest

from analysis.embedding.known_models import is_model_name
from analysis.embedding.sentence_transformer import SentenceTransformerEncoder, refuse_code
from analysis.embedding.sentences import fetch_model
from analysis.errors import ArtefactError, EmbeddingError, SettingsError, TopicLabelWarning, TopicsError
from analysis.io.chat import host_of
from analysis.io.files import read_arrays
from analysis.study.allowances import Allowances
from analysis.study.chat_models import chosen_labeller, unsaid
from analysis.study.face import Study
from analysis.study.trust import agreed_to_run, foreign_notebooks
from analysis.topics.describe.labeller import ChatLabeller, TopicBrief
from tests.conftest import ROOT

BRIEF = TopicBrief("Own Label", ["a"], ["A title"])


def _study(folder: Path, settings: str, allowed: Allowances | None = None) -> Study:
    folder.mkdir(exist_ok=True)
    (folder / "study.toml").write_text(settings, encoding="utf-8")
    return Study.open(folder, allowed=allowed)


def _settings(url: str, variable: str = "") -> str:
    key = f'key_variable = "{variable}"\n' if variable else ""
    return f'[topics.labeller]\nurl = "{url}"\nmodel = "m"\n{key}'


@pytest.mark.parametrize(
    "url", ["https://evil.example/v1", "http://169.254.169.254/v1", "http://localhost.evil.example/v1"]
)
def test_no_host_is_asked_that_the_user_has_not_allowed(url: str, tmp_path: Path) -> None:
    study = _study(tmp_path, _settings(url))
    with pytest.raises(SettingsError, match=r"allow it with --allow-labeller"):
        chosen_labeller(study, unsaid)
    said: list[str] = []
    allowed = _study(tmp_path, _settings(url), Allowances(labeller_hosts=[host_of(url)]))
    assert chosen_labeller(allowed, said.append) is not None
    assert host_of(url) in said[0]
    assert "titles and keywords" in said[0]


@pytest.mark.parametrize(
    "url", ["http://user@127.0.0.1/v1", "http://127.0.0.1@evil.example/v1", "http:///v1", "http://[::1"]
)
def test_an_address_that_hides_its_host_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="is none"):
        host_of(url)


def test_no_variable_is_sent_that_is_not_made_for_studies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("TOPICTRENDS_KEY", "mine")
    local = "http://127.0.0.1:1/v1"
    with pytest.raises(SettingsError, match=r"AWS_SECRET_ACCESS_KEY .* begins with TOPICTRENDS_"):
        chosen_labeller(_study(tmp_path, _settings(local, "AWS_SECRET_ACCESS_KEY")), unsaid)
    assert chosen_labeller(_study(tmp_path, _settings(local, "TOPICTRENDS_KEY")), unsaid).key == "mine"
    allowed = Allowances(key_variables=["AWS_SECRET_ACCESS_KEY"])
    study = _study(tmp_path, _settings(local, "AWS_SECRET_ACCESS_KEY"), allowed)
    assert chosen_labeller(study, unsaid).key == "secret"


class _Server(HTTPServer):
    reply: bytes = b""
    status = 200
    moved_to = ""
    asked = 0


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        self.server.asked += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.server.status)
        if self.server.moved_to:
            self.send_header("Location", self.server.moved_to)
        self.end_headers()
        self.wfile.write(self.server.reply)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def servers() -> Iterator[tuple[_Server, _Server]]:
    pair = (_Server(("127.0.0.1", 0), _Handler), _Server(("127.0.0.1", 0), _Handler))
    for server in pair:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield pair
    for server in pair:
        server.shutdown()
        server.server_close()


def _reply(content: object) -> bytes:
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirection_sends_nothing_elsewhere(status: int, servers: tuple[_Server, _Server], tmp_path: Path) -> None:
    first, second = servers
    first.status, first.moved_to = status, f"http://127.0.0.1:{second.server_port}/v1/chat/completions"
    labeller = ChatLabeller(f"http://127.0.0.1:{first.server_port}/v1", "m", tmp_path / "r.json", key="secret")
    with pytest.raises(TopicsError, match=f"status {status}"):
        labeller([BRIEF])
    assert (first.asked, second.asked) == (1, 0)


@pytest.mark.parametrize(
    ("content", "label"),
    [
        ("Deep \x1b[31mNets", "Deep [31mNets"),
        ("\u202eevil\u202c Name", "evil Name"),
        ("Tab\there", "Tab here"),
        ("x" * 81, None),
        ("\x00\x07", None),
    ],
)
def test_a_reply_is_cleaned(content: str, label: str | None, servers: tuple[_Server, _Server], tmp_path: Path) -> None:
    servers[0].reply = _reply(content)
    labeller = ChatLabeller(f"http://127.0.0.1:{servers[0].server_port}/v1", "m", tmp_path / "r.json")
    if label is None:
        with pytest.warns(TopicLabelWarning):
            assert labeller([BRIEF]) == ["Own Label"]
    else:
        assert labeller([BRIEF]) == [label]


@pytest.mark.parametrize("kept", ["[]", "3", '{"a": 1}', '{"a": {"reply": 1}}', "{", "[" * 100_000, '{"a": null}'])
def test_kept_exchanges_of_any_shape_are_typed_errors(
    kept: str, servers: tuple[_Server, _Server], tmp_path: Path
) -> None:
    servers[0].reply = _reply("A Name")
    record = tmp_path / "r.json"
    labeller = ChatLabeller(f"http://127.0.0.1:{servers[0].server_port}/v1", "m", record)
    labeller([BRIEF])
    [name] = json.loads(record.read_text(encoding="utf-8"))
    record.write_text(kept.replace('"a"', f'"{name}"'), encoding="utf-8")
    with pytest.raises(TopicsError, match="delete it to ask the labeller again"):
        labeller([BRIEF])


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.array([print], dtype=object))
    with pytest.raises(ArtefactError, match="is damaged"):
        read_arrays(tmp_path / "a.npz")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("modeling.py", "print('run')"),
        ("pytorch_model.bin", "pickle"),
        ("modules.json", '[{"idx": 0, "type": "os.path"}]'),
        ("config.json", '{"auto_map": {"AutoModel": "modeling.Own"}}'),
        ("modules.json", "{"),
    ],
)
def test_a_model_with_code_of_its_own_is_refused(name: str, content: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(EmbeddingError, match=r"would be run|names code|is damaged"):
        SentenceTransformerEncoder(str(tmp_path))
    (tmp_path / name).unlink()
    (tmp_path / "modules.json").write_text('[{"type": "sentence_transformers.models.Pooling"}]', encoding="utf-8")
    (tmp_path / "model.safetensors").write_bytes(b"")
    refuse_code(tmp_path)


def test_only_a_models_name_is_fetched() -> None:
    assert is_model_name("sentence-transformers/all-MiniLM-L6-v2")
    for name in ("../x", "/etc/passwd", "https://x.org/m", "a/b/c", "", "a..b", "-x"):
        assert not is_model_name(name)
        with pytest.raises(EmbeddingError, match="no name of a model"):
            fetch_model(name)


def test_notebooks_of_ones_own_are_told_from_the_packages(tmp_path: Path) -> None:
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(path, tmp_path)
    paths = sorted(tmp_path.glob("*.ipynb"))
    assert foreign_notebooks(paths) == []
    own = json.loads(paths[0].read_text(encoding="utf-8"))
    cells = [cell for cell in own["cells"] if cell["cell_type"] == "code"]
    cells[0]["source"] = "".join(cells[0]["source"]).replace("../data/raw", "../my/exports")
    paths[0].write_text(json.dumps(own), encoding="utf-8")
    assert foreign_notebooks(paths) == []
    for hostile in ("exports = __import__('os').getcwd()", "import os", "exports = 'x'; os.remove('y')", "%%bash\nid"):
        cells[0]["source"] = hostile
        paths[0].write_text(json.dumps(own), encoding="utf-8")
        assert foreign_notebooks(paths) == [paths[0]]
    (tmp_path / "07_mine.ipynb").write_text(json.dumps(own), encoding="utf-8")
    foreign = foreign_notebooks([*paths, tmp_path / "07_mine.ipynb"])
    assert [path.name for path in foreign] == [paths[0].name, "07_mine.ipynb"]
    every = [*paths, tmp_path / "07_mine.ipynb"]
    told: list[str] = []
    assert agreed_to_run(every, None, None, told.append)
    assert "07_mine.ipynb" in told[0]
    assert not agreed_to_run(every, None, lambda question: False, told.append)
    assert not agreed_to_run(every, False, lambda question: True, told.append)
    assert agreed_to_run(every, None, lambda question: "do all that you can" in question, told.append)
    assert foreign_notebooks(every) == []
    assert agreed_to_run(every, None, lambda question: False, told.append)


@pytest.mark.filterwarnings("ignore::analysis.errors.SmallCorpusWarning")
def test_notebooks_can_be_left_alone(small_study: Study) -> None:
    (small_study.folder / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "01_corpus.ipynb", small_study.folder / "notebooks")
    said: list[str] = []
    before = (small_study.folder / "notebooks" / "01_corpus.ipynb").read_bytes()
    ran = small_study.run(run_notebooks=False, say=said.append)
    assert not ran["notebooks"]
    assert said == ["notebooks are left alone"]
    assert (small_study.folder / "notebooks" / "01_corpus.ipynb").read_bytes() == before
    assert not small_study.is_current("notebooks")


def test_fetching_by_a_setting_is_no_longer_taken(tmp_path: Path) -> None:
    _study(tmp_path, "[topics]\ndownload = false\n")
    with pytest.raises(SettingsError, match="topictrends model get NAME"):
        _study(tmp_path, "[topics]\ndownload = true\n")
