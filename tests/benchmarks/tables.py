"""Tables as Markdown."""

from collections.abc import Sequence


def markdown(head: list[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def paragraph(text: str) -> str:
    """Return a text without the line breaks it was written with."""
    return " ".join(text.split())
