"""references.bib: the papers of the corpus, or of a large one those that represent its topics, and those of the methods."""

import re
import unicodedata
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
    """Return a citation key for each paper: surname, year and the title's first telling word.

    Without known authors the title's first two telling words stand around the year. The same key stands in every export.

    Parameters
    ----------
    papers : DataFrame
        As `Corpus.papers`.

    Returns
    -------
    dict of paper_id to key
        Keys are ASCII letters and digits and differ from one another and from the methods' keys; letters where two agree.
    """
    taken = set(re.findall(r"^@\w+\{([^,]+),", _methods_bib(), re.MULTILINE))
    keys: dict[Hashable, str] = {}
    for paper_id, row in papers.sort_index().iterrows():
        year = str(row["date"].year) if pd.notna(row["date"]) else "nd"
        words = [word for word in re.findall(r"[a-z][a-z0-9]+", _ascii(row["title"])) if word not in STOP_WORDS]
        first, second = (*words[:2], "", "")[:2]
        surname = _surname(row.get("authors"))
        base = f"{surname}{year}{first}" if surname else f"{first or 'paper'}{year}{second}"
        key, turn = base, 0
        while key in taken:
            turn += 1
            key = f"{base}{_letters(turn)}"
        taken.add(key)
        keys[paper_id] = key
    return keys


def _surname(authors: object) -> str:
    """Return the first author's surname in ASCII letters; "" where no author is known, or none of its letters is."""
    if not isinstance(authors, Sequence) or isinstance(authors, str) or not authors:
        return ""
    name = str(authors[0])
    last = name.partition(",")[0] if "," in name else (name.split() or [""])[-1]
    return re.sub(r"[^a-z]", "", _ascii(last))


def _ascii(text: str) -> str:
    """Return `text` in lower case, accents taken off letters."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()


def references_bib(papers: pd.DataFrame) -> str:
    """Return references.bib: one entry per paper, then the methods' papers."""
    keys = citation_keys(papers)
    entries = [_entry(keys[paper_id], _fields(row)) for paper_id, row in papers.sort_index().iterrows()]
    return "\n".join([*entries, _methods_bib()])


def paper_address(row: pd.Series) -> str:
    """Return where a paper is found: arXiv, DOI, or its page; "" where nothing is known."""
    if pd.notna(row["arxiv_id"]):
        return url_text(f"https://arxiv.org/abs/{row['arxiv_id']}")
    if pd.notna(row["doi"]):
        return url_text(f"https://doi.org/{row['doi']}")
    return url_text(str(row["url"])) if pd.notna(row["url"]) else ""


def plain_references(papers: pd.DataFrame, keys: Sequence[str]) -> list[str]:
    """Return references as lines of text, in the order of `keys`, for documents without BibTeX; "" for an unknown key."""
    paper_of = {key: paper_id for paper_id, key in citation_keys(papers).items()}
    entries = dict(re.findall(r"@\w+\{([^,]+),\n(.*?)\n\}", _methods_bib(), re.DOTALL))
    return [
        _plain_paper(papers.loc[paper_of[key]]) if key in paper_of else _plain_method(entries.get(key, ""))
        for key in keys
    ]


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
    if not fields:
        return ""
    where = ", ".join(fields[name] for name in ("journal", "publisher", "volume", "pages") if name in fields)
    parts = [fields["author"].replace(" and ", "; "), fields["title"], where, fields["year"]]
    return ". ".join(part.rstrip(".").replace("--", "–") for part in parts if part) + "."


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
    if pd.notna(row.get("venue")):
        fields["journal"] = bibtex_text(row["venue"])
        for name in ("volume", "pages"):
            if pd.notna(row.get(name)):
                fields[name] = bibtex_text(str(row[name]))
    elif "eprint" in fields:
        # styles that know no eprint print this
        fields["howpublished"] = f"arXiv:{fields['eprint']}"
    return fields


def _entry(key: str, fields: dict[str, str]) -> str:
    # a month is BibTeX's own abbreviation and stands without braces
    lines = [f"  {name} = {value}" if name == "month" else f"  {name} = {{{value}}}" for name, value in fields.items()]
    kind = "article" if "journal" in fields else "misc"
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _letters(turn: int) -> str:
    """Return a, b, ..., z, aa, ab, ... for 1, 2, ..."""
    text = ""
    while turn:
        turn, rest = divmod(turn - 1, 26)
        text = chr(97 + rest) + text
    return text
