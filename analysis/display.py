"""How results print themselves in a notebook."""

import pandas as pd


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def html_card(title: str, *tables: pd.DataFrame) -> str:
    """Return `tables` under a heading as HTML, all text escaped."""
    parts = [f"<p><strong>{title}</strong></p>"]
    parts += [table.to_html(border=0, escape=True, float_format=lambda value: f"{value:.3g}") for table in tables]
    return "\n".join(parts)
