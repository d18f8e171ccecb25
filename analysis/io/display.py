"""How results print themselves in a notebook."""

import pandas as pd


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def probability(value: float) -> str:
    """Return a p or q to three places; what they would round to nothing is told as less than a thousandth."""
    return "<0.001" if value < 0.0005 else f"{value:.3f}"


def html_card(title: str, *tables: pd.DataFrame) -> str:
    """Return `tables` under a heading as HTML, all text escaped."""
    parts = [f"<p><strong>{title}</strong></p>"]
    parts += [table.to_html(border=0, escape=True, float_format=lambda value: f"{value:.3g}") for table in tables]
    return "\n".join(parts)
