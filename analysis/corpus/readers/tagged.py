"""Files of tagged lines: RIS, MEDLINE, EndNote's, Web of Science's own and their kind. Each reader names its tags."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from analysis.corpus.fields import Fields, Location, to_record
from analysis.corpus.records import ReadFile, Record, Reject, Source


@dataclass
class TaggedRecord:
    """One record's tags with all their values, and its lines.

    Attributes
    ----------
    tags : dict of tag to list of str
        A value that goes on over several lines is joined by spaces; see `lists`.
    lines : dict of tag to list of list of str
        The same values line by line.
    start, end : int
        1-based and inclusive.
    """

    start: int
    end: int = 0
    tags: dict[str, list[str]] = field(default_factory=dict)
    lines: dict[str, list[list[str]]] = field(default_factory=dict)

    def add(self, tag: str, value: str) -> None:
        """Begin a value of a tag."""
        self.lines.setdefault(tag, []).append([value])

    def go_on(self, tag: str, value: str) -> None:
        """Continue the last value of a tag."""
        self.lines[tag][-1].append(value)

    def close(self, end: int) -> "TaggedRecord":
        """Return the record, ended at a line."""
        self.end = end
        self.tags = {tag: [" ".join(parts).strip() for parts in values] for tag, values in self.lines.items()}
        return self

    def first(self, *tags: str) -> str:
        """Return the first value of the first of these tags that has one."""
        for tag in tags:
            for value in self.tags.get(tag, ()):
                if value:
                    return value
        return ""

    def every(self, *tags: str) -> list[str]:
        """Return all values of the first of these tags that has any."""
        for tag in tags:
            if tag in self.tags:
                return [value for value in self.tags[tag] if value]
        return []

    def all_of(self, *tags: str) -> list[str]:
        """Return all values of all these tags, each once, in the order of the tags."""
        return list(dict.fromkeys(value for tag in tags for value in self.tags.get(tag, []) if value))

    def lists(self, tag: str) -> list[str]:
        """Return a tag's values line by line: Web of Science gives each author a line."""
        return [line.strip() for value in self.lines.get(tag, []) for line in value if line.strip()]


@dataclass(frozen=True)
class Grammar:
    """How a format of tagged lines is written.

    Attributes
    ----------
    line : pattern
        A line with a tag: groups tag and value.
    begin : str
        The tag that begins a record.
    end : str or None
        The tag that ends one; None where the next begins.
    outside : frozenset of str
        Tags that stand outside of records, such as a file's header.
    last : str
        The tag that ends a file; empty where none does.
    known : frozenset of str
        The format's tags: a line with another is text that goes on. Empty where any tag may be one.
    titles : frozenset of str
        Tags that a record has once: a second tells that the line which begins another record is lost.
    """

    line: re.Pattern[str]
    begin: str
    end: str | None
    outside: frozenset[str] = frozenset()
    last: str = ""
    known: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()


def records_of(text: str, grammar: Grammar, file: str) -> Iterator[TaggedRecord | Reject]:
    """Yield the records of a file in order, and a reject for every stretch of text that belongs to none."""
    record: TaggedRecord | None = None
    tag, stray, last, blank = "", 0, 0, False
    for number, line in enumerate(text.split("\n"), start=1):
        match = grammar.line.match(line)
        name = match["tag"].strip().upper() if match is not None else ""
        if grammar.known and name not in grammar.known:
            match, name = None, ""
        blank = blank or not line.strip()
        before, last = last, number if line.strip() else last
        if name == grammar.begin:
            if record is not None:
                if grammar.end is not None:
                    reason = f"a record without its last line “{grammar.end}”; what follows it may be another's"
                    yield Reject.at(file, number, reason, line, "damage")
                yield record.close(before)
            record, tag, stray, blank = TaggedRecord(number), name, 0, False
            record.add(tag, match["value"].strip() if match is not None else "")
        elif record is None:
            if line.strip() and name not in grammar.outside and not stray:
                stray = number
                yield Reject.at(file, number, "text outside of any record", line, "damage")
        elif match is not None and name == grammar.end:
            yield record.close(number)
            record, tag, stray = None, "", 0
        elif match is not None:
            tag = name
            if name in grammar.titles and name in record.lines:
                yield Reject.at(
                    file, number, "two titles in one record: the line that begins another may be lost", line, "damage"
                )
                if blank:
                    yield record.close(before)
                    record = TaggedRecord(number)
            record.add(tag, match["value"].strip())
        elif line.strip():
            # continued, indented or not
            record.go_on(tag, line.strip())
    if record is not None:
        if grammar.end is not None:
            yield Reject.at(
                file, last, f"the last record ends without “{grammar.end}”: the file may be cut", "", "damage"
            )
        yield record.close(last)
    if grammar.last and not re.search(rf"^{grammar.last}\s*$", text, re.MULTILINE):
        yield Reject.at(
            file, last or 1, f"the file ends without “{grammar.last}”: records may be missing", "", "damage"
        )


def read_tagged(
    text: str, file: str, grammar: Grammar, format_name: str, fields_of: Callable[[TaggedRecord], Fields]
) -> ReadFile:
    """Read a file of tagged lines; `fields_of` turns a record's tags into fields."""
    records: list[Record] = []
    rejects: list[Reject] = []
    ordinal = 0
    for item in records_of(text, grammar, file):
        if isinstance(item, Reject):
            rejects.append(item)
            continue
        ordinal += 1
        record, refused = to_record(fields_of(item), Location(file, ordinal, item.start, item.end))
        rejects += refused
        if record is not None:
            records.append(record)
    return ReadFile(Source(file, format=format_name), records, rejects)
