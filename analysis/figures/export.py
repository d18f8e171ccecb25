"""Figures as files: HTML that works offline, static pictures from one browser session, data, captions."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import plotly.graph_objects as go

from analysis.corpus.paper import Corpus
from analysis.errors import StaticExportWarning, warn
from analysis.escaping import csv_text, html_text
from analysis.figures.catalogue import CATALOGUE
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import Style
from analysis.figures.gallery import GALLERY, gallery
from analysis.figures.static import render
from analysis.io.files import write_bytes, write_texts
from analysis.topics.result import Topics
from analysis.trends.result import Trends

PLOTLY_JS = "plotly.min.js"
CAPTIONS = "captions.json"


def write_figures(
    corpus: Corpus,
    topics: Topics,
    trends: Trends,
    folder: Path,
    *,
    formats: Sequence[str] = ("svg", "pdf", "png"),
    style: Style = Style(),
) -> list[Path]:
    """Write every figure of the catalogue; files that are not of this set are left alone.

    Parameters
    ----------
    corpus, topics, trends
    folder : Path
        Gets <name>.html, .csv and the static `formats` of each figure, captions.json, a
        gallery as README.md and one shared plotly.min.js.
    formats : sequence of {"svg", "pdf", "png"}
    style : Style, optional
        Width, font and palette.

    Returns
    -------
    list of Path
        What was written.

    Warns
    -----
    StaticExportWarning
        There is no browser, or it failed: HTML and data are written alone.
    """
    drawn: list[tuple[FigureSpec, go.Figure]] = []
    words: dict[str, dict[str, str]] = {}
    texts: dict[Path, str] = {}
    for spec in CATALOGUE:
        frame = spec.data(corpus, topics, trends)
        fig = spec.draw(frame, style)
        drawn.append((spec, fig))
        words[spec.name] = spec.words(frame, topics)
        texts[folder / f"{spec.name}.csv"] = csv_text(frame)
        texts[folder / f"{spec.name}.html"] = figure_page(fig, spec, words[spec.name])
    texts[folder / CAPTIONS] = json.dumps(words, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    texts[folder / GALLERY] = gallery(words, formats)
    texts[folder / PLOTLY_JS] = _plotly_js()
    write_texts(texts)
    return [*texts, *_write_static(drawn, folder, formats)]


def _write_static(drawn: Sequence[tuple[FigureSpec, go.Figure]], folder: Path, formats: Sequence[str]) -> list[Path]:
    if not formats:
        return []
    wanted = [(spec.name, fig, kind) for spec, fig in drawn for kind in formats]
    pictures, problem = render([(fig, kind) for _, fig, kind in wanted])
    if problem:
        warn(
            f"static figures were not written: {problem}. The HTML figures are complete; install Chrome or Chromium "
            "for SVG, PDF and PNG.",
            StaticExportWarning,
        )
    written = []
    for (name, _, kind), picture in zip(wanted, pictures, strict=True):
        if picture is None:
            continue
        path = folder / f"{name}.{kind}"
        write_bytes(path, picture)
        written.append(path)
    return written


def figure_page(fig: go.Figure, spec: FigureSpec, words: Mapping[str, str]) -> str:
    """Return a figure's own page: it finds plotly.js beside it and has no random id."""
    body = fig.to_html(
        include_plotlyjs=False, full_html=False, div_id=spec.name, config={"displaylogo": False, "responsive": True}
    )
    body = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{html_text(spec.title)}</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<script src="{PLOTLY_JS}"></script>\n'
        "<style>body{font:14px/1.5 Arial,sans-serif;color:#222;max-width:760px;margin:1rem auto;padding:0 .5rem}</style>\n"
        f'</head>\n<body>\n<figure role="figure" aria-label="{html_text(words["alt"])}">\n{body}\n'
        f"<figcaption>{html_text(words['caption'])}</figcaption>\n</figure>\n</body>\n</html>\n"
    )


def _plotly_js() -> str:
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())
