"""Tables of one record per row: which column holds what, by the names that databases give them."""

import re
from collections.abc import Iterable, Mapping, Sequence

from analysis.corpus.fields import Fields, split_authors

# the mark of a table that this package wrote, whose texts are clean already
OWN_MARK = "topictrends"
_NEUTRALISED = re.compile(r"'+[=+\-@\t\r]")
# for each field the names of columns, folded, in the order of trust
_NAMES: dict[str, tuple[str, ...]] = {
    "title": (
        "title",
        "document title",
        "item title",
        "article title",
        "display name",
        "paper title",
        "headline",
        "titel",
        "titulo",
        "titre",
        "ti",
        "name",
    ),
    "abstract": (
        "abstract",
        "abstract note",
        "abstract text",
        "summary",
        "resumen",
        "resume",
        "zusammenfassung",
        "ab",
        "description",
    ),
    "date": (
        "date",
        "publication date",
        "published",
        "published at",
        "published date",
        "date published",
        "online date",
        "issue date",
        "cover date",
        "created",
        "submitted",
        "fecha",
        "datum",
        "date created",
        "update date",
    ),
    "year": ("year", "publication year", "pub year", "py", "jahr", "ano", "annee"),
    "month": ("month", "pd"),
    "authors": (
        "authors",
        "author",
        "authors full names",
        "author full names",
        "author s",
        "authorships author display name",
        "au",
        "creators",
        "autores",
        "auteurs",
    ),
    "doi": ("doi", "item doi", "di"),
    "arxiv_id": ("arxiv id", "arxiv", "eprint", "archive id"),
    "pmid": ("pmid", "pubmed id", "ids pmid", "pm"),
    "url": ("url", "link", "pdf link", "article url", "source url", "landing page url"),
    "venue": (
        "publication title",
        "source title",
        "journal",
        "venue",
        "primary location source display name",
        "journal name",
        "so",
        "container title",
        "conference name",
        "host",
    ),
    "organisation": ("organisation", "organization"),
    "n_authors": ("n authors",),
    "comments": ("comments",),
    "written_by": ("written by",),
}
FIELDS = tuple(_NAMES)


def folded(name: str) -> str:
    """Return a column's name in the form in which names are compared."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.findall(r"[^\W_]+", spaced.casefold()))


def map_columns(header: Sequence[str], chosen: Mapping[str, str] | None = None) -> dict[str, list[int]]:
    """Return which columns hold each field, in the order of trust.

    Parameters
    ----------
    header : sequence of str
    chosen : mapping of field to column, optional
        As study.toml names them; goes before any guess.
    """
    positions: dict[str, list[int]] = {}
    names = [folded(name) for name in header]
    for field, known in _NAMES.items():
        columns = [names.index(name) for name in known if name in names]
        if chosen is not None and field in chosen:
            columns = [number for number, name in enumerate(header) if name == chosen[field]] + columns
        if columns:
            positions[field] = list(dict.fromkeys(columns))
    return positions


def is_table(header: Sequence[str], chosen: Mapping[str, str] | None = None) -> bool:
    """Return whether a header names a title, and an abstract, a date or an identifier."""
    positions = map_columns(header, chosen)
    return "title" in positions and any(name in positions for name in ("abstract", "date", "year", "doi", "authors"))


def fields_of_row(row: Sequence[str], positions: Mapping[str, Sequence[int]]) -> Fields:
    """Return the fields of one row; of several columns for a field the first that is filled counts."""

    def every(name: str) -> Iterable[str]:
        return (
            _as_text(row[position])
            for position in positions.get(name, ())
            if position < len(row) and row[position].strip()
        )

    def first(name: str) -> str:
        return next(iter(every(name)), "")

    year, month = first("year"), first("month")
    return Fields(
        title=first("title"),
        abstract=first("abstract"),
        dates=[*every("date"), f"{year} {month}".strip() if year else "", year],
        authors=_names(first("authors")),
        doi=first("doi"),
        arxiv_id=first("arxiv_id"),
        pmid=first("pmid"),
        url=first("url"),
        venue=first("venue"),
        organisation=first("organisation"),
        n_authors=first("n_authors"),
        comments=first("comments"),
        verbatim=first("written_by") == OWN_MARK,
    )


def _as_text(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from running it."""
    cell = cell.strip()
    return cell[1:] if _NEUTRALISED.match(cell) else cell


def _names(text: str) -> list[str]:
    """Return authors from one cell: parted by semicolons or bars, else by commas where initials tell that they part names."""
    for separator in (";", "|"):
        if separator in text:
            # "Phillips, J. (57202138757)": the number is the database's
            return [re.sub(r"\s*\(\d+\)$", "", name) for name in split_authors(text, separator)]
    parts = split_authors(text, ",")
    # "Phillips J.C., Braun R.": a surname with its initials in each part
    if len(parts) > 1 and all(" " in part for part in parts):
        return parts
    return [text] if text else []
