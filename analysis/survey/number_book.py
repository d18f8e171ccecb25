"""Numbers with a pedigree: every value in the prose is a cell of a table, and a macro in numbers.tex."""

import numbers as kinds
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.errors import VerificationError
from analysis.escaping import latex_text, one_line

_PREFIX = "tt"
_DIGITS = dict(
    zip("0123456789", ["Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"], strict=True)
)


@dataclass(frozen=True)
class Quoted:
    """A cell as the prose shows it."""

    macro: str
    text: str
    table: str
    row: str
    column: str


class NumberBook:
    """Hands out cells of the survey's tables as text and remembers each for numbers.tex.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        With unique row names.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self._tables = tables
        self._quoted: dict[str, Quoted] = {}

    def quote(self, table: str, row: object, column: str, digits: int | None = None) -> Quoted:
        """Return a cell as text.

        Parameters
        ----------
        table, row, column
            Which cell.
        digits : int, optional
            Decimals of a real number; without it as many as it needs, at most four.

        Raises
        ------
        VerificationError
            There is no such cell, or it holds no value.
        """
        frame = self._tables.get(table)
        if frame is None or str(row) not in frame.index or column not in frame.columns:
            raise VerificationError(
                f"the survey quotes table {table!r}, row {row!r}, column {column!r}, which does not exist"
            )
        value = frame.loc[str(row), column]
        if isinstance(value, float) and value != value:
            raise VerificationError(
                f"the survey quotes table {table!r}, row {row!r}, column {column!r}, which is empty"
            )
        macro = macro_name(table, str(row), column, digits)
        quoted = Quoted(macro, shown(value, digits), table, str(row), column)
        self._quoted[macro] = quoted
        return quoted

    def is_bound(self, table: str, row: object, column: str, digits: int) -> bool:
        """Return whether a cell is shown as a bound, such as < 0.001, rather than as a value."""
        return self.quote(table, row, column, digits).text.startswith("<")

    def numbers_tex(self) -> str:
        r"""Return numbers.tex: a \newcommand for every quoted cell, its table, row and column beside it."""
        lines = [
            "% Written by topictrends; every value of the section with the table, row and column that it comes from.",
            *(
                f"\\newcommand{{\\{item.macro}}}{{{latex_text(item.text)}}} "
                f"% {one_line(f'{item.table}.csv | {item.row} | {item.column}')}"
                for item in sorted(self._quoted.values(), key=lambda item: item.macro)
            ),
        ]
        return "\n".join(lines) + "\n"


def macro_name(table: str, row: str, column: str, digits: int | None = None) -> str:
    """Return a LaTeX macro's name, letters alone, for a cell as shown with `digits`."""
    words = re.split(r"[^A-Za-z0-9]+", f"{table} {row} {column}" + (f" to {digits}" if digits is not None else ""))
    spelled = "".join(_DIGITS.get(char, char) for word in words for char in word[:1].upper() + word[1:])
    return _PREFIX + spelled


def shown(value: object, digits: int | None = None) -> str:
    """Return a value as prose shows it: thousands apart, reals rounded, infinity named."""
    if isinstance(value, bool) or not isinstance(value, kinds.Real):
        return str(value)
    number = float(value)
    if number in (float("inf"), float("-inf")):
        return "infinity"
    if digits is not None:
        smallest = 10.0**-digits
        if 0 < abs(number) < smallest / 2:
            return f"< {smallest:.{digits}f}"
        return f"{number:,.{digits}f}"
    return f"{int(number):,}" if number == int(number) else f"{number:.4g}"
