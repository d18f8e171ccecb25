"""Figures as files: HTML that works offline, static pictures from one browser session, data, captions."""

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import plotly.graph_objects as go

from analysis.corpus.paper import Corpus
from analysis.errors import StaticExportWarning, warn
from analysis.escaping import csv_text
from analysis.figures.catalogue import CATALOGUE
from analysis.figures.drawing.style import Style
from analysis.figures.gallery import GALLERY, gallery
from analysis.figures.pages import PLOTLY_JS, figure_page
from analysis.figures.static import render, render_served, serving
from analysis.io.files import write_bytes, write_texts
from analysis.io.steps import tell, told_each
from analysis.topics.result import Topics
from analysis.trends.result import Trends

# where a picture goes, what it shows, and in which format
Picture = tuple[Path, go.Figure, str]
# figures that the browser is asked for at a time
_AT_A_TIME = 3
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
    service: Mapping[str, str] | None = None,
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
    service : mapping, optional
        A browser that draws for others, too, from `analysis.figures.static.serving`; by default one is started.

    Returns
    -------
    list of Path
        What was written.

    Warns
    -----
    StaticExportWarning
        There is no browser, or it failed: HTML and data are written alone.
    """
    words: dict[str, dict[str, str]] = {}
    texts: dict[Path, str] = {}
    column = replace(style, width=SINGLE_COLUMN)
    with _Pictures.drawn_beside(bool(formats), service) as pictures:
        for spec in told_each("drawing figures", CATALOGUE, len(CATALOGUE)):
            frame = spec.data(corpus, topics, trends)
            words[spec.name] = spec.words(frame, topics)
            if spec.without(frame):
                _remove(folder, spec.name)
                continue
            fig = spec.draw(frame, style)
            texts[folder / f"{spec.name}.csv"] = csv_text(frame)
            texts[folder / f"{spec.name}.html"] = figure_page(fig, spec, words[spec.name])
            wanted = [(folder / f"{spec.name}.{kind}", fig, kind) for kind in formats]
            kind = next((kind for kind in ("pdf", "svg", "png") if kind in formats), None)
            if single_column and spec.body and kind is not None:
                wanted.append((folder / COLUMN_FOLDER / f"{spec.name}.{kind}", spec.draw(frame, column), kind))
            pictures.add(wanted)
        drawn = [spec.name for spec in CATALOGUE if folder / f"{spec.name}.html" in texts]
        texts[folder / CAPTIONS] = json.dumps(words, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        texts[folder / GALLERY] = gallery(words, formats, drawn)
        texts[folder / PLOTLY_JS] = _plotly_js()
        write_texts(texts)
        if formats:
            tell("waiting for pictures")
        contents = pictures.all()
    return [*texts, *_write_static(contents)]


def _remove(folder: Path, name: str) -> None:
    """Remove the files of a figure that an earlier run drew and this one leaves out."""
    for suffix in ("html", "csv", "svg", "pdf", "png"):
        for path in (folder / f"{name}.{suffix}", folder / COLUMN_FOLDER / f"{name}.{suffix}"):
            path.unlink(missing_ok=True)


@dataclass(frozen=True)
class _Pictures:
    """Pictures that a browser draws while the next figures are made.

    Attributes
    ----------
    service : mapping
        By which the browser is asked.
    pool : ThreadPoolExecutor
    asked : list of (pictures that are wanted, their drawing)
    """

    service: Mapping[str, str]
    pool: ThreadPoolExecutor
    asked: list[tuple[list[Picture], Future[list[bytes | None]]]]

    @classmethod
    @contextlib.contextmanager
    def drawn_beside(cls, any_wanted: bool, service: Mapping[str, str] | None = None) -> Iterator["_Pictures"]:
        """Start a browser, where any picture is wanted and none serves, and stop it in the end."""
        served = serving(any_wanted) if service is None else contextlib.nullcontext(service)
        # a browser of its own goes first: what still waits for it then gives up
        with ThreadPoolExecutor(_AT_A_TIME) as pool, served as found:
            try:
                yield cls(found, pool, [])
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def add(self, wanted: list[Picture]) -> None:
        """Ask for pictures."""
        if wanted:
            self.asked.append((wanted, self.pool.submit(self._drawn, [(fig, kind) for _, fig, kind in wanted])))

    def _drawn(self, wanted: Sequence[tuple[go.Figure, str]]) -> list[bytes | None]:
        # once the browser has failed it is not asked again
        failed = any(drawing.done() and None in drawing.result() for _, drawing in self.asked)
        return [None] * len(wanted) if failed else render_served(wanted, self.service)

    def all(self) -> list[tuple[Picture, bytes | None]]:
        """Wait for all pictures; None for those that the browser did not draw."""
        return [pair for wanted, drawing in self.asked for pair in zip(wanted, drawing.result(), strict=True)]


def _write_static(drawn: Sequence[tuple[Picture, bytes | None]]) -> list[Path]:
    """Write pictures; those that are missing are asked for once more, of another browser."""
    missing = [picture for picture, content in drawn if content is None]
    again, problem = render([(fig, kind) for _, fig, kind in missing])
    if problem:
        warn(
            f"static figures were not written: {problem}. The HTML figures are complete; install Chrome or Chromium "
            "for SVG, PDF and PNG.",
            StaticExportWarning,
        )
    written = []
    second = iter(again)
    for (path, _, _), content in drawn:
        picture = next(second) if content is None else content
        if picture is None:
            continue
        path.parent.mkdir(exist_ok=True)
        write_bytes(path, picture)
        written.append(path)
    return written


def _plotly_js() -> str:
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())
