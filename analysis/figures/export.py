"""Figures as files: HTML that works offline, static pictures from one browser session, data, captions."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import plotly.graph_objects as go

from analysis.corpus.paper import Corpus
from analysis.errors import StaticExportWarning, warn
from analysis.escaping import csv_text
from analysis.figures.catalogue import CATALOGUE
from analysis.figures.drawing.style import Style
from analysis.figures.gallery import GALLERY, gallery
from analysis.figures.pages import PLOTLY_JS, figure_page
from analysis.figures.static import render
from analysis.io.files import write_bytes, write_texts
from analysis.topics.result import Topics
from analysis.trends.result import Trends

CAPTIONS = "captions.json"
# the figures of the body once more, for one column of a page; its width in centimetres
COLUMN_FOLDER, SINGLE_COLUMN = "single_column", 8.5


def write_figures(
    corpus: Corpus,
    topics: Topics,
    trends: Trends,
    folder: Path,
    *,
    formats: Sequence[str] = ("svg", "pdf", "png"),
    style: Style = Style(),
    single_column: bool = True,
) -> list[Path]:
    """Write every figure of the catalogue that has something to show; files that are not of this set are left alone.

    Parameters
    ----------
    corpus, topics, trends
    folder : Path
        Gets <name>.html, .csv and the static `formats` of each figure, captions.json, a
        gallery as README.md and one shared plotly.min.js. Figures that are left out are told of in captions and gallery;
        files of theirs from an earlier run are removed.
    formats : sequence of {"svg", "pdf", "png"}
    style : Style, optional
        Width, font and palette.
    single_column : bool
        Whether the figures of a survey's body are also laid out for one column, in ``single_column/``, in the first of PDF,
        SVG and PNG that is among the formats.

    Returns
    -------
    list of Path
        What was written.

    Warns
    -----
    StaticExportWarning
        There is no browser, or it failed: HTML and data are written alone.
    """
    pictures: list[tuple[Path, go.Figure, str]] = []
    words: dict[str, dict[str, str]] = {}
    texts: dict[Path, str] = {}
    column = replace(style, width=SINGLE_COLUMN)
    for spec in CATALOGUE:
        frame = spec.data(corpus, topics, trends)
        words[spec.name] = spec.words(frame, topics)
        if spec.without(frame):
            _remove(folder, spec.name)
            continue
        fig = spec.draw(frame, style)
        texts[folder / f"{spec.name}.csv"] = csv_text(frame)
        texts[folder / f"{spec.name}.html"] = figure_page(fig, spec, words[spec.name])
        pictures += [(folder / f"{spec.name}.{kind}", fig, kind) for kind in formats]
        kind = next((kind for kind in ("pdf", "svg", "png") if kind in formats), None)
        if single_column and spec.body and kind is not None:
            pictures.append((folder / COLUMN_FOLDER / f"{spec.name}.{kind}", spec.draw(frame, column), kind))
    drawn = [spec.name for spec in CATALOGUE if folder / f"{spec.name}.html" in texts]
    texts[folder / CAPTIONS] = json.dumps(words, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    texts[folder / GALLERY] = gallery(words, formats, drawn)
    texts[folder / PLOTLY_JS] = _plotly_js()
    write_texts(texts)
    return [*texts, *_write_static(pictures)]


def _remove(folder: Path, name: str) -> None:
    """Remove the files of a figure that an earlier run drew and this one leaves out."""
    for suffix in ("html", "csv", "svg", "pdf", "png"):
        for path in (folder / f"{name}.{suffix}", folder / COLUMN_FOLDER / f"{name}.{suffix}"):
            path.unlink(missing_ok=True)


def _write_static(wanted: Sequence[tuple[Path, go.Figure, str]]) -> list[Path]:
    if not wanted:
        return []
    pictures, problem = render([(fig, kind) for _, fig, kind in wanted])
    if problem:
        warn(
            f"static figures were not written: {problem}. The HTML figures are complete; install Chrome or Chromium "
            "for SVG, PDF and PNG.",
            StaticExportWarning,
        )
    written = []
    for (path, _, _), picture in zip(wanted, pictures, strict=True):
        if picture is None:
            continue
        path.parent.mkdir(exist_ok=True)
        write_bytes(path, picture)
        written.append(path)
    return written


def _plotly_js() -> str:
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())
