"""The open services that know papers by identifier: OpenAlex, Crossref and arXiv, asked politely."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from analysis.corpus.fields import Fields
from analysis.corpus.identifiers import normal_arxiv, normal_doi
from analysis.corpus.readers import arxiv_atom, csl_json, openalex_json
from analysis.errors import EnrichmentError
from analysis.io.http_client import HttpClient, NoAnswerError

Identifier = Literal["doi", "arxiv_id"]
# seconds for one answer
_TIMEOUT = 30.0


@dataclass(frozen=True)
class Service:
    """One service: what it is asked by, how many papers at a time, and how long it wants to be left alone between.

    Attributes
    ----------
    name, base : str
        The base address, without a slash at its end.
    identifier : {"doi", "arxiv_id"}
    at_once : int
        Papers in one request.
    pause : float
        Seconds between two requests.
    address : callable
        From base and identifiers to (address, parameters).
    answers : callable
        From the text of an answer to (identifier, fields) of each paper in it; ValueError where the
        text is none of the service's.
    """

    name: str
    base: str
    identifier: Identifier
    at_once: int
    pause: float
    address: Callable[[str, Sequence[str]], tuple[str, dict[str, str]]] = field(repr=False)
    answers: Callable[[str], Iterator[tuple[str, Fields]]] = field(repr=False)


class ServiceClient:
    """Asks a service, waiting between requests and trying again when it is busy.

    Parameters
    ----------
    contact : str
        An e-mail address that the services can write to; sent with every request.
    retry_wait : float
        Seconds before the first repetition; doubled each time. What the service itself asks for goes first.
    """

    def __init__(self, contact: str, retry_wait: float = 1.0, timeout: float = _TIMEOUT) -> None:
        if "@" not in contact or any(char.isspace() for char in contact):
            raise EnrichmentError(f"{contact!r} is no e-mail address; the services ask for one that they can write to")
        self._contact = contact
        self._last: dict[str, float] = {}
        self._client = HttpClient(f"topictrends (mailto:{contact})", timeout, retry_wait)

    def ask(self, service: Service, identifiers: Sequence[str]) -> dict[str, Fields]:
        """Return what a service knows of some papers, by identifier; those it does not know are missing.

        Raises
        ------
        EnrichmentError
            It cannot be reached, stays busy, or answers with what is none of its answers.
        """
        address, parameters = service.address(service.base, identifiers)
        wait = self._last.get(service.name, 0.0) + service.pause - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        try:
            text = self._client.get(address, {**parameters, "mailto": self._contact})
        except NoAnswerError as error:
            if error.status == 404:
                return {}
            raise EnrichmentError(f"{service.name} {error}") from error
        finally:
            self._last[service.name] = time.monotonic()
        try:
            return {identifier: fields for identifier, fields in service.answers(text) if identifier in identifiers}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EnrichmentError(
                f"{service.name} sent what is none of its answers ({type(error).__name__})"
            ) from error

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _openalex_address(base: str, dois: Sequence[str]) -> tuple[str, dict[str, str]]:
    return f"{base}/works", {"filter": f"doi:{'|'.join(dois)}", "per-page": str(len(dois))}


def _openalex_answers(text: str) -> Iterator[tuple[str, Fields]]:
    for item in json.loads(text)["results"]:
        doi = normal_doi(str(item.get("doi") or ""))
        if doi is not None:
            yield doi, openalex_json.fields(item)


def _crossref_address(base: str, dois: Sequence[str]) -> tuple[str, dict[str, str]]:
    from urllib.parse import quote

    return f"{base}/works/{quote(dois[0], safe='')}", {}


def _crossref_answers(text: str) -> Iterator[tuple[str, Fields]]:
    item: Mapping[str, Any] = json.loads(text)["message"]
    doi = normal_doi(str(item["DOI"]))
    if doi is not None:
        yield doi, csl_json.fields(dict(item))


def _arxiv_address(base: str, ids: Sequence[str]) -> tuple[str, dict[str, str]]:
    return f"{base}/api/query", {"id_list": ",".join(ids), "max_results": str(len(ids))}


def _arxiv_answers(text: str) -> Iterator[tuple[str, Fields]]:
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(text.encode("utf-8"))
    except (ParseError, DefusedXmlException) as error:
        raise ValueError("no Atom feed") from error
    for entry in arxiv_atom.records(root):
        known = arxiv_atom.fields(entry)
        identifier = normal_arxiv(known.arxiv_id)
        if identifier is not None and known.title:
            yield identifier, known


# in the order in which they are asked: what the first fills the next leaves alone
SERVICES: tuple[Service, ...] = (
    Service("arXiv", "https://export.arxiv.org", "arxiv_id", 50, 3.0, _arxiv_address, _arxiv_answers),
    Service("OpenAlex", "https://api.openalex.org", "doi", 40, 0.2, _openalex_address, _openalex_answers),
    Service("Crossref", "https://api.crossref.org", "doi", 1, 0.2, _crossref_address, _crossref_answers),
)
