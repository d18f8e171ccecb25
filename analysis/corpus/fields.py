"""From the raw fields of an export's record to a record: identifiers, dates and texts in one form."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pylatexenc.latex2text import LatexNodes2Text

from analysis.corpus.dates import DateError
from analysis.corpus.loose_dates import read_date
from analysis.corpus.records import Published, Record, Reject
from analysis.corpus.text import clean_text
from analysis.escaping import url_text

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>{}|\\^`]+", re.IGNORECASE)
_ARXIV = re.compile(
    r"(?:arxiv[:./ ]*(?:org/)?(?:abs/|pdf/)?|^)\s*(\d{4}\.\d{4,5}|[a-z][a-z.-]+/\d{7})(?:v\d+)?(?:\.pdf)?\b",
    re.IGNORECASE,
)
_PMID = re.compile(r"^(?:https?://\S*?/)?(?:PMID:?\s*)?(\d{1,9})/?$", re.IGNORECASE)
_TAG = re.compile(r"</?(?:jats:)?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>")


@dataclass
class Fields:
    """What a reader found of one record, as it stands in the file.

    Attributes
    ----------
    title, abstract : str
    dates : list of str
        In the order of trust; the most precise of those that agree with the first year is taken.
    authors : list of str
    doi, arxiv_id, pmid, url, venue, organisation : str
    comments, n_authors : str
    latex : bool
        Whether texts hold LaTeX commands and braces.
    verbatim : bool
        Whether texts are clean already, as in a file that this package wrote.
    """

    title: str = ""
    abstract: str = ""
    dates: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    doi: str = ""
    arxiv_id: str = ""
    pmid: str = ""
    url: str = ""
    venue: str = ""
    organisation: str = ""
    comments: str = ""
    n_authors: str = ""
    latex: bool = False
    verbatim: bool = False


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

    def read(text: str) -> str:
        if fields.verbatim:
            return text.strip()
        return readable(_without_latex(text) if fields.latex else text)

    title = read(fields.title)
    if not title:
        excerpt = fields.abstract or fields.doi or fields.url or " ".join(fields.authors)
        return None, [Reject.at(location.file, location.line_start, "a record without a title", excerpt)]
    abstract = read(fields.abstract)
    published, raw, problem = _published(fields.dates)
    rejects = (
        [Reject.at(location.file, location.line_start, f"date left unknown: {problem}", raw or "", "date")]
        if problem
        else []
    )
    arxiv_id = normal_arxiv(fields.arxiv_id) or _arxiv_in(fields.doi) or _arxiv_in(fields.url)
    doi, url = (
        normal_doi(fields.doi) or normal_doi(fields.url if "doi.org/" in fields.url else ""),
        url_text(fields.url),
    )
    authors = tuple(name for name in (read(author) for author in fields.authors) if name)
    record = Record(
        file=location.file,
        ordinal=location.ordinal,
        line_start=location.line_start,
        line_end=location.line_end,
        title=title,
        abstract=abstract,
        date_raw=raw,
        published=published,
        n_authors=len(authors) or _number(fields.n_authors),
        organisation=read(fields.organisation) or None,
        authors=authors or None,
        doi=doi,
        arxiv_id=arxiv_id,
        pmid=normal_pmid(fields.pmid),
        url=url or _address(arxiv_id, doi),
        venue=read(fields.venue) or None,
        comments=_number(fields.comments),
    )
    return record, rejects


def normal_doi(text: str) -> str | None:
    """Return a DOI in lower case without its resolver's address; None where there is none."""
    whole = re.sub(r"/\s+", "/", html.unescape(text).replace("%2F", "/").replace("%2f", "/").replace("\\_", "_"))
    match = _DOI.search(whole)
    return match.group().rstrip(".,;)]").lower() if match else None


def normal_arxiv(text: str) -> str | None:
    """Return an arXiv id without version and prefix; None where there is none."""
    match = _ARXIV.search(text.strip())
    return match[1].lower() if match else None


def normal_pmid(text: str) -> str | None:
    """Return a PubMed id, digits alone; None where there is none."""
    match = _PMID.match(text.strip())
    return match[1].lstrip("0") or None if match else None


def readable(text: str) -> str:
    """Return `text` without markup and entities, cleaned."""
    if "<" in text or "&" in text:
        text = html.unescape(_TAG.sub(" ", html.unescape(text) if "&lt;" in text else text))
    return clean_text(text)


def split_authors(text: str, separator: str = ";") -> list[str]:
    """Return names from one field."""
    return [name.strip() for name in text.split(separator) if name.strip()]


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


def _without_latex(text: str) -> str:
    if not any(char in text for char in "\\{}$~"):
        return text
    try:
        return str(LatexNodes2Text(math_mode="verbatim", keep_comments=True).latex_to_text(text, tolerant_parsing=True))
    except (ValueError, RecursionError, IndexError):
        # what is no LaTeX stands as it is, without its braces
        return text.replace("{", "").replace("}", "")


def _number(text: str) -> int | None:
    return int(text) if text.strip().isdecimal() else None
