"""BibTeX as people leave it, put right before it is parsed: the lines stay where they are, and what was mended is told.

A comma that is left out between two fields, a comment behind one, an entry that lost its @ or its last brace: a strict parser
glues the next field, or the next entry, to what it reads.
"""

import re
from dataclasses import dataclass, field

# where an entry begins, with its @ or without
_ENTRY = re.compile(
    r"^[ \t]*(?P<at>@?)[ \t]*(?P<kind>[A-Za-z]{3,20})[ \t]*(?P<open>[{(])(?P<key>[^,={}()\n]{0,200}),", re.MULTILINE
)
_KINDS = frozenset(
    "article book booklet conference inbook incollection inproceedings manual mastersthesis misc "
    "phdthesis proceedings techreport "
    "unpublished online report thesis dataset software patent collection inreference mvbook periodical suppbook electronic "
    "artwork audio video www data".split()
)
_SPECIAL = re.compile(r"[{}\"%\\\n]")
_NEXT_FIELD = re.compile(r"[ \t\n]*[A-Za-z][\w-]{1,30}[ \t]*=[ \t]*(?:[{\"]|\d|[A-Za-z])")
# what an entry that needs no mending does not hold: an end of a value before a field, a comment, a value without braces at
# the end of a line
_GLUED = re.compile(r"[}\"][ \t\n]*[A-Za-z][\w-]{1,30}[ \t]*=")
_COMMENT = re.compile(r"(?:^|[,}\"\w])[ \t]*%", re.MULTILINE)
_BARE_END = re.compile(r"=[ \t]*[\w.+-]+[ \t]*\n")
_BARE_VALUE = re.compile(r"=[ \t]*[\w.+-]+[ \t]*\n(?=[ \t]*[A-Za-z][\w-]{1,30}[ \t]*=)")


@dataclass
class Mended:
    """A text that a parser reads, and (line, reason) of what was put right."""

    text: str
    told: list[tuple[int, str]] = field(default_factory=list)


def mend(text: str) -> Mended:
    """Put BibTeX right where it is clear how."""
    starts = [match for match in _ENTRY.finditer(text) if match["at"] or match["kind"].lower() in _KINDS]
    if not starts:
        return Mended(text)
    pieces, line, last = [text[: starts[0].start()]], 1, 0
    told: list[tuple[int, str]] = []
    for match, stop in zip(starts, [*(match.start() for match in starts[1:]), len(text)], strict=True):
        line += text.count("\n", last, match.start())
        last = match.start()
        entry, reasons = _mended_entry(text[match.start() : stop], match)
        pieces.append(entry)
        told += [(line, reason) for reason in reasons]
    return Mended("".join(pieces), told)


def _mended_entry(entry: str, match: "re.Match[str]") -> tuple[str, list[str]]:
    """Return an entry that a parser reads, and what was mended."""
    reasons: list[str] = []
    if not match["at"]:
        begin = match.start("kind") - match.start()
        entry = f"{entry[:begin]}@{entry[begin:]}"
        reasons.append("an entry without its @")
    if match["open"] == "(":
        entry = _in_braces(entry)
    head = entry.index(",") + 1
    if _is_whole(entry, head):
        return entry[:head].replace(match["key"], _plain_key(match["key"]), 1) + entry[head:], reasons
    body, depth, commas = _scanned(entry[head:])
    if commas:
        reasons.append(f"{commas} comma(s) left out between fields")
    if depth > 0:
        # the entry ends before the next begins, whatever it left open
        kept = body.rstrip()
        body = kept + "}" * depth + body[len(kept) :]
        reasons.append("an entry without its last brace")
    return entry[:head].replace(match["key"], _plain_key(match["key"]), 1) + body, reasons


def _is_whole(entry: str, head: int) -> bool:
    """Return whether nothing of an entry needs mending, as of most; it is scanned where this cannot be told at a glance."""
    if _GLUED.search(entry, head) or _BARE_END.search(entry, head) or "\\\\" in entry:
        return False
    opened = entry.count("{") - entry.count("\\{")
    closed = entry.count("}") - entry.count("\\}")
    return opened == closed and not ("%" in entry and _COMMENT.search(entry, head))


def _in_braces(entry: str) -> str:
    """Return an entry in parentheses, which a parser may not know, in braces."""
    closed = entry.rstrip()
    if not closed.endswith(")"):
        return entry.replace("(", "{", 1)
    return closed[:-1].replace("(", "{", 1) + "}" + entry[len(closed) :]


def _plain_key(key: str) -> str:
    """Return a key without what a parser stumbles over; its length may change, its line does not."""
    return re.sub(r"\s+", "_", key.strip()) or "key"


def _scanned(body: str) -> tuple[str, int, int]:
    """Return an entry's body with comments left out and commas put in, the depth that it ends at, and how many commas."""
    out: list[str] = []
    depth, quoted, position, commas = 1, False, 0, 0
    while position < len(body) and depth > 0:
        found = _SPECIAL.search(body, position)
        if found is None:
            out.append(body[position:])
            position = len(body)
            break
        out.append(body[position : found.start()])
        char, position = found.group(), found.end()
        if char == "\\":
            out.append(body[found.start() : position + 1])
            position += 1
            continue
        if char == "%" and depth == 1 and not quoted:
            end = body.find("\n", position)
            position = len(body) if end < 0 else end
            continue
        out.append(char)
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
        elif char == '"' and depth == 1:
            quoted = not quoted
        closes = (char == "}" and depth == 1 and not quoted) or (char == '"' and depth == 1 and not quoted)
        if closes and _NEXT_FIELD.match(body, position):
            out.append(",")
            commas += 1
    rest = body[position:]
    whole = "".join(out)
    bare = len(_BARE_VALUE.findall(whole))
    if bare:
        whole = _BARE_VALUE.sub(lambda match: match.group().rstrip("\n") + ",\n", whole)
    return whole + rest, depth, commas + bare
