"""figures/README.md: every figure with its caption and its files, as a repository's page shows it."""

from collections.abc import Collection, Mapping, Sequence

from analysis.escaping import markdown_text
from analysis.figures.catalogue import CATALOGUE

GALLERY = "README.md"


def gallery(words: Mapping[str, Mapping[str, str]], formats: Sequence[str], drawn: Collection[str]) -> str:
    """Return the gallery as Markdown.

    Parameters
    ----------
    words : mapping of figure to {"title", "caption", "alt"}
    formats : sequence of {"svg", "pdf", "png"}
        The static files that stand beside each HTML figure.
    drawn : collection of str
        Names of the figures that there are; of the others the caption says why not.
    """
    shown = next((kind for kind in ("png", "svg") if kind in formats), None)
    parts = [
        "# Figures",
        "Written by `topictrends figures`; every figure is drawn from the CSV beside it. The explorer is "
        "[index.html](index.html), the survey section lies in [survey/](survey/).",
    ]
    for heading, body in (("## For the body of a survey", True), ("## For its supplement", False)):
        parts.append(heading)
        number = 0
        for spec in CATALOGUE:
            if spec.body is not body or spec.name not in drawn:
                continue
            number += 1
            texts = words[spec.name]
            parts.append(f"### {'Figure ' if body else 'Figure S'}{number}: {texts['title']}")
            if shown is not None:
                parts.append(f"![{markdown_text(texts['alt'])}]({spec.name}.{shown})")
            parts.append(markdown_text(texts["caption"]))
            parts.append(" · ".join(f"[{kind}]({spec.name}.{kind})" for kind in ("html", *formats, "csv")))
    left_out = [spec for spec in CATALOGUE if spec.name not in drawn]
    if left_out:
        parts.append("## Left out")
        parts += [f"**{words[spec.name]['title']}**: {markdown_text(words[spec.name]['caption'])}" for spec in left_out]
    return "\n\n".join(parts) + "\n"
