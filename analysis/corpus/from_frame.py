"""The tables of a corpus that is given as one table of papers."""

from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus.dates import read_dates
from analysis.corpus.kinds import notice_type
from analysis.corpus.languages import detect_languages, language_sample
from analysis.corpus.places import country_code
from analysis.corpus.schema import (
    LIST_COLUMNS,
    OCCURRENCE_COLUMNS,
    empty_papers,
    in_file_order,
    paper_id,
    typed_occurrences,
    typed_papers,
)
from analysis.corpus.selection import ANY_WITH_FINDINGS
from analysis.corpus.text import clean_text, title_key
from analysis.errors import CorpusError, CorpusWarning, warn
from analysis.escaping import one_line, url_text
from analysis.validation import broken_rows, expect_frame, read_ids, read_texts

# what else a table may tell of a paper, as it is written
_FACTS = ("organisation", "doi", "arxiv_id", "url", "venue", "type", "language", "volume", "issue", "pages", "label")
_COUNTS = ("n_authors", "n_cited")
_ID_NAMES = ("id", "paper_id")


def frame_tables(df: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the papers and occurrences of `Corpus.from_frame`, in the order of the table's rows."""
    table = expect_frame(df, "the table", CorpusError)
    missing = [name for name in ("title", "abstract") if name not in table.columns]
    if missing:
        raise CorpusError(
            f"the table lacks the column(s) {', '.join(missing)}; it has: {', '.join(map(str, table.columns))}. "
            "Rename yours, e.g. df.rename(columns={'headline': 'title'})."
        )
    rows = table.reset_index(drop=True)
    _warn_of_broken_texts(rows)
    titles = [clean_text(text) for text in read_texts(rows["title"], "title", CorpusError)]
    abstracts = [clean_text(text) for text in read_texts(rows["abstract"], "abstract", CorpusError)]
    sources = (
        [one_line(text) for text in read_texts(rows["source"], "source", CorpusError)]
        if "source" in rows
        else ["table"] * len(rows)
    )
    papers = empty_papers(_given_ids(table) if _has_ids(table) else _ids_by_text(titles, abstracts))
    papers["title"], papers["abstract"] = titles, abstracts
    if "date" in rows:
        dates, precisions = read_dates(rows["date"], CorpusError)
        papers["date"], papers["date_precision"] = dates.to_numpy(), precisions
    for name in _FACTS:
        if name in rows:
            escape = url_text if name == "url" else one_line
            papers[name] = [escape(text) or None for text in read_texts(rows[name], name, CorpusError)]
    _add_lists(papers, rows)
    papers["language_detected"] = detect_languages(map(language_sample, titles, abstracts))
    notices = [notice_type(title, abstract) for title, abstract in zip(titles, abstracts, strict=True)]
    papers["type"] = [notice or stated for notice, stated in zip(notices, papers["type"], strict=True)]
    papers["excluded"] = [
        ANY_WITH_FINDINGS.excludes(kind if isinstance(kind, str) else None, None) for kind in papers["type"]
    ]
    ordinals = pd.Series(sources, dtype="str").groupby(sources).cumcount() + 1 if sources else pd.Series(dtype=int)
    papers["sources"] = pd.Series(
        [[f"{source}#{ordinal}"] for source, ordinal in zip(sources, ordinals, strict=True)],
        index=papers.index,
        dtype=object,
    )
    occurrences = pd.DataFrame(
        {
            "file": sources,
            "ordinal": ordinals.to_numpy(),
            "line_start": ordinals.to_numpy(),
            "line_end": ordinals.to_numpy(),
            "paper_id": papers.index,
            "title": titles,
            "date": papers["date"].to_numpy(),
        }
    ).reindex(columns=OCCURRENCE_COLUMNS)
    return typed_papers(papers), typed_occurrences(in_file_order(occurrences))


def _has_ids(table: pd.DataFrame) -> bool:
    """Return whether a table has ids: a column, or an index that is called so or holds distinct texts."""
    if any(name in table.columns for name in _ID_NAMES) or table.index.name in _ID_NAMES:
        return True
    if isinstance(table.index, pd.MultiIndex):
        return False
    texts = pd.api.types.is_string_dtype(table.index.dtype) and len(table) > 0
    return bool(texts and table.index.is_unique and not table.index.hasnans)


def _given_ids(table: pd.DataFrame) -> pd.Index:
    column = next((name for name in _ID_NAMES if name in table.columns), None)
    return read_ids(table.index if column is None else table[column], CorpusError)


def _ids_by_text(titles: list[str], abstracts: list[str]) -> pd.Index:
    """Return ids made from titles; papers of one title take turns in the order of their abstracts, whatever that of rows."""
    frame = pd.DataFrame({"key": [title_key(title) for title in titles], "abstract": abstracts}, dtype="str")
    turns = frame.sort_values("abstract", kind="stable").groupby("key").cumcount().sort_index()
    return pd.Index([paper_id(key, turn) for key, turn in zip(frame["key"], turns, strict=True)], name="paper_id")


def _add_lists(papers: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Fill authors, keywords and other lists, given as lists or as texts with semicolons, and numbers."""
    for column in LIST_COLUMNS:
        if column in rows:
            values = [_several(value, column, row) for row, value in enumerate(rows[column].tolist(), start=1)]
            if column == "countries":
                values = [_as_codes(value) for value in values]
            papers[column] = pd.Series(values, index=papers.index, dtype=object)
    if "authors" in rows:
        papers["n_authors"] = [pd.NA if names is pd.NA else len(names) for names in papers["authors"]]
    for column in _COUNTS:
        if column in rows:
            try:
                papers[column] = rows[column].astype("Int64").to_numpy()
            except (ValueError, TypeError) as error:
                raise CorpusError(f"the column {column} holds what is no whole number ({error})") from error


def _as_codes(countries: Any) -> Any:
    """Return countries as codes of two letters, each once; what is none as it is written."""
    if not isinstance(countries, list):
        return countries
    return list(dict.fromkeys(country_code(name) or name for name in countries))


def _several(value: Any, column: str, row: int) -> Any:
    if isinstance(value, (list, tuple, np.ndarray)):
        if not all(isinstance(one, str) for one in value):
            raise CorpusError(f"row {row} of the table: {column} must be texts, as ['A. Author', 'B. Author']")
        found = [clean_text(one) for one in value]
    else:
        [text] = read_texts(pd.Series([value], dtype=object), column, CorpusError)
        found = [clean_text(one) for one in text.split(";")]
    return [one for one in found if one] or pd.NA


def _warn_of_broken_texts(rows: pd.DataFrame) -> None:
    for name in ("title", "abstract"):
        broken = broken_rows(rows[name])
        if broken:
            warn(
                f"{len(broken)} cell(s) of the column {name} hold half a character, as a cut at a length leaves it (row "
                f"{', '.join(map(str, broken[:3]))}{', ...' if len(broken) > 3 else ''}); it is written as U+FFFD",
                CorpusWarning,
            )
