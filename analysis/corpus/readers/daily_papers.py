"""Reader of text dumps of Hugging Face "Daily Papers" search pages.

A page is a header up to its own date line, then entries: title, blank, abstract, blank and
often a footer of three lines (a byline or an organisation, ``·``, a date). Entries without a
footer stand between entries with one, so a footer belongs to the abstract right above it.
"""

import itertools
import re
from dataclasses import dataclass

from analysis.corpus.dates import DateError, PageDate, looks_like_page_date, parse_page_date
from analysis.corpus.records import ReadFile, Record, Reject, Source
from analysis.corpus.text import clean_text

FORMAT = "daily_papers"

_DOT = "·"
_LONGEST_BYLINE = 150
_AUTHORS = re.compile(r"^•\s*(\d+)\s+authors?$")
_HEADER_LINES = (
    "new",
    "Get trending papers in your email inbox!",
    "Subscribe",
    "Daily Papers",
    "byAK and the research community",
)
_SENTENCE_END = re.compile(r"[.!?…。:;)\]}\"'”’]$")
_ENDS_WITH_ADDRESS = re.compile(r"(?:https?://|www\.)\S+$|\S+\.(?:com|org|io|net|edu|ai)/\S*$")


@dataclass(frozen=True)
class _Block:
    """Consecutive non-blank lines; ``start`` and ``end`` are 1-based and inclusive."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class _Footer:
    """What stands below an abstract: byline or organisation, and the date line."""

    start: int
    end: int
    byline: str | None
    date_raw: str | None


def recognises(text: str) -> bool:
    """Return whether `text` is a Daily Papers page: its header, or footers as only it has them."""
    lines = [line.strip() for line in text.splitlines()]
    if any(marker in lines[:40] for marker in (_HEADER_LINES[1], _HEADER_LINES[4])):
        return True
    return any(line == _DOT and looks_like_page_date(below) for line, below in itertools.pairwise(lines))


def read(text: str, file: str) -> ReadFile:
    """Read one page.

    Parameters
    ----------
    text : str
        The page, decoded; line ends of any kind.
    file : str
        The name under which records and rejects report it.

    Returns
    -------
    ReadFile
        Records with 1-based ordinals and line ranges; entries that the page cuts off, titles
        without an abstract and impossible dates are rejects.
    """
    # split on \n alone: str.splitlines would also split on characters that stand inside abstracts
    lines = [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    body, page_raw, page_date, rejects = _read_header(lines, file)
    blocks, footers = _split(lines, body)
    page = Source(file, page_raw, page_date, has_bylines=any(footer is not None for footer in footers))
    records: list[Record] = []
    for index, (run, footer) in enumerate(zip(blocks, footers, strict=True)):
        is_last = index == len(blocks) - 1
        entries, lost = _pair(run, file)
        rejects += lost
        for position, (title, abstract) in enumerate(entries):
            owns_footer = footer is not None and position == len(entries) - 1
            cut = is_last and position == len(entries) - 1 and _cut_reason(title, abstract, footer)
            if cut:
                rejects.append(Reject.at(file, title.start, cut, title.text))
                continue
            record, bad_date = _record(file, len(records) + 1, title, abstract, footer if owns_footer else None)
            records.append(record)
            rejects += bad_date
        if footer is not None and not entries:
            rejects.append(Reject.at(file, footer.start, "a byline without an entry above it", footer.byline or _DOT))
    return ReadFile(page, records, sorted(rejects, key=lambda reject: reject.line))


def _read_header(lines: list[str], file: str) -> tuple[int, str | None, PageDate | None, list[Reject]]:
    """Return the body's first line (0-based) and the page's own date."""
    first_dot = lines.index(_DOT) if _DOT in lines else len(lines)
    last_header = max((i for i, line in enumerate(lines[:first_dot]) if line in _HEADER_LINES), default=-1)
    for i, line in enumerate(lines[:first_dot]):
        if looks_like_page_date(line):
            try:
                return i + 1, line, parse_page_date(line), []
            except DateError as error:
                return i + 1, line, None, [Reject.at(file, i + 1, f"the page's own date: {error}", line, "date")]
    reason = "the page has no date line of its own, so its year-less dates stay unknown unless other pages prove them"
    return last_header + 1, None, None, [Reject.at(file, max(last_header + 1, 1), reason, "", "date")]


def _split(lines: list[str], body: int) -> tuple[list[list[_Block]], list[_Footer | None]]:
    """Split the body into runs of text blocks, each run closed by a footer or by the page's end."""
    runs: list[list[_Block]] = [[]]
    footers: list[_Footer | None] = []
    i = body
    while i < len(lines):
        if not lines[i]:
            i += 1
            continue
        footer = _footer_at(lines, i)
        if footer is not None:
            footers.append(footer)
            runs.append([])
            i = footer.end
            continue
        start = i
        while i < len(lines) and lines[i] and (i == start or _footer_at(lines, i) is None):
            i += 1
        runs[-1].append(_Block(start + 1, i, " ".join(lines[start:i])))
    if not runs[-1] and footers:
        return runs[:-1], footers
    return runs, [*footers, None]


def _footer_at(lines: list[str], i: int) -> _Footer | None:
    """Return the footer that begins at line `i` (0-based), if one does."""
    line = lines[i]
    below = lines[i + 1] if i + 1 < len(lines) else ""
    # a bullet is a byline cut short only where the page ends with it; elsewhere it may be part of an abstract
    is_authors = bool(_AUTHORS.match(line)) or (line.startswith("•") and not any(lines[i + 1 :]))
    if line == _DOT:
        byline, dot = None, i
    elif below == _DOT and len(line) <= _LONGEST_BYLINE:
        byline, dot = line, i + 1
    elif is_authors:
        return _Footer(i + 1, i + 1, line, None)
    else:
        return None
    dated = dot + 1 < len(lines) and bool(lines[dot + 1])
    return _Footer(i + 1, dot + 2 if dated else dot + 1, byline, lines[dot + 1] if dated else None)


def _pair(blocks: list[_Block], file: str) -> tuple[list[tuple[_Block, _Block]], list[Reject]]:
    """Read a run of blocks as titles and abstracts in turn, the least surprising way.

    A clean page alternates. Where a piece is missing or an abstract has two paragraphs, the
    reading with the smallest total surprise (by length and ending) is taken.
    """
    best: list[tuple[float, int, str]] = [(0.0, 0, "")]
    for end in range(1, len(blocks) + 1):
        last = blocks[end - 1]
        ways = [
            (best[end - 1][0] + 4.0 + _title_surprise(last), 1, "lone title"),
            (best[end - 1][0] + 6.0 + _abstract_surprise(last), 1, "lone abstract"),
        ]
        if end >= 2:
            surprise = _title_surprise(blocks[end - 2]) + _abstract_surprise(last)
            ways.append((best[end - 2][0] + surprise, 2, "entry"))
        if end >= 3:
            whole = _title_surprise(blocks[end - 3]) + _abstract_surprise(blocks[end - 2]) + _abstract_surprise(last)
            ways.append((best[end - 3][0] + whole + 3.0, 3, "entry"))
        best.append(min(ways))
    entries: list[tuple[_Block, _Block]] = []
    rejects: list[Reject] = []
    end = len(blocks)
    while end:
        _, width, kind = best[end]
        part = blocks[end - width : end]
        if kind == "entry":
            entries.append((part[0], _Block(part[1].start, part[-1].end, " ".join(block.text for block in part[1:]))))
        else:
            reason = "a title without an abstract" if kind == "lone title" else "an abstract without a title"
            rejects.append(Reject.at(file, part[0].start, reason, part[0].text))
        end -= width
    return entries[::-1], rejects


def _title_surprise(block: _Block) -> float:
    length = len(block.text)
    return (0.0 if length <= 220 else 2.0 if length <= 350 else 5.0) + (0.5 if block.text.endswith(".") else 0.0)


def _abstract_surprise(block: _Block) -> float:
    length = len(block.text)
    return 0.0 if length >= 250 else 0.5 if length >= 100 else 1.5


def _cut_reason(title: _Block, abstract: _Block, footer: _Footer | None) -> str:
    """Say why the page's last entry is incomplete; empty where it is whole.

    An abstract may end without a full stop, with an address or with its own title. One that
    ends otherwise, at the very end of the page and without a byline, was cut.
    """
    if footer is not None:
        if footer.date_raw is not None and (looks_like_page_date(footer.date_raw) or len(footer.date_raw) > 12):
            return ""
        return "the page ends inside this entry's byline"
    text = abstract.text
    whole = _SENTENCE_END.search(text) or _ENDS_WITH_ADDRESS.search(text) or text.endswith(title.text)
    if whole:
        return ""
    return "the page ends inside this entry's abstract"


def _record(
    file: str, ordinal: int, title: _Block, abstract: _Block, footer: _Footer | None
) -> tuple[Record, list[Reject]]:
    date_raw = footer.date_raw if footer else None
    date: PageDate | None = None
    rejects: list[Reject] = []
    if footer is not None:
        try:
            if date_raw is None:
                raise DateError("the byline has no date line")
            date = parse_page_date(date_raw)
        except DateError as error:
            excerpt = f"{title.text[:60]} … {date_raw or ''}"
            rejects.append(Reject.at(file, footer.end, f"date left unknown: {error}", excerpt, "date"))
    authors = _AUTHORS.match(footer.byline) if footer and footer.byline else None
    organisation = footer.byline if footer and footer.byline and not footer.byline.startswith("•") else None
    record = Record(
        file=file,
        ordinal=ordinal,
        line_start=title.start,
        line_end=footer.end if footer else abstract.end,
        title=clean_text(title.text),
        abstract=clean_text(abstract.text),
        date_raw=date_raw,
        page_date=date,
        n_authors=int(authors.group(1)) if authors else None,
        organisation=_display_name(organisation) if organisation else None,
    )
    return record, rejects


def _display_name(line: str) -> str:
    """Return the organisation's display name: the line is its handle, a space, then that name."""
    _, _, name = line.partition(" ")
    return name.strip() or line
