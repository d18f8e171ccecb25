"""How the section's pieces look in Markdown and in LaTeX."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.escaping import csv_text, latex_text, markdown_text
from analysis.io.display import probability
from analysis.io.latex_table import latex_table
from analysis.survey.blocks import LATEX, MARKDOWN, begin, end
from analysis.survey.number_book import NumberBook


class MarkdownBackend:
    """Markdown with pandoc's citations; tables are written out."""

    def __init__(self, book: NumberBook, displays: dict[str, pd.DataFrame], pictures: bool = True) -> None:
        self._book, self._displays, self._pictures = book, displays, pictures

    def begin(self, name: str) -> str:
        """Return the line before a paragraph."""
        return begin(name, MARKDOWN)

    def end(self) -> str:
        """Return the line after a paragraph."""
        return end(MARKDOWN)

    def ref(self, kind: str, name: str, before: str = "") -> str:
        """Return a reference to a table or figure, after `before`."""
        return f"{before}{kind} “{name.replace('-', ' ')}”"

    def quote(self, table: str, row: object, column: str, digits: int | None = None) -> str:
        """Return a cell's text."""
        return markdown_text(self._book.quote(table, row, column, digits).text)

    def heading(self, text: str, level: int = 1) -> str:
        """Return a heading, one level below the document's title."""
        return f"{'#' * (level + 1)} {markdown_text(text)}"

    def heading_of(self, table: str, row: object, column: str, level: int) -> str:
        """Return a heading that is a cell's text."""
        return f"{'#' * (level + 1)} {self.quote(table, row, column)}"

    def equals(self, table: str, row: object, column: str, digits: int) -> str:
        """Return a cell's text with the sign that relates a name to it."""
        text = self.quote(table, row, column, digits)
        return text if self._book.is_bound(table, row, column, digits) else f"= {text}"

    def cite(self, keys: Sequence[str]) -> str:
        """Return a citation group."""
        return "[" + "; ".join(f"@{key}" for key in keys) + "]"

    def figure(self, name: str, caption: str) -> str:
        """Return a figure with its caption."""
        told = markdown_text(caption)
        # where no picture is drawn the page of the figure is linked
        return f"![{told}](../{name}.svg)" if self._pictures else f"[Figure](../{name}.html): {told}"

    def table(self, name: str, caption: str) -> str:
        """Return a table with its caption."""
        frame = self._displays[name].map(lambda value: markdown_text(str(value)))
        head = "| " + " | ".join(frame.columns) + " |\n|" + "---|" * len(frame.columns)
        rows = "\n".join("| " + " | ".join(row) + " |" for row in frame.itertuples(index=False))
        return f"{head}\n{rows}\n\n: {markdown_text(caption)}"

    def percent(self) -> str:
        """Return the percent sign after a number."""
        return " %"


class LatexBackend:
    """LaTeX; numbers are macros, tables are files of their own."""

    def __init__(self, book: NumberBook, *, two_columns: bool = False) -> None:
        self._book = book
        # floats that span both columns
        self._star = "*" if two_columns else ""

    def begin(self, name: str) -> str:
        """Return the line before a paragraph."""
        return begin(name, LATEX)

    def end(self) -> str:
        """Return the line after a paragraph."""
        return end(LATEX)

    def ref(self, kind: str, name: str, before: str = "") -> str:
        """Return a reference to a table or figure, after `before`; to a figure only where its file is there."""
        text = f"{before}{kind.capitalize()}~\\ref{{{kind[:3]}:{name}}}"
        return text if kind == "table" else f"\\IfFileExists{{../{name.replace('-', '_')}.pdf}}{{{text}}}{{}}"

    def quote(self, table: str, row: object, column: str, digits: int | None = None) -> str:
        """Return a cell's macro."""
        return f"\\{self._book.quote(table, row, column, digits).macro}{{}}"

    def heading(self, text: str, level: int = 1) -> str:
        """Return a heading."""
        return f"\\{'sub' * (level - 1)}section{{{latex_text(text)}}}"

    def heading_of(self, table: str, row: object, column: str, level: int) -> str:
        """Return a heading that is a cell's macro."""
        return f"\\{'sub' * (level - 1)}section{{{self.quote(table, row, column)}}}"

    def equals(self, table: str, row: object, column: str, digits: int) -> str:
        """Return a cell's macro with the sign that relates a name to it."""
        macro = self.quote(table, row, column, digits)
        return macro if self._book.is_bound(table, row, column, digits) else f"= {macro}"

    def cite(self, keys: Sequence[str]) -> str:
        """Return a citation group, tied to the word before it."""
        return f"\\cite{{{','.join(keys)}}}"

    def figure(self, name: str, caption: str) -> str:
        """Return a float that includes the figure's PDF where there is one."""
        path = f"../{name}.pdf"
        return (
            f"\\IfFileExists{{{path}}}{{%\n\\begin{{figure{self._star}}}[tbp]\n\\centering\n"
            f"\\includegraphics[width=\\linewidth,height=0.8\\textheight,keepaspectratio]{{{path}}}\n"
            f"\\caption{{{latex_text(caption)}}}\n\\label{{fig:{name.replace('_', '-')}}}\n\\end{{figure{self._star}}}}}{{}}"
        )

    def table(self, name: str, caption: str) -> str:
        """Return a float that inputs the table's file."""
        return (
            f"\\begin{{table{self._star}}}[tbp]\n\\centering\\footnotesize\n\\caption{{{latex_text(caption)}}}\n"
            f"\\label{{tab:{name}}}\n\\resizebox{{\\linewidth}}{{!}}{{\\input{{tables/{name}}}}}\n\\end{{table{self._star}}}"
        )

    def percent(self) -> str:
        """Return the percent sign after a number."""
        return "\\,\\%"


def display_tables(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables a reader sees: fewer columns, rounded, with heads in words."""
    themes, topics, sources, outline = tables["themes"], tables["topics"], tables["sources"], tables["outline"]
    return {
        **({"outline": _outline_display(outline)} if len(outline) else {}),
        "sources": pd.DataFrame(
            {
                "Source": sources.index,
                "Taken": sources["taken"],
                "Records": sources["records"],
                "Listed first here": sources["first_listed"],
                "Earliest paper": sources["earliest"],
                "Latest paper": sources["latest"],
            }
        ),
        "themes": _trend_display(themes, "Theme"),
        "topics": _trend_display(topics, "Topic"),
    }


def _outline_display(frame: pd.DataFrame) -> pd.DataFrame:
    shown = pd.DataFrame({"Topic of the outline": frame["name"], "Papers": frame["size"], "Borne out": frame["told"]})
    for column in ("support", "margin", "stability"):
        shown[column.capitalize()] = frame[column].map(lambda value: "" if value != value else f"{value:.2f}")
    shown["Mentioned in"] = frame["mentions"]
    return shown.assign(Nearest=frame["neighbour"])


def _names(frame: pd.DataFrame) -> pd.Series:
    """Return labels, those that are unsure with what else tells of the topic."""
    if "label_sure" not in frame:
        return frame["label"]
    told = frame["label"] + " (name unsure; keywords " + frame["keywords"] + ")"
    return frame["label"].where(frame["label_sure"].astype(bool), told)


def _trend_display(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    shown = pd.DataFrame({name: _names(frame), "Papers": frame["size"]})
    if "stability" in frame and frame["stability"].notna().any():
        shown["Stability"] = frame["stability"].map(lambda value: f"{value:.2f}")
    if frame["first_percent"].isna().all():
        # nothing could be assessed: that is said once, in the text
        return shown
    for side, title in (("first", "Share at first, %"), ("last", "at last, %")):
        columns = (frame[f"{side}{bound}_percent"] for bound in ("", "_low", "_high"))
        shown[title] = [_share(*values) for values in zip(*columns, strict=True)]
    shown["Odds ratio per year"] = frame["odds_ratio"].map(lambda value: f"{value:.2f}")
    shown["Interval"] = [f"{low:.2f} to {_bound(high)}" for low, high in zip(frame["low"], frame["high"], strict=True)]
    shown["q"] = frame["q"].map(probability)
    shown["Verdict"] = [
        f"{verdict} ({since}, {course})" if course else verdict
        for verdict, since, course in zip(frame["verdict"], frame["since"], frame["course"], strict=True)
    ]
    shown["Detectable"] = [
        f"{'none' if fall == 0 else _bound(fall)}; {'none' if rise == float('inf') else _bound(rise)}"
        for fall, rise in zip(frame["detectable_fall"], frame["detectable_rise"], strict=True)
    ]
    return shown


def _share(middle: float, low: float, high: float) -> str:
    if middle != middle:
        return "unknown"
    digits = 0 if middle >= 9.95 else 1
    return f"{middle:.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


def _bound(value: float) -> str:
    return "∞" if value == float("inf") else f"{value:.2f}" if value < 100 else f"{value:.0f}"


def table_files(folder: Path, tables: dict[str, pd.DataFrame]) -> dict[Path, str]:
    """Return the contents of tables/: each table as CSV, and those a reader sees as LaTeX."""
    files = {folder / f"{name}.csv": csv_text(table, index=True) for name, table in tables.items()}
    return files | {folder / f"{name}.tex": latex_table(frame) for name, frame in display_tables(tables).items()}
