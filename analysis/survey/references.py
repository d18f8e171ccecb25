"""references.bib: the papers of the corpus, or of a large one those that represent its topics, and those of the methods."""

import re
from collections.abc import Hashable, Sequence
from importlib.resources import files

import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.escaping import bibtex_text, identifier_text, one_line, url_text
from analysis.topics.describe.phrases import STOP_WORDS

# a bibliography of more entries helps nobody
_MOST_ENTRIES = 20_000
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def citable_papers(corpus: Corpus, representatives: pd.Series) -> pd.DataFrame:
    """Return the papers that have an entry: all of them, or of a large corpus those that represent a topic."""
    if len(corpus) <= _MOST_ENTRIES:
        return corpus.papers
    return corpus.rows(pd.Index(representatives.unique()).sort_values())


def citation_keys(papers: pd.DataFrame) -> dict[Hashable, str]:
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
    keys: dict[Hashable, str] = {}
    for paper_id, row in papers.sort_index().iterrows():
        words = [word for word in re.findall(r"[A-Za-z][A-Za-z0-9]+", row["title"]) if word.lower() not in STOP_WORDS]
        year = row["date"].year if pd.notna(row["date"]) else "nd"
        base = f"{words[0].lower() if words else 'paper'}{year}"
        key, turn = base, 0
        while key in taken:
            turn += 1
            key = f"{base}{_letters(turn)}"
        taken.add(key)
        keys[paper_id] = key
    return keys


def references_bib(papers: pd.DataFrame) -> str:
    """Return references.bib: one entry per paper, then the methods' papers."""
    keys = citation_keys(papers)
    entries = [_entry(keys[paper_id], _fields(row)) for paper_id, row in papers.sort_index().iterrows()]
    return "\n".join([*entries, _methods_bib()])


def plain_references(papers: pd.DataFrame, keys: Sequence[str]) -> list[str]:
    """Return references as lines of text, in the order of `keys`, for documents without BibTeX."""
    paper_of = {key: paper_id for paper_id, key in citation_keys(papers).items()}
    entries = dict(re.findall(r"@\w+\{([^,]+),\n(.*?)\n\}", _methods_bib(), re.DOTALL))
    return [_plain_paper(papers.loc[paper_of[key]]) if key in paper_of else _plain_method(entries[key]) for key in keys]


def _plain_paper(row: pd.Series) -> str:
    authors = row["authors"] if isinstance(row["authors"], list) else []
    names = ", ".join(authors[:3]) + (" et al." if len(authors) > 3 else "")
    year = str(row["date"].year) if row["date_precision"] != "none" else "undated"
    venue = row["venue"] if pd.notna(row["venue"]) else None
    identifiers = [f"arXiv:{row['arxiv_id']}"] if pd.notna(row["arxiv_id"]) else []
    identifiers += [f"doi:{row['doi']}"] if pd.notna(row["doi"]) else []
    if not identifiers and pd.notna(row["url"]):
        identifiers = [str(row["url"])]
    parts = [names.rstrip("."), row["title"].rstrip("."), venue, year, " ".join(identifiers)]
    return one_line(". ".join(part for part in parts if part) + ".")


def _plain_method(entry: str) -> str:
    fields = {name: re.sub(r"[{}]", "", value) for name, value in re.findall(r"(\w+) = \{(.*)\},?", entry)}
    where = ", ".join(fields[name] for name in ("journal", "publisher", "volume", "pages") if name in fields)
    parts = [fields["author"].replace(" and ", "; "), fields["title"], where, fields["year"]]
    return ". ".join(part.replace("--", "–") for part in parts if part) + "."


def _methods_bib() -> str:
    """Return the bibliography of the methods, which comes with the package."""
    return files("analysis.survey").joinpath("templates/methods.bib").read_text("utf-8")


def _fields(row: pd.Series) -> dict[str, str]:
    title = bibtex_text(row["title"])
    fields = {"title": f"{{{title}}}"}
    if isinstance(row["authors"], Sequence) and not isinstance(row["authors"], str) and len(row["authors"]):
        fields["author"] = " and ".join(bibtex_text(author) for author in row["authors"])
    else:
        # without authors a bibliography sorts and labels by this
        fields["key"] = bibtex_text(re.split(r"[:\s]", row["title"].strip() or "untitled")[0])
    if row["date_precision"] != "none":
        fields["year"] = str(row["date"].year)
    if row["date_precision"] in ("day", "month"):
        fields["month"] = _MONTHS[row["date"].month - 1]
    for name, column, escape in (
        ("eprint", "arxiv_id", identifier_text),
        ("doi", "doi", identifier_text),
        ("url", "url", url_text),
    ):
        if pd.notna(row[column]):
            fields[name] = escape(row[column])
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
