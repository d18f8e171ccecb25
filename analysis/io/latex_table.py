"""Tables as LaTeX, escaped, in booktabs style."""

import numbers

import pandas as pd

from analysis.escaping import latex_text


def latex_cell(value: object, digits: int = 2) -> str:
    """Return one cell: integers whole, other numbers rounded, infinities as a symbol, text escaped."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, numbers.Integral):
        return str(value)
    if isinstance(value, numbers.Real):
        number = float(value)
        if number != number:
            return "--"
        if number in (float("inf"), float("-inf")):
            return r"$\infty$" if number > 0 else r"$-\infty$"
        return f"{number:.{digits}f}"
    return latex_text(str(value))


def latex_table(frame: pd.DataFrame, digits: int = 2) -> str:
    """Return `frame` as a booktabs tabular: numbers to the right, text to the left; the index is left out."""
    numeric = [pd.api.types.is_numeric_dtype(frame[name]) for name in frame.columns]
    alignment = "".join("r" if is_numeric else "l" for is_numeric in numeric)
    head = " & ".join(latex_text(str(name).replace("_", " ")) for name in frame.columns)
    rows = [" & ".join(latex_cell(value, digits) for value in row) for row in frame.itertuples(index=False)]
    body = "".join(f"{row} \\\\\n" for row in rows)
    return (
        f"\\begin{{tabular}}{{{alignment}}}\n\\toprule\n{head} \\\\\n\\midrule\n{body}\\bottomrule\n\\end{{tabular}}\n"
    )
