"""figures/README.md: every figure with its caption and its files, as a repository's page shows it."""

from collections.abc import Mapping, Sequence

from analysis.escaping import markdown_text
from analysis.figures.catalogue import CATALOGUE

GALLERY = "README.md"


def gallery(words: Mapping[str, Mapping[str, str]], formats: Sequence[str]) -> str:
    """Return the gallery as Markdown.

    Parameters
    ----------
    words : mapping of figure to {"title", "caption", "alt"}
    formats : sequence of {"svg", "pdf", "png"}
        The static files that stand beside each HTML figure.
    """
    shown = next((kind for kind in ("png", "svg") if kind in formats), None)
    parts = [
        "# Figures",
        "Written by `topictrends figures`; every figure is drawn from the CSV beside it. The explorer is "
        "[index.html](index.html), the survey section lies in [survey/](survey/).",
    ]
    for spec in CATALOGUE:
        texts = words[spec.name]
        parts.append(f"## {texts['title']}")
        if shown is not None:
            parts.append(f"![{markdown_text(texts['alt'])}]({spec.name}.{shown})")
        parts.append(markdown_text(texts["caption"]))
        parts.append(" · ".join(f"[{kind}]({spec.name}.{kind})" for kind in ("html", *formats, "csv")))
    return "\n\n".join(parts) + "\n"
