"""From the raw fields of an export's record to a record: identifiers, dates, names and texts in one form."""

import contextlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from analysis.corpus.dates import DateError
from analysis.corpus.identifiers import arxiv_of_doi, normal_arxiv, normal_doi, normal_pmid
from analysis.corpus.kinds import normal_language, normal_type
from analysis.corpus.latex import latex_to_text
from analysis.corpus.loose_dates import read_date
from analysis.corpus.markup import plain_text
from analysis.corpus.names import authors
from analysis.corpus.places import countries_of, country_code
from analysis.corpus.records import Published, Record, Reject
from analysis.corpus.text import clean_text, title_key
from analysis.escaping import one_line, url_text

# where a title and its subtitle meet, unless the title ends with a sign of its own
_ENDS = (":", "?", "!", ".", "–", "—")


@dataclass
class Fields:
    """What a reader found of one record, as it stands in the file.

    Attributes
    ----------
    title, subtitle, abstract : str
    dates : list of str
        In the order of trust; the most precise of those that agree with the first year is taken.
    authors, editor, affiliations : list of str
    countries : list of str
        Codes or names, where the database gives them; else they are read from the affiliations.
    keywords, index_keywords : list of str
        The authors', and a database's own.
    doi, arxiv_id, pmid, url, venue, organisation : str
    type, language : str
        In the database's words.
    references : list of str
        Identifiers or citations of what the paper cites.
    n_cited, volume, issue, pages : str
    comments, n_authors : str
    label : str
        A screener's decision.
    record_id : str
        The database's own number or key, by which others of its records refer to this one.
    latex : bool
        Whether texts hold LaTeX commands and braces.
    verbatim : bool
        Whether texts are clean already, as in a file that this package wrote.
    """

    title: str = ""
    subtitle: str = ""
    abstract: str = ""
    dates: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    editor: list[str] = field(default_factory=list)
    affiliations: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    index_keywords: list[str] = field(default_factory=list)
    doi: str = ""
    arxiv_id: str = ""
    pmid: str = ""
    url: str = ""
    venue: str = ""
    organisation: str = ""
    type: str = ""
    language: str = ""
    references: list[str] = field(default_factory=list)
    n_cited: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    comments: str = ""
    n_authors: str = ""
    label: str = ""
    record_id: str = ""
    latex: bool = False
    verbatim: bool = False

    def read(self, text: str) -> str:
        """Return a text of this record as plain Unicode."""
        if not text:
            return ""
        if self.verbatim:
            return one_line(text)
        return readable(latex_to_text(text) if self.latex else text)

    def read_all(self, texts: Iterable[str]) -> tuple[str, ...] | None:
        """Return texts as plain Unicode, each once, without empty ones; None where none is left."""
        return tuple(dict.fromkeys(text for text in map(self.read, texts) if text)) or None


@dataclass(frozen=True)
class Location:
    """Where a record stands: file, its number there, first and last line, all from 1."""

    file: str
    ordinal: int
    line_start: int
    line_end: int


def to_record(fields: Fields, location: Location) -> tuple[Record | None, list[Reject]]:
    """Return a record, or None where it has no title, and what of it had to be refused.

    Parameters
    ----------
    fields : Fields
    location : Location

    Returns
    -------
    record : Record or None
    rejects : list of Reject
        A record without a title, or a date that cannot be.
    """
    title = _whole_title(fields.read(fields.title), fields.read(fields.subtitle))
    if not title:
        excerpt = fields.abstract or fields.doi or fields.url or " ".join(fields.authors)
        return None, [Reject.at(location.file, location.line_start, "a record without a title", excerpt)]
    published, raw, problem = _published(fields.dates)
    rejects = (
        [Reject.at(location.file, location.line_start, f"date left unknown: {problem}", raw or "", "date")]
        if problem
        else []
    )
    doi = normal_doi(fields.doi) or normal_doi(fields.url if "doi" in fields.url else "")
    arxiv_id = normal_arxiv(fields.arxiv_id) or _arxiv_in(fields.doi) or _arxiv_in(fields.url) or arxiv_of_doi(doi)
    names = tuple(name for name in (fields.read(name) for name in authors(fields.authors)) if name)
    affiliations = fields.read_all(fields.affiliations)
    countries = [code for code in map(country_code, fields.countries) if code] or countries_of(affiliations or ())
    record = Record(
        file=location.file,
        ordinal=location.ordinal,
        line_start=location.line_start,
        line_end=location.line_end,
        title=title,
        abstract=fields.read(fields.abstract),
        date_raw=None if raw is None else one_line(raw),
        published=published,
        n_authors=len(names) or _number(fields.n_authors),
        organisation=fields.read(fields.organisation) or None,
        authors=names or None,
        doi=doi,
        arxiv_id=arxiv_id,
        pmid=normal_pmid(fields.pmid),
        url=url_text(fields.url) or _address(arxiv_id, doi),
        venue=fields.read(fields.venue) or None,
        comments=_number(fields.comments),
        affiliations=affiliations,
        countries=tuple(dict.fromkeys(countries)) or None,
        keywords=fields.read_all(fields.keywords),
        index_keywords=fields.read_all(fields.index_keywords),
        type=normal_type(fields.type, title),
        language=normal_language(one_line(fields.language)),
        references=_references(fields.references),
        n_cited=_number(fields.n_cited),
        volume=one_line(fields.volume) or None,
        issue=one_line(fields.issue) or None,
        pages=one_line(fields.pages) or None,
        editor=tuple(name for name in (fields.read(name) for name in authors(fields.editor)) if name) or None,
        label=one_line(fields.label) or None,
        record_id=one_line(fields.record_id) or None,
    )
    return record, rejects


def readable(text: str) -> str:
    """Return `text` without markup and entities, cleaned."""
    return clean_text(plain_text(text) if "<" in text or "&" in text or "\\documentclass" in text else text)


def split_list(text: str, separators: str = ";|") -> list[str]:
    """Return the parts of one cell, parted by the first of `separators` that it holds, or written as JSON."""
    if text.startswith('["') and text.endswith('"]'):
        with contextlib.suppress(ValueError):
            return [str(part) for part in json.loads(text)]
    separator = next((sign for sign in separators if sign in text), None)
    return [part.strip() for part in (text.split(separator) if separator else [text]) if part.strip()]


def page_range(first: str, last: str) -> str:
    """Return pages as a range, or the one that is known."""
    return f"{first}-{last}" if first and last and first != last else first or last


def _whole_title(title: str, subtitle: str) -> str:
    if not subtitle or title_key(subtitle) in title_key(title):
        return title
    if not title:
        return subtitle
    return f"{title} {subtitle}" if title.endswith(_ENDS) else f"{title}: {subtitle}"


def _references(texts: Sequence[str]) -> tuple[str, ...] | None:
    """Return what a paper cites, by DOI where one is given."""
    known = (normal_doi(text) or one_line(text) for text in texts)
    return tuple(dict.fromkeys(text for text in known if text)) or None


def _published(dates: Sequence[str]) -> tuple[Published | None, str | None, str]:
    """Return the best date, the text it came from, and what is wrong if there is none but should be."""
    given = [text for text in dates if text and text.strip()]
    read: list[tuple[str, Published]] = []
    problem = ""
    for text in given:
        try:
            date, precision = read_date(text)
        except DateError as error:
            problem = problem or str(error)
            continue
        if precision != "none":
            read.append((text, Published(date, precision)))
    if not read:
        return None, given[0] if given else None, problem
    year = read[0][1].date.year
    ranks = {"day": 0, "month": 1, "year": 2}
    raw, best = min((item for item in read if item[1].date.year == year), key=lambda item: ranks[item[1].precision])
    return best, raw, ""


def _arxiv_in(text: str) -> str | None:
    return normal_arxiv(text) if "arxiv" in text.lower() else None


def _address(arxiv_id: str | None, doi: str | None) -> str | None:
    if arxiv_id:
        return f"https://arxiv.org/abs/{arxiv_id}"
    return f"https://doi.org/{doi}" if doi else None


def _number(text: str) -> int | None:
    whole = text.strip().removesuffix(".0")
    return int(whole) if whole.isdecimal() and len(whole) < 10 else None
