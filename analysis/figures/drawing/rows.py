"""Figures of one row a topic: how wide and how high their labels make them."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.figures.drawing.style import Style
from analysis.figures.drawing.text import LINE, lines_of, plain, text_width

_PAD = 10
# labels take at most this part of a figure's width, of a column's, of a figure of many rows
_PART, _NARROW_PART, _TIGHT_PART = 0.34, 0.42, 0.45
_MOST_LINES = 4
# pixels of a printed page's height; rows that do not fit become as low as this, in a smaller font
_PAGE, _TIGHT = 860, 12.5
_SIZE, _TIGHT_SIZE, _SMALL_SIZE = 10.0, 9.0, 8.0


@dataclass(frozen=True)
class Rows:
    """Labels of rows as a figure writes them.

    Attributes
    ----------
    texts : list of str
        Escaped, broken into lines.
    left : int
        Pixels that the labels take.
    height : float
        Pixels of a row.
    size : float
        Pixels of the labels' font.
    """

    texts: list[str]
    left: int
    height: float
    size: float


def label_rows(
    labels: Sequence[str], style: Style, *, least: int = 19, spare: int = 0, part: float | None = None
) -> Rows:
    """Break labels into lines that a figure has room for, and give all rows the height of the longest label.

    Parameters
    ----------
    labels : sequence of str
        As they are; escaped here.
    style : Style
    least : int
        Height in pixels of a row whose label takes one line.
    spare : int
        Rows of the figure without a label.
    part : float, optional
        Of the figure's width that labels may take.
    """
    count = len(labels) + spare
    tight = count * least > _PAGE
    size = _TIGHT_SIZE if tight else _SIZE
    part = part or (_NARROW_PART if style.narrow else _TIGHT_PART if tight else _PART)
    room = style.pixels * part - _PAD
    broken = _broken(labels, room, size, tight)
    if not tight and count * _lines_height(broken, size) > _PAGE:
        # names of two lines, in a font that lets a page hold all rows
        size = _SMALL_SIZE
        broken = _broken(labels, room, size, tight)
    widest = max((text_width(line, size) for lines in broken for line in lines), default=0.0)
    height = max(_TIGHT, _PAGE / count) if tight else max(least, _lines_height(broken, size))
    texts = ["<br>".join(plain(line) for line in lines) for lines in broken]
    return Rows(texts, round(widest) + _PAD, height, size)


def _broken(labels: Sequence[str], room: float, size: float, tight: bool) -> list[list[str]]:
    return [lines_of(label, room, size, 1 if tight else _MOST_LINES) for label in labels]


def _lines_height(broken: Sequence[Sequence[str]], size: float) -> int:
    """Return the pixels that the longest label takes."""
    most = max((len(lines) for lines in broken), default=1)
    return round(most * size * LINE + (4 if size == _SIZE else 2))
