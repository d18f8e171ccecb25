"""Enrichment against services on loopback that speak as the real ones do, and fail as they do."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlparse

import pandas as pd
import pytest

from analysis.corpus.enrich import ask_services, fill_papers, read_answers
from analysis.corpus.paper import Corpus
from analysis.corpus.services import SERVICES, Service, ServiceClient
from analysis.errors import ArtefactError, EnrichmentError

Answer = tuple[int, str, dict[str, str]]


class Services:
    """Three services on one address; `script` answers first, one answer a request."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.agents: list[str] = []
        self.script: list[Answer | Callable[[BaseHTTPRequestHandler], None]] = []

    def answer(self, path: str) -> Answer:
        found = urlparse(path)
        given = parse_qs(found.query)
        if found.path == "/works":
            dois = given["filter"][0].removeprefix("doi:").split("|")
            known = [doi for doi in dois if "unknown" not in doi]
            works = [
                {
                    "id": "https://openalex.org/W1",
                    "doi": f"https://doi.org/{doi.upper()}",
                    "display_name": f"About {doi}",
                    "publication_date": "2020-05-06",
                    "authorships": [{"author": {"display_name": "Anna Berg"}}],
                    "primary_location": {"source": {"display_name": "Open Venue"}},
                }
                for doi in known
            ]
            return 200, json.dumps({"results": works}), {}
        if found.path.startswith("/works/"):
            doi = unquote(found.path.removeprefix("/works/"))
            if "nowhere" in doi:
                return 404, "Resource not found.", {}
            item = {
                "DOI": doi,
                "title": ["A title"],
                "container-title": ["Crossref Venue"],
                "issued": {"date-parts": [[2019]]},
            }
            return 200, json.dumps({"message": item}), {}
        ids = given["id_list"][0].split(",")
        entries = "".join(
            f"<entry><id>http://arxiv.org/abs/{name}v1</id><published>2018-01-02T00:00:00Z</published><title>T {name}</title>"
            "<author><name>Li Wei</name></author></entry>"
            for name in ids
        )
        return 200, f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>', {}


@pytest.fixture
def server() -> Iterator[tuple[Services, tuple[Service, ...]]]:
    state = Services()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            state.agents.append(self.headers["User-Agent"])
            planned = state.script.pop(0) if state.script else state.answer(self.path)
            if callable(planned):
                planned(self)
                return
            status, text, headers = planned
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(text.encode()))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    base = f"http://127.0.0.1:{running.server_port}"
    yield state, tuple(replace(service, base=base, pause=0.0) for service in SERVICES)
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.fixture
def client() -> Iterator[ServiceClient]:
    made = ServiceClient("me@example.org", retry_wait=0.0, timeout=5.0)
    yield made
    made.close()


def corpus(**columns: list[object]) -> Corpus:
    count = len(next(iter(columns.values())))
    names = [f"p{i}" for i in range(count)]
    made = Corpus.from_frame(
        pd.DataFrame({"title": [f"Title {name}" for name in names], "abstract": "Text.", "id": names})
    )
    papers = made.papers.copy()
    for name, values in columns.items():
        papers[name] = pd.Series(values, index=papers.index, dtype=papers[name].dtype)
    return made.with_papers(papers)


def test_every_service_fills_what_is_unknown_and_says_so(
    server: tuple[Services, tuple[Service, ...]], client: ServiceClient, tmp_path: Path
) -> None:
    state, services = server
    made = corpus(doi=["10.1000/a", None, "10.1000/unknown"], arxiv_id=[None, "1801.00001", None])
    answers = tmp_path / "answers.jsonl"
    asked = ask_services(made, answers, client, services)
    assert [(item.service, item.problems) for item in asked] == [("arXiv", ()), ("OpenAlex", ()), ("Crossref", ())]
    papers, cells = fill_papers(made.papers, read_answers(answers))
    assert papers.loc["p0", ["venue", "date_precision"]].tolist() == ["Open Venue", "day"]
    assert papers.loc["p0", "authors"] == ["Anna Berg"]
    assert papers.loc["p1", "authors"] == ["Li Wei"]
    assert str(papers.loc["p1", "date"].date()) == "2018-01-02"
    assert papers.loc["p2", ["venue", "date_precision"]].tolist() == ["Crossref Venue", "year"]
    told = cells.set_index(["paper_id", "field"])
    assert told.loc[("p0", "venue"), "source"] == "OpenAlex"
    assert told.loc[("p2", "date"), "source"] == "Crossref"
    assert told["retrieved"].str.fullmatch(r"\d{4}-\d{2}-\d{2}").all()
    assert all("mailto:me@example.org" in agent for agent in state.agents)
    assert all("mailto=me%40example.org" in path for path in state.asked)


def test_nothing_known_is_overwritten(
    server: tuple[Services, tuple[Service, ...]], client: ServiceClient, tmp_path: Path
) -> None:
    _, services = server
    made = corpus(doi=["10.1000/a"], venue=["My Venue"], date_precision=["year"], date=[pd.Timestamp("1999-07-02")])
    ask_services(made, tmp_path / "answers", client, services)
    papers, _ = fill_papers(made.papers, read_answers(tmp_path / "answers"))
    assert papers["venue"].tolist() == ["My Venue"]
    assert papers["date"].dt.year.tolist() == [1999]
    assert papers["authors"].tolist() == [["Anna Berg"]]
    pd.testing.assert_frame_equal(made.papers[["title", "abstract", "doi"]], papers[["title", "abstract", "doi"]])


def test_what_was_answered_is_not_asked_again(
    server: tuple[Services, tuple[Service, ...]], client: ServiceClient, tmp_path: Path
) -> None:
    state, services = server
    made = corpus(doi=[f"10.1000/unknown{i}" for i in range(100)])
    openalex = [service for service in services if service.name == "OpenAlex"]
    ask_services(made, tmp_path / "answers", client, openalex)
    assert len(state.asked) == 3
    ask_services(made, tmp_path / "answers", client, openalex)
    assert len(state.asked) == 3


def test_an_interrupted_run_goes_on_where_it_stopped(
    server: tuple[Services, tuple[Service, ...]], client: ServiceClient, tmp_path: Path
) -> None:
    state, services = server
    answers = tmp_path / "answers"
    made = corpus(doi=[f"10.1000/{i}" for i in range(100)])
    openalex = [service for service in services if service.name == "OpenAlex"]

    def stop(name: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask_services(made, answers, client, openalex, stop)
    answers.write_text(answers.read_text(encoding="utf-8") + '{"service": "OpenAl', encoding="utf-8")
    assert len(list(read_answers(answers))) == 40
    ask_services(made, answers, client, openalex)
    assert sorted(entry["identifier"] for entry in read_answers(answers)) == sorted(made.papers["doi"])
    assert len(state.asked) == 3


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_service_is_tried_again(
    status: int, server: tuple[Services, tuple[Service, ...]], client: ServiceClient, tmp_path: Path
) -> None:
    state, services = server
    state.script = [(status, "busy", {"Retry-After": "0"}), (status, "busy", {})]
    asked = ask_services(corpus(doi=["10.1000/a"]), tmp_path / "answers", client, services[1:2])
    assert asked[0].problems == ()
    assert asked[0].known == 1
    assert len(state.asked) == 3


def _hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.close()


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        ((200, '{"results": [{"doi": "10.1000/a", "disp', {}), "none of its answers"),
        ((200, "[]", {}), "none of its answers"),
        ((403, "no", {}), "status 403"),
    ],
)
def test_what_is_no_answer_is_told_and_the_rest_goes_on(
    failure: Answer, message: str, server: tuple[Services, tuple[Service, ...]], client: ServiceClient, tmp_path: Path
) -> None:
    state, services = server
    state.script = [failure]
    asked = ask_services(
        corpus(doi=[f"10.1000/{i:03d}" for i in range(80)]), tmp_path / "answers", client, services[1:2]
    )
    assert message in asked[0].problems[0]
    assert asked[0].known == 40


def test_a_service_that_never_answers_is_left_alone(
    server: tuple[Services, tuple[Service, ...]], client: ServiceClient, tmp_path: Path
) -> None:
    state, services = server
    state.script = [_hang_up] * 200
    asked = ask_services(
        corpus(doi=[f"10.1000/{i:03d}" for i in range(400)]), tmp_path / "answers", client, services[1:2]
    )
    assert asked[0].known == 0
    assert "cannot be reached" in asked[0].problems[0]
    assert "left alone" in asked[0].problems[-1]
    assert len(state.asked) < 20


def test_damaged_answers_and_contacts_are_clear_errors(tmp_path: Path) -> None:
    path = tmp_path / "answers"
    path.write_text('{"service": 1}\n{}\n', encoding="utf-8")
    with pytest.raises(EnrichmentError, match="line 1"):
        list(read_answers(path))
    with pytest.raises(EnrichmentError, match="no e-mail address"):
        ServiceClient("nobody")


def test_answers_are_kept_before_a_first_run_and_a_place_that_cannot_be_written_is_told_at_once(
    server: tuple[Services, tuple[Service, ...]], client: ServiceClient, tmp_path: Path
) -> None:
    told, services = server
    answers = tmp_path / "not" / "there" / "answers.jsonl"
    ask_services(corpus(doi=["10.1000/a"]), answers, client, services[1:2])
    assert len(list(read_answers(answers))) == 1
    (tmp_path / "file").write_text("", encoding="utf-8")
    asked = len(told.asked)
    with pytest.raises(ArtefactError, match="cannot be written"):
        ask_services(corpus(doi=["10.1000/b"]), tmp_path / "file" / "answers.jsonl", client, services[1:2])
    assert len(told.asked) == asked
