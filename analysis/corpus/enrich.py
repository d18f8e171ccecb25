"""What exports leave unknown, filled from open services: each cell with its source and day, nothing overwritten."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.corpus.fields import Fields, Location, to_record
from analysis.corpus.paper import Corpus
from analysis.corpus.records import Record
from analysis.corpus.schema import FILLED_COLUMNS, typed_filled, typed_papers
from analysis.corpus.services import Service, ServiceClient
from analysis.errors import EnrichmentError
from analysis.io.files import write_text, writing

# what is filled, and only where nothing is known
_WANTED = ("authors", "venue", "doi", "date", "references", "countries")
_TEXTS = ("venue", "doi", "type", "language", "volume", "issue", "pages")
_LISTS = ("affiliations", "countries", "keywords", "index_keywords", "references", "editor")
# a service that fails so often in a row is left alone
_PATIENCE = 3


@dataclass(frozen=True)
class ServiceOutcome:
    """How asking went: papers asked of a service, papers it knew, and what went wrong, one line per failure."""

    service: str
    asked: int
    known: int
    problems: tuple[str, ...]


def ask_services(
    corpus: Corpus,
    answers: Path,
    client: ServiceClient,
    services: Sequence[Service],
    report: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> list[ServiceOutcome]:
    """Ask services for what the corpus lacks, and keep every answer.

    Parameters
    ----------
    corpus : Corpus
        As read from its exports.
    answers : Path
        JSON lines, one per answer; written after each request, so that an interrupted run goes on
        where it stopped and nothing is asked twice.
    client : ServiceClient
    services : sequence of Service
    report : callable
        Told (service, papers done, papers in all).

    Returns
    -------
    list of ServiceOutcome
    """
    told = []
    with writing(answers):
        answers.parent.mkdir(parents=True, exist_ok=True)
        # asking takes minutes: whether the answers can be kept is known before
        answers.touch()
    _mend(answers)
    for service in services:
        known = {(entry["service"], entry["identifier"]) for entry in read_answers(answers)}
        open_questions = [
            identifier
            for identifier in _questions(fill_papers(corpus.papers, read_answers(answers))[0], service)
            if (service.name, identifier) not in known
        ]
        told.append(_ask(service, open_questions, answers, client, report))
    return told


def _ask(
    service: Service,
    questions: Sequence[str],
    answers: Path,
    client: ServiceClient,
    report: Callable[[str, int, int], None],
) -> ServiceOutcome:
    problems: list[str] = []
    found_in_all, failed_in_a_row, asked = 0, 0, 0
    today = dt.datetime.now(dt.UTC).date().isoformat()
    for start in range(0, len(questions), service.at_once):
        batch = questions[start : start + service.at_once]
        try:
            known = client.ask(service, batch)
        except EnrichmentError as error:
            problems.append(f"{error}: {batch[0]}{' and others' if len(batch) > 1 else ''}")
            failed_in_a_row += 1
            if failed_in_a_row == _PATIENCE:
                problems.append(f"{service.name} failed {_PATIENCE} times in a row and was left alone; run again later")
                break
            continue
        failed_in_a_row = 0
        asked += len(batch)
        found_in_all += len(known)
        with writing(answers), answers.open("a", encoding="utf-8") as file:
            for identifier in batch:
                fields = asdict(known[identifier]) if identifier in known else None
                entry = {"service": service.name, "identifier": identifier, "retrieved": today, "fields": fields}
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        report(service.name, min(start + len(batch), len(questions)), len(questions))
    return ServiceOutcome(service.name, asked, found_in_all, tuple(problems))


def _mend(answers: Path) -> None:
    """Drop a last line that an interruption cut, so that the next answer begins a line of its own."""
    try:
        text = answers.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EnrichmentError(f"{answers} cannot be read ({error}); delete it to ask the services again") from error
    if text and not text.endswith("\n"):
        write_text(answers, text[: text.rfind("\n") + 1])


def read_answers(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the kept answers; a last line that an interruption cut is passed over.

    Raises
    ------
    EnrichmentError
        Another line is damaged.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
    except (OSError, UnicodeDecodeError) as error:
        raise EnrichmentError(f"{path} cannot be read ({error}); delete it to ask the services again") from error
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        try:
            entry = _checked(json.loads(line))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            if number == len(lines):
                return
            raise EnrichmentError(
                f"{path}, line {number}: no answer of a service; delete the line and run again"
            ) from error
        yield entry


def _checked(entry: Any) -> dict[str, Any]:
    """Return an answer; raise KeyError, TypeError or ValueError where it is none."""
    named = (entry["service"], entry["identifier"], entry["retrieved"])
    fields = entry["fields"]
    if not all(isinstance(text, str) for text in named):
        raise TypeError("service, identifier and retrieved are texts")
    if fields is not None:
        known = Fields(**fields)
        for name, default in vars(Fields()).items():
            value = getattr(known, name)
            lists = (
                isinstance(default, list) and isinstance(value, list) and all(isinstance(item, str) for item in value)
            )
            if type(value) is not type(default) or (isinstance(default, list) and not lists):
                raise TypeError(f"{name} is no {type(default).__name__}")
    return dict(entry)


def fill_papers(papers: pd.DataFrame, entries: Iterable[dict[str, Any]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return papers with what answers know and they do not, and which cells were filled; see `read_answers`."""
    entries = list(entries)
    if not entries:
        return papers, typed_filled(pd.DataFrame([], columns=FILLED_COLUMNS))
    papers = papers.copy()
    positions = {name: papers.columns.get_loc(name) for name in papers.columns}
    by_identifier: dict[tuple[str, str], list[int]] = {}
    for row, (doi, arxiv_id) in enumerate(zip(papers["doi"], papers["arxiv_id"], strict=True)):
        for kind, value in (("doi", doi), ("arxiv_id", arxiv_id)):
            if pd.notna(value):
                by_identifier.setdefault((kind, value), []).append(row)
    cells: list[tuple[str, str, str, str, str]] = []
    for entry in entries:
        rows = [row for kind in ("doi", "arxiv_id") for row in by_identifier.get((kind, entry["identifier"]), [])]
        if entry["fields"] is None or not rows:
            continue
        record, _ = to_record(Fields(**entry["fields"]), Location(entry["service"], 1, 1, 1))
        for row in rows if record is not None else []:
            for name, value, told in _missing(papers.iloc[row], record):
                papers.iat[row, positions[name]] = value  # noqa: PD009
                if told:
                    cells.append((papers.index[row], name, told, entry["service"], entry["retrieved"]))
    return typed_papers(papers), typed_filled(pd.DataFrame(cells, columns=FILLED_COLUMNS))


def _missing(paper: pd.Series, record: Record | None) -> Iterator[tuple[str, Any, str]]:
    """Yield (column, value, value as text) of what the paper lacks and the answer knows; text is empty for what goes along."""
    if record is None:
        return
    if not isinstance(paper["authors"], list) and record.authors:
        yield "authors", list(record.authors), "; ".join(record.authors)
        if pd.isna(paper["n_authors"]):
            yield "n_authors", len(record.authors), ""
    for name in _TEXTS:
        value = getattr(record, name)
        if pd.isna(paper[name]) and value:
            yield name, value, value
    for name in _LISTS:
        values = getattr(record, name)
        if not isinstance(paper[name], list) and values:
            yield name, list(values), "; ".join(values)
    if pd.isna(paper["n_cited"]) and record.n_cited is not None:
        yield "n_cited", record.n_cited, str(record.n_cited)
    if paper["date_precision"] == "none" and record.published is not None:
        yield "date", record.published.date, record.published.date.date().isoformat()
        yield "date_precision", record.published.precision, ""


def _questions(papers: pd.DataFrame, service: Service) -> list[str]:
    """Return identifiers of the papers that lack something, each once, in order."""
    lacks = pd.Series(False, index=papers.index)
    for name in _WANTED:
        lacks |= papers["date_precision"].eq("none") if name == "date" else papers[name].isna()
    return sorted(set(papers.loc[lacks, service.identifier].dropna()))
