"""How results print themselves in a notebook."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.escaping import html_text

# decimals of real numbers, fewer where a column needs no more; rows of a table that are shown
_DECIMALS, _MOST_ROWS = 3, 60


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def probability(value: float) -> str:
    """Return a p or q to three places; what they would round to nothing is told as less than a thousandth."""
    return "<0.001" if value < 0.0005 else f"{value:.3f}"


def html_card(title: str, *tables: pd.DataFrame) -> str:
    """Return `tables` under a heading as HTML, all text escaped."""
    return "\n".join([f"<p><strong>{title}</strong></p>", *map(html_table, tables)])


def html_table(table: pd.DataFrame) -> str:
    """Return a table as HTML: text at the left and whole, numbers at the right, all of it escaped.

    Real numbers of a column have as many decimals as they need, at most three; what is missing is empty; lists are joined. Of
    a table of more than sixty rows the first are shown, and how many there are.

    Examples
    --------
    >>> print(html_table(pd.DataFrame({"share": [0.25, 1.0]}, index=["a<b", "c"])))
    <table>
    <tr><th></th><th style="text-align:right">share</th></tr>
    <tr><th style="text-align:left">a&lt;b</th><td style="text-align:right">0.25</td></tr>
    <tr><th style="text-align:left">c</th><td style="text-align:right">1.00</td></tr>
    </table>
    """
    first = table.head(_MOST_ROWS)
    # an index that only counts the rows says nothing
    counts_rows = isinstance(table.index, pd.RangeIndex) and table.index.name is None
    levels = [] if counts_rows else list(enumerate(table.index.names))
    heads = [(name, *_column(first.index.get_level_values(level))) for level, name in levels]
    columns = [(name, *_column(first.iloc[:, place])) for place, name in enumerate(table.columns)]
    title = [_cell("th", "" if name is None else name, side if name is not None else "") for name, side, _ in heads]
    rows = ["".join([*title, *(_cell("th", name, side) for name, side, _ in columns)])]
    for row in range(len(first)):
        cells = [_cell("th", texts[row], side) for _, side, texts in heads]
        rows.append("".join([*cells, *(_cell("td", texts[row], side) for _, side, texts in columns)]))
    more = [f"<p>{len(first)} of {len(table):,} rows</p>"] if len(table) > len(first) else []
    return "\n".join(["<table>", *(f"<tr>{row}</tr>" for row in rows), "</table>", *more])


def _cell(tag: str, text: object, side: str) -> str:
    style = f' style="text-align:{side}"' if side else ""
    return f"<{tag}{style}>{html_text(_text(text))}</{tag}>"


def _column(values: pd.Series | pd.Index) -> tuple[str, list[str]]:
    """Return the side at which a column stands, and its cells as text."""
    dtype, cells = values.dtype, values.tolist()
    if pd.api.types.is_bool_dtype(dtype) or not pd.api.types.is_numeric_dtype(dtype):
        return "left", [_text(cell) for cell in cells]
    numbers = [None if pd.isna(cell) else cell for cell in cells]
    if pd.api.types.is_integer_dtype(dtype):
        return "right", ["" if number is None else str(number) for number in numbers]
    return "right", _reals(numbers)


def _reals(numbers: Sequence[Any]) -> list[str]:
    known = [number for number in numbers if number is not None and abs(number) != float("inf")]
    needed = (
        places
        for places in range(_DECIMALS)
        if all(round(number, places) == round(number, _DECIMALS) for number in known)
    )
    places = next(needed, _DECIMALS)
    return ["" if number is None else f"{number:.{places}f}" for number in numbers]


def _text(cell: object) -> str:
    if isinstance(cell, list | tuple):
        return ", ".join(map(_text, cell))
    if cell is None or cell is pd.NA or cell is pd.NaT or (isinstance(cell, float) and cell != cell):
        return ""
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, float):
        return f"{cell:.{_DECIMALS}f}".rstrip("0").rstrip(".")
    return str(cell)
