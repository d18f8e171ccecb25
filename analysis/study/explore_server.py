"""The explorer as a page that saves: a server on this machine alone, which writes edits and runs what follows.

It listens on the loopback address, answers only under a path that nobody can guess and to its own name, and takes edits only
from a page that knows the file of edits as it is now.
"""

import contextlib
import json
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from analysis.errors import SettingsError, TopicTrendsError
from analysis.io.files import alone_in, write_bytes
from analysis.study.workspace import Workspace
from analysis.survey.explorer import explorer_page, state_of
from analysis.topics.edits import Edit, checked_edits, joined_edits

_HOST = "127.0.0.1"
# bytes of edits that a page may send; seconds that it may take
_MOST_BYTES, _SECONDS = 4_000_000, 20
# tried first, so that a browser finds the drafts it kept for the page
_PORT = 8765


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
        0 for 8765, or one that is free.
    """

    def __init__(
        self, workspace: Callable[[], Workspace], run: Callable[[], Any], *, read_only: bool = False, port: int = 0
    ) -> None:
        self.workspace, self.run, self.read_only = workspace, run, read_only
        self.token, self.work, self._page = secrets.token_urlsafe(24), Work(), ""
        self._server = _listening(port, type("Handler", (_Handler,), {"explorer": self}))
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
        """Return the explorer with the study as it is now; while a run is under way, as it was before."""
        if self._page and self.work.state == "running":
            return self._page
        workspace = self.workspace()
        host = "file" if self.read_only else "server"
        self._page = explorer_page(
            workspace.corpus,
            workspace.topics,
            workspace.trends,
            workspace.concepts_if_sought,
            workspace.settings.title,
            edits=workspace.edits_text,
            host=host,  # type: ignore[arg-type]
        )
        return self._page

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
            before = self._append(content["base"], edits)
            self.work.state, self.work.message = "running", "Edits are saved; topics are made anew ..."
        threading.Thread(target=self._run, args=before, daemon=True).start()
        return self.work.message

    def _append(self, base: str, edits: Sequence[Edit]) -> tuple[str, str]:
        """Write edits behind those that the page knew, and return the file before and after; raises where it is another."""
        workspace = self.workspace()
        with alone_in(workspace.data):
            known = workspace.edits_text
            if state_of(workspace.topics, known) != base:
                raise _RefusedError(
                    HTTPStatus.CONFLICT,
                    "Topics, or data/topic_edits.toml, were changed since this page was opened, here or in another explorer. "
                    "Nothing was written: download your edits, load the page anew, and make those that are still wanted again.",
                )
            try:
                text = joined_edits(known, edits)
            except SettingsError as error:
                raise _RefusedError(HTTPStatus.BAD_REQUEST, str(error)) from error
            write_bytes(workspace.edits_path, text.encode("utf-8"))
        return known, text

    def _run(self, before: str, after: str) -> None:
        message = "The run stopped unexpectedly; the terminal tells more. The edits are saved."
        try:
            self.run()
            message = ""
        except TopicTrendsError as error:
            taken = self._take_back(before, after)
            message = f"The run stopped: {error}. {'The edits were taken back.' if taken else 'The edits are saved.'}"
        finally:
            self.work.state, self.work.message = ("failed", message) if message else ("idle", "Done.")

    def _take_back(self, before: str, after: str) -> bool:
        """Write the file of edits as it was before edits that a run cannot take, unless somebody changed it meanwhile."""
        workspace = self.workspace()
        if workspace.edits_text != after:
            return False
        if before:
            write_bytes(workspace.edits_path, before.encode("utf-8"))
        else:
            workspace.edits_path.unlink()
        return True


def _listening(port: int, handler: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    """Return a server that listens at a port, or where none is asked for at the usual one or any that is free."""
    if port:
        return ThreadingHTTPServer((_HOST, port), handler)
    try:
        return ThreadingHTTPServer((_HOST, _PORT), handler)
    except OSError:
        return ThreadingHTTPServer((_HOST, 0), handler)


class _Handler(BaseHTTPRequestHandler):
    """Answers requests for one explorer."""

    explorer: ExplorerServer
    server_version, sys_version, timeout = "topictrends", "", _SECONDS

    def do_GET(self) -> None:
        def answer() -> None:
            path = self._asked()
            if path == "":
                self._send(HTTPStatus.OK, self.explorer.page().encode("utf-8", "replace"), "text/html; charset=utf-8")
            elif path == "status":
                self._json(HTTPStatus.OK, {"state": self.explorer.work.state, "message": self.explorer.work.message})
            else:
                raise _RefusedError(HTTPStatus.NOT_FOUND, "There is nothing here.")

        self._answer(answer)

    def do_POST(self) -> None:
        def answer() -> None:
            if self._asked() != "edits":
                raise _RefusedError(HTTPStatus.NOT_FOUND, "There is nothing here.")
            if self.headers.get("Origin") not in (None, f"http://{self.headers.get('Host')}"):
                raise _RefusedError(HTTPStatus.FORBIDDEN, "Another page may not save here.")
            self._json(HTTPStatus.ACCEPTED, {"state": "running", "message": self.explorer.save(self._body())})

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
        port = self.explorer.port
        known = self.headers.get("Host") in (f"{_HOST}:{port}", f"localhost:{port}")
        _, token, *rest = self.path.partition("?")[0].split("/", 2)
        if not known or not secrets.compare_digest(token.encode(), self.explorer.token.encode()):
            raise _RefusedError(HTTPStatus.NOT_FOUND, "There is nothing here.")
        if not rest:
            raise _RefusedError(HTTPStatus.NOT_FOUND, f"The page is at {self.explorer.address}")
        return rest[0]

    def _body(self) -> object:
        """Return what was sent; half a message, of a browser that closed meanwhile, is nothing."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or len(length) > len(str(_MOST_BYTES)) or int(length) > _MOST_BYTES:
            # what follows is not read, so nothing else can be
            self.close_connection = True
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
        # a browser that left, or went on to another page, needs no answer
        with contextlib.suppress(ConnectionError):
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep quiet: the address holds the token."""
