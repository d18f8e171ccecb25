"""Tables as Markdown."""


def markdown(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def paragraph(text: str) -> str:
    """Return a text without the line breaks it was written with."""
    return " ".join(text.split())
