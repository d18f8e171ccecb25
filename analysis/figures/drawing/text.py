"""Text in figures: escaped, measured, wrapped at words, and cut only where nothing else is left."""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.escaping import figure_text

# widths of Arial's letters in thousandths of its size
_WIDTHS = {
    191: "'",
    222: "ijl",
    278: " !,./:;I[\\]ft",
    333: "()-`r",
    355: '"',
    389: "*",
    469: "^",
    500: "Jckvsxyz",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1015: "@",
}
_WIDTH_OF = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_USUAL, _WIDE = 556, 1000
# the font in use may be a little wider
_SAFETY = 1.05
LINE = 1.25
# degrees by which heads of narrow columns are turned, and pixels of a line of them
SLANT = 50
_LEANING = 165


def plain(text: str) -> str:
    """Return `text` so that a figure shows it as it is: markup in a title stays text."""
    return figure_text(text)


def text_width(text: str, size: float) -> float:
    """Return about how many pixels wide `text` is at a font size in pixels.

    Examples
    --------
    >>> text_width("WWW", 10) > 2 * text_width("iii", 10)
    True
    """
    return _SAFETY * size / 1000 * sum(_letter_width(letter) for letter in text)


def _letter_width(letter: str) -> int:
    if letter in _WIDTH_OF:
        return _WIDTH_OF[letter]
    if unicodedata.combining(letter):
        return 0
    return _WIDE if unicodedata.east_asian_width(letter) in "WF" else _USUAL


def lines_of(text: str, pixels: float, size: float, most: int) -> list[str]:
    """Return `text` on at most `most` lines of at most `pixels`.

    Lines end between words or after a hyphen, never at a no-break space.

    A word wider than a line is broken, and what does not fit on the last line ends in an ellipsis after a whole word
    where one fits.

    Examples
    --------
    >>> lines_of("Parameter-Efficient Fine-Tuning", 110, 10, 2)
    ['Parameter-Efficient', 'Fine-Tuning']
    """
    words = re.split("[ \t\r\n]+", text.strip())
    lines, whole = _filled(words, pixels, size, most, 1.0)
    # a word parted at its hyphen is read less well than a short line
    return lines if whole else _filled(words, pixels, size, most, 0.5)[0]


def _filled(words: Sequence[str], pixels: float, size: float, most: int, least: float) -> tuple[list[str], bool]:
    """Return lines, and whether they hold all words; words wider than this part of a line may be parted."""
    lines: list[str] = [""]
    for piece, starts_word in [piece for word in words for piece in _breakable(word, pixels, size, least)]:
        joined = lines[-1] + (" " if starts_word and lines[-1] else "") + piece
        if not lines[-1] or text_width(joined, size) <= pixels:
            lines[-1] = joined
        elif len(lines) < most:
            lines.append(piece)
        else:
            lines[-1] = _with_ellipsis(lines[-1], pixels, size)
            return lines, False
    return lines, True


def _breakable(word: str, pixels: float, size: float, least: float) -> list[tuple[str, bool]]:
    """Return the parts between which a word may be broken, and whether each begins the word."""
    if text_width(word, size) <= pixels * least:
        return [(word, True)]
    parts = re.findall(r"[^-]+-?|-", word) or [word]
    pieces: list[str] = []
    for part in parts:
        while len(part) > 1 and text_width(part, size) > pixels:
            fits = max(1, next(n for n in range(len(part), 0, -1) if n == 1 or text_width(part[:n], size) <= pixels))
            pieces.append(part[:fits])
            part = part[fits:]
        pieces.append(part)
    return [(piece, number == 0) for number, piece in enumerate(pieces) if piece]


def _with_ellipsis(line: str, pixels: float, size: float) -> str:
    while text_width(line + " …", size) > pixels and len(line) > 1:
        line = line.rpartition(" ")[0] or line[:-1]
    return f"{line.rstrip(' ,-')} …"


@dataclass(frozen=True)
class Slanted:
    """Names that stand aslant above columns: escaped, how high they rise, how far the last one leans past its column."""

    texts: list[str]
    height: int
    overhang: int


def slanted(names: Sequence[str], size: float = 9) -> Slanted:
    """Break names for columns whose heads are turned by `SLANT` degrees, and say what room they take."""
    broken = [lines_of(name, _LEANING, size, 2) for name in names] or [[""]]
    widths = [max(text_width(line, size) for line in lines) for lines in broken]
    turn = math.radians(SLANT)
    depth = size * LINE * max(len(lines) for lines in broken)
    height = round(max(widths) * math.sin(turn) + depth * math.cos(turn) + 8)
    return Slanted(
        ["<br>".join(plain(line) for line in lines) for lines in broken], height, round(widths[-1] * math.cos(turn))
    )


def wrapped(text: str, pixels: float, size: float, most: int = 2) -> str:
    """Return `text` as `lines_of` breaks it, escaped."""
    return "<br>".join(plain(line) for line in lines_of(str(text), pixels, size, most))


def shortened(text: str, width: int) -> str:
    """Return `text` cut to `width` characters after a whole word, escaped: for what the pointer shows."""
    if len(text) <= width:
        return plain(text)
    head = text[: width - 1]
    return plain((head.rpartition(" ")[0] if text[width - 1 : width] != " " and " " in head else head).rstrip() + "…")


def listed(words: Sequence[str], pixels: float, size: float) -> str:
    """Return those of `words`, joined by commas, that still have room in whole, the first cut where none has; escaped.

    Examples
    --------
    >>> listed(["segmentation", "prompting", "CT"], 90, 10)
    'segmentation, CT'
    """
    shown: list[str] = []
    for word in words:
        if text_width(", ".join([*shown, word]), size) <= pixels:
            shown.append(word)
    return wrapped(", ".join(shown or words[:1]), pixels, size, 1)
