"""The explorer as a page that saves: a server on this machine alone, which writes edits and runs what follows.

It listens on the loopback address, answers only under a path that nobody can guess and to its own name, and takes edits only
from a page that knows the file of edits as it is now.
"""

import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from analysis.errors import SettingsError, TopicTrendsError
from analysis.io.files import alone_in, hash_bytes, write_bytes
from analysis.study.workspace import Workspace
from analysis.survey.explorer import explorer_page
from analysis.topics.curation import checked_edits, edits_toml

_HOST = "127.0.0.1"
# bytes of edits that a page may send; seconds that it may take
_MOST_BYTES, _SECONDS = 4_000_000, 20


class _RefusedError(Exception):
    """A request cannot be served; its status and text say why."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


@dataclass
class Work:
    """What the server is at: "idle", "running", or "failed", and a sentence about it."""

    state: str = "idle"
    message: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)


class ExplorerServer:
    """Serves the explorer of one study.

    Parameters
    ----------
    workspace : callable
        Returns the study's workspace, its tables read anew.
    run : callable
        Applies the edits and runs what follows.
    read_only : bool
        Whether edits are refused.
    port : int
        0 for one that is free.

    Examples
    --------
    >>> server = ExplorerServer(lambda: study.workspace, lambda: None)  # doctest: +SKIP
    >>> server.address  # doctest: +SKIP
    'http://127.0.0.1:40123/8f0c.../'
    """

    def __init__(
        self, workspace: Callable[[], Workspace], run: Callable[[], Any], *, read_only: bool = False, port: int = 0
    ) -> None:
        self.workspace, self.run, self.read_only = workspace, run, read_only
        self.token, self.work = secrets.token_urlsafe(24), Work()
        self._server = ThreadingHTTPServer((_HOST, port), _handler(self))
        self._server.daemon_threads = True

    @property
    def address(self) -> str:
        """Where the page is, with the token that opens it."""
        return f"http://{_HOST}:{self.port}/{self.token}/"

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_port)

    def serve(self) -> None:
        """Answer until `close` is called."""
        self._server.serve_forever(poll_interval=0.2)

    def close(self) -> None:
        """Stop answering, and free the port."""
        self._server.shutdown()
        self._server.server_close()

    def page(self) -> str:
        """Return the explorer with the study as it is now."""
        workspace = self.workspace()
        host = "file" if self.read_only else "server"
        return explorer_page(
            workspace.corpus,
            workspace.topics,
            workspace.trends,
            workspace.concepts_if_sought,
            workspace.settings.title,
            edits=workspace.edits_text,
            host=host,  # type: ignore[arg-type]
        )

    def save(self, content: object) -> str:
        """Append edits to the study's file, begin to run what follows, and return what to tell the reader."""
        if self.read_only:
            raise _RefusedError(HTTPStatus.FORBIDDEN, "This explorer only shows the study; download the edits instead.")
        if not isinstance(content, dict) or not isinstance(content.get("base"), str):
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "These are no edits of this page.")
        try:
            edits = checked_edits(content.get("edits"), "the page's list of edits")
        except SettingsError as error:
            raise _RefusedError(HTTPStatus.BAD_REQUEST, str(error)) from error
        if not edits:
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "There is nothing to save.")
        with self.work.lock:
            if self.work.state == "running":
                raise _RefusedError(HTTPStatus.CONFLICT, "A run is under way; save once it is done.")
            self._append(content["base"], edits_toml(edits))
            self.work.state, self.work.message = "running", "Edits are saved; topics are made anew ..."
        threading.Thread(target=self._run, daemon=True).start()
        return self.work.message

    def _append(self, base: str, text: str) -> None:
        """Write edits behind those that the page knew; raises where the file is another one by now."""
        workspace = self.workspace()
        with alone_in(workspace.data):
            known = workspace.edits_text
            if hash_bytes(known.encode("utf-8")) != base:
                raise _RefusedError(
                    HTTPStatus.CONFLICT,
                    "data/topic_edits.toml was changed since this page was opened, here or in another explorer. Nothing was "
                    "written: download your edits, load the page anew, and make those that are still wanted again.",
                )
            gap = "" if not known else "\n" if known.endswith("\n") else "\n\n"
            write_bytes(workspace.edits_path, f"{known}{gap}{text}".encode())

    def _run(self) -> None:
        message = "The edits are saved, but the run stopped unexpectedly; the terminal tells more."
        try:
            self.run()
            message = ""
        except TopicTrendsError as error:
            message = f"The edits are saved, but the run stopped: {error}"
        finally:
            self.work.state, self.work.message = ("failed", message) if message else ("idle", "Done.")


def _handler(explorer: ExplorerServer) -> type[BaseHTTPRequestHandler]:
    """Return the class that answers requests for one explorer."""

    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version, timeout = "topictrends", "", _SECONDS

        def do_GET(self) -> None:
            def answer() -> None:
                path = self._asked()
                if path == "":
                    self._send(HTTPStatus.OK, explorer.page().encode("utf-8", "replace"), "text/html; charset=utf-8")
                elif path == "status":
                    self._json(HTTPStatus.OK, {"state": explorer.work.state, "message": explorer.work.message})
                else:
                    raise _RefusedError(HTTPStatus.NOT_FOUND, "There is nothing here.")

            self._answer(answer)

        def do_POST(self) -> None:
            def answer() -> None:
                if self._asked() != "edits":
                    raise _RefusedError(HTTPStatus.NOT_FOUND, "There is nothing here.")
                if self.headers.get("Origin") not in (None, f"http://{self.headers.get('Host')}"):
                    raise _RefusedError(HTTPStatus.FORBIDDEN, "Another page may not save here.")
                self._json(HTTPStatus.ACCEPTED, {"state": "running", "message": explorer.save(self._body())})

            self._answer(answer)

        def _answer(self, answer: Callable[[], None]) -> None:
            try:
                answer()
            except _RefusedError as refused:
                self._json(refused.status, {"state": "refused", "message": refused.message})
            except TopicTrendsError as error:
                self._json(HTTPStatus.INTERNAL_SERVER_ERROR, {"state": "failed", "message": str(error)})

        def _asked(self) -> str:
            """Return what is asked for behind the token; a stranger's request finds nothing."""
            port = explorer.port
            known = self.headers.get("Host") in (f"{_HOST}:{port}", f"localhost:{port}")
            _, token, *rest = (*self.path.partition("?")[0].split("/", 2), "")
            if not known or not secrets.compare_digest(token.encode(), explorer.token.encode()):
                raise _RefusedError(HTTPStatus.NOT_FOUND, "There is nothing here.")
            return rest[0]

        def _body(self) -> object:
            """Return what was sent; half a message, of a browser that closed meanwhile, is nothing."""
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > _MOST_BYTES:
                raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "These are too many edits at once.")
            content = self.rfile.read(int(length))
            if len(content) < int(length):
                raise _RefusedError(HTTPStatus.BAD_REQUEST, "The message ended too early; nothing was written.")
            try:
                return json.loads(content)
            except (ValueError, RecursionError) as error:
                raise _RefusedError(HTTPStatus.BAD_REQUEST, f"The message cannot be read: {error}") from error

        def _json(self, status: HTTPStatus, content: dict[str, str]) -> None:
            self._send(status, json.dumps(content).encode(), "application/json")

        def _send(self, status: HTTPStatus, content: bytes, kind: str) -> None:
            self.send_response(status)
            for name, value in (
                ("Content-Type", kind),
                ("Content-Length", str(len(content))),
                ("Cache-Control", "no-store"),
                ("Referrer-Policy", "no-referrer"),
                ("X-Content-Type-Options", "nosniff"),
                ("X-Frame-Options", "DENY"),
            ):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Keep quiet: the address holds the token."""

    return Handler
