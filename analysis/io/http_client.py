"""One client for services on the network: it waits, tries again, and tells what went wrong in one kind of error."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

# times that a failed request is tried again
_RETRIES = 4
_PIECE = 1 << 20
_BUSY = (429, 500, 502, 503, 504)


class NoAnswerError(Exception):
    """A service cannot be reached, or answers with a status that is none of success."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


class HttpClient:
    """Asks services over HTTP; a busy one is asked again.

    Parameters
    ----------
    agent : str
        What the program calls itself.
    timeout : float
        Seconds for one answer.
    retry_wait : float
        Seconds before the first repetition; doubled each time. What the service itself asks for goes first.
    """

    def __init__(self, agent: str = "topictrends", timeout: float = 30.0, retry_wait: float = 1.0) -> None:
        import requests
        from requests.adapters import HTTPAdapter
        from urllib3.util import Retry

        self._timeout = timeout
        self._session = requests.Session()
        self._session.headers["User-Agent"] = agent
        retry = Retry(
            total=_RETRIES,
            backoff_factor=retry_wait,
            status_forcelist=_BUSY,
            respect_retry_after_header=True,
            allowed_methods=("GET",),
            raise_on_status=False,
        )
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))

    def get(self, address: str, parameters: Mapping[str, str]) -> str:
        """Return the text of an answer; raises NoAnswerError."""
        return self._answer("GET", address, params=dict(parameters))

    def post(self, address: str, content: Any, headers: Mapping[str, str]) -> str:
        """Send JSON, once, and return the text of the answer; raises NoAnswerError."""
        # where it is sent was agreed to; a redirection would send it, and the key, elsewhere
        return self._answer("POST", address, json=content, headers=dict(headers), allow_redirects=False)

    def download(self, address: str, target: Path) -> None:
        """Write an answer to a file, piece by piece; raises NoAnswerError."""
        import requests

        try:
            with self._session.get(address, timeout=self._timeout, stream=True) as answer:
                if answer.status_code != 200:
                    raise NoAnswerError(f"answered with status {answer.status_code}", answer.status_code)
                with target.open("wb") as stream:
                    for piece in answer.iter_content(_PIECE):
                        stream.write(piece)
        except requests.RequestException as error:
            raise NoAnswerError(f"cannot be reached ({type(error).__name__})") from error

    def _answer(self, method: str, address: str, **options: Any) -> str:
        import requests

        try:
            answer = self._session.request(method, address, timeout=self._timeout, **options)
        except requests.RequestException as error:
            raise NoAnswerError(f"cannot be reached ({type(error).__name__})") from error
        if answer.status_code != 200:
            raise NoAnswerError(f"answered with status {answer.status_code}", answer.status_code)
        return str(answer.text)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def __enter__(self) -> "HttpClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
