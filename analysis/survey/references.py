"""references.bib: every paper of the corpus, and the papers of the methods."""

import re
from collections.abc import Sequence
from importlib.resources import files

import pandas as pd

from analysis.latex_table import latex_escape
from analysis.topics.phrases import STOP_WORDS

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def citation_keys(papers: pd.DataFrame) -> dict[str, str]:
    """Return a citation key for each paper: the title's first telling word and the year, letters where two agree.

    Parameters
    ----------
    papers : DataFrame
        As `Corpus.papers`.

    Returns
    -------
    dict of paper_id to key
        Keys are ASCII letters and digits and differ from one another and from the methods' keys.
    """
    taken = set(re.findall(r"^@\w+\{([^,]+),", _methods_bib(), re.MULTILINE))
    keys: dict[str, str] = {}
    for paper_id, row in papers.sort_index().iterrows():
        words = [word for word in re.findall(r"[A-Za-z][A-Za-z0-9]+", row["title"]) if word.lower() not in STOP_WORDS]
        year = row["date"].year if pd.notna(row["date"]) else "nd"
        base = f"{words[0].lower() if words else 'paper'}{year}"
        key, turn = base, 0
        while key in taken:
            turn += 1
            key = f"{base}{_letters(turn)}"
        taken.add(key)
        keys[str(paper_id)] = key
    return keys


def references_bib(papers: pd.DataFrame) -> str:
    """Return references.bib: one entry a paper, then the methods' papers."""
    keys = citation_keys(papers)
    entries = [reference(keys[str(paper_id)], row) for paper_id, row in papers.sort_index().iterrows()]
    return "\n".join([*entries, _methods_bib()])


def reference(key: str, paper: pd.Series) -> str:
    """Return the BibTeX entry of one row of `Corpus.papers`."""
    return _entry(key, _fields(paper))


def _methods_bib() -> str:
    """Return the bibliography of the methods, which comes with the package."""
    return files("analysis.survey").joinpath("templates/methods.bib").read_text("utf-8")


def _fields(row: pd.Series) -> dict[str, str]:
    title = latex_escape(row["title"])
    fields = {"title": f"{{{title}}}"}
    if isinstance(row["authors"], Sequence) and not isinstance(row["authors"], str) and len(row["authors"]):
        fields["author"] = " and ".join(latex_escape(author) for author in row["authors"])
    else:
        # without authors a bibliography sorts and labels by this
        fields["key"] = latex_escape(re.split(r"[:\s]", row["title"].strip() or "untitled")[0])
    if row["date_precision"] != "none":
        fields["year"] = str(row["date"].year)
    if row["date_precision"] in ("day", "month"):
        fields["month"] = _MONTHS[row["date"].month - 1]
    for name, column in (("eprint", "arxiv_id"), ("doi", "doi"), ("url", "url")):
        if pd.notna(row[column]):
            fields[name] = str(row[column])
    if "eprint" in fields:
        fields["archiveprefix"] = "arXiv"
    return fields


def _entry(key: str, fields: dict[str, str]) -> str:
    # a month is BibTeX's own abbreviation and stands without braces
    lines = [f"  {name} = {value}" if name == "month" else f"  {name} = {{{value}}}" for name, value in fields.items()]
    return f"@misc{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _letters(turn: int) -> str:
    """Return a, b, ..., z, aa, ab, ... for 1, 2, ..."""
    text = ""
    while turn:
        turn, rest = divmod(turn - 1, 26)
        text = chr(97 + rest) + text
    return text
