"""From a file's bytes to its text: UTF-8, line by line where lines differ, or the code page that its bytes speak of."""

import re
from dataclasses import dataclass, field

import chardet

from analysis.corpus.records import Reject

_MARKS = {b"\xff\xfe\x00\x00": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# code pages whose words are written in bytes above 127 throughout, and those with single such letters, by Python's names
_OTHER_SCRIPTS = frozenset(
    "cp1251 koi8-r koi8-u iso8859-5 cp866 gb18030 gbk gb2312 big5 cp950 big5hkscs cp932 shift_jis euc_jp cp949 euc_kr "
    "cp1253 iso8859-7 cp1255 iso8859-8 cp1256 iso8859-6 cp874 tis-620".split()
)
_LATIN = frozenset("cp1250 iso8859-2 iso8859-16 cp1254 iso8859-9 cp1257 iso8859-13 iso8859-4".split())
_EAST_ASIAN = frozenset("gb18030 gbk gb2312 big5 cp950 big5hkscs cp932 shift_jis euc_jp cp949 euc_kr".split())
_WESTERN = "cp1252"
# so many letters beyond ASCII speak for a code page; of fewer nothing can be said
_FEW = 12
_LOOKED_AT = 200_000
# more NULs than this share are no damage but another kind of file
_MOST_NULS = 0.1
_KINDS = (
    (b"%PDF", "a PDF: export the records, not the papers"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "a database of SQLite, as Zotero keeps its library in: export from the program"),
    (b"PK\x03\x04", "a zip archive, perhaps a Word document"),
    (b"Rar!", "a RAR archive: unpack it"),
    (b"7z\xbc\xaf", "a 7-Zip archive: unpack it"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
)
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_HIGH_PAIR = re.compile(rb"[\x80-\xff](?=[\x80-\xff])")
_HIGH = re.compile(rb"[\x80-\xff]")
# a lone carriage return ends a line where a tag or an entry follows, else it stands within one
_LONE_RETURN = re.compile(r"\r(?!\n)(?P<tag>(?=[A-Z][A-Z0-9]  ?- |%[0-9A-Z@] |@\w+\s*\{|[A-Z]{2,4} {0,2}- ))?")


@dataclass(frozen=True)
class Decoded:
    r"""A file's text with line ends ``\n``, and what is to be told of it."""

    text: str
    rejects: list[Reject] = field(default_factory=list)


def decoded(content: bytes, name: str) -> Decoded | Reject:
    """Return a file's text, or a reject where it is no text.

    UTF-8 is taken where it holds. Where some lines are UTF-8 and others not, as in exports joined by hand, each is read as
    what it is; the code page of the others is detected from their bytes, and Windows-1252 is taken where these say little.
    """
    mark = next((mark for mark in _MARKS if content.startswith(mark)), None)
    if mark is not None:
        text = content.decode(_MARKS[mark], "replace")
        return Decoded(_with_plain_ends(text), _told_of_replaced(text, name))
    rejects: list[Reject] = []
    if content.startswith(b"%PDF"):
        return Reject.at(name, 1, f"a binary file{_kind(content)}, not a text", "", "file")
    if b"\x00" in content:
        wide = _without_mark(content)
        if wide is not None:
            return Decoded(_with_plain_ends(wide))
        at = content.index(b"\x00")
        line = content[:at].count(b"\n") + 1
        if content.count(b"\x00") > max(1, _MOST_NULS * len(content)) or _CONTROLS.search(content) is not None:
            return Reject.at(name, line, f"a binary file{_kind(content)}, not a text", "", "file")
        rejects.append(
            Reject.at(name, line, f"{content.count(bytes(1))} NUL byte(s) in a text; left out", "", "damage")
        )
        content = content.replace(b"\x00", b"")
    try:
        return Decoded(_with_plain_ends(content.decode("utf-8-sig")), rejects)
    except UnicodeDecodeError:
        text, told = _mixed(content.removeprefix(b"\xef\xbb\xbf"), name)
        return Decoded(_with_plain_ends(text), [*rejects, *told])


def _kind(content: bytes) -> str:
    """Return what kind of binary file it is, for a message."""
    return next((f" ({kind})" for mark, kind in _KINDS if content.startswith(mark)), "")


def _mixed(content: bytes, name: str) -> tuple[str, list[Reject]]:
    """Read lines that are UTF-8 as such and the others by their code page."""
    lines = content.split(b"\n")
    good = [number for number, line in enumerate(lines) if not line.isascii() and _is_utf8(line)]
    bad = [number for number, line in enumerate(lines) if not _is_utf8(line)]
    page = _code_page(b"\n".join(lines[number] for number in bad)[:_LOOKED_AT])
    # more good sequences than bad bytes are UTF-8 with a fault in it, though no line may be whole
    sequences, faults = _counted(b"\n".join(lines[number] for number in bad)[:_LOOKED_AT])
    keep = (bool(good) and not (page in _EAST_ASIAN and len(good) < len(bad))) or sequences > 2 * faults
    if not keep:
        text, lost = _by_page(content, page)
    else:
        others = {number: _line_by_page(lines[number], page) for number in bad}
        text = "\n".join(others[number] if number in others else lines[number].decode() for number in range(len(lines)))
        lost = text.count("\ufffd")
    first = bad[0] + 1
    if lost:
        reason = f"{lost} byte(s) are neither UTF-8 nor {page}; they are written as U+FFFD"
    elif keep:
        reason = f"{len(bad)} line(s) of a UTF-8 file are not UTF-8; they were read as {page}"
    elif page != _WESTERN:
        reason = f"not UTF-8; read as {page}, which its bytes look like. Save it as UTF-8 to be sure"
    else:
        return text, []
    return text, [Reject.at(name, first, reason, text.split("\n")[bad[0]], "damage")]


def _counted(content: bytes) -> tuple[int, int]:
    """Return how many letters beyond ASCII are UTF-8 sequences, and how many bytes are none."""
    text = content.decode("utf-8", "surrogateescape")
    faults = sum("\udc80" <= char <= "\udcff" for char in text)
    return sum(ord(char) > 127 for char in text) - faults, faults


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _code_page(content: bytes) -> str:
    """Return the code page that bytes look like, by Python's name; Windows-1252 where they say too little."""
    high = len(_HIGH.findall(content))
    found = chardet.detect(content)["encoding"]
    page = _python_name(found) if found else _WESTERN
    dense = len(_HIGH_PAIR.findall(content)) > 0.5 * high
    if page in _OTHER_SCRIPTS and dense:
        return page
    return page if page in _LATIN and high >= _FEW else _WESTERN


def _python_name(name: str) -> str:
    lowered = name.lower().replace("windows-", "cp").replace("iso-8859", "iso8859").replace("euc-", "euc_")
    return {"gb2312": "gb18030", "gbk": "gb18030", "shift-jis": "cp932", "euc_kr": "cp949"}.get(lowered, lowered)


def _by_page(content: bytes, page: str) -> tuple[str, int]:
    text = content.decode(page, "replace") if page != _WESTERN else _western(content)
    return text, text.count("\ufffd")


def _line_by_page(line: bytes, page: str) -> str:
    """Return a line that is not UTF-8: its good sequences as they are, where it has some, the rest by the code page."""
    try:
        text = line.decode("utf-8", "surrogateescape")
        sequences, faults = _counted(line)
        if sequences > faults:
            return "".join(
                _western(bytes([ord(char) - 0xDC00])) if "\udc80" <= char <= "\udcff" else char for char in text
            )
        return line.decode(page) if page != _WESTERN else _western(line)
    except UnicodeDecodeError:
        return line.decode(page, "replace")


def _western(content: bytes) -> str:
    """Return Windows-1252, whose five bytes without a meaning stand for themselves."""
    try:
        return content.decode(_WESTERN)
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _without_mark(content: bytes) -> str | None:
    """Return text in UTF-16 that has lost its mark; None where it is none."""
    sample = content[:10_000]
    if len(sample) < 8:
        return None
    for encoding, nuls, letters in (("utf-16-le", sample[1::2], sample[::2]), ("utf-16-be", sample[::2], sample[1::2])):
        if nuls.count(0) > 0.6 * len(nuls) and letters.count(0) < 0.05 * len(letters):
            return content.decode(encoding, "replace")
    return None


def _told_of_replaced(text: str, name: str) -> list[Reject]:
    if "\ufffd" not in text:
        return []
    line = text[: text.index("\ufffd")].count("\n") + 1
    return [Reject.at(name, line, "half a character; it is written as U+FFFD", "", "damage")]


def _with_plain_ends(text: str) -> str:
    r"""Return a text whose lines end with ``\n``, whatever they ended with."""
    if "\r" not in text:
        return text
    text = text.replace("\r\n", "\n")
    if "\r" not in text:
        return text
    if text.count("\n") <= 0.1 * text.count("\r"):
        return text.replace("\r", "\n")
    return _LONE_RETURN.sub(lambda match: "\n" if match["tag"] is not None else " ", text)
