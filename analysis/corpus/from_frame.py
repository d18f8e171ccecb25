"""The tables of a corpus that is given as one table of papers."""

from typing import Any

import pandas as pd

from analysis.corpus.dates import DateError, parse_iso_date
from analysis.corpus.schema import (
    OCCURRENCE_COLUMNS,
    empty_papers,
    in_file_order,
    paper_id,
    typed_occurrences,
    typed_papers,
)
from analysis.corpus.text import clean_text, title_key
from analysis.errors import CorpusError


def frame_tables(df: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the papers and occurrences of `Corpus.from_frame`."""
    missing = [name for name in ("title", "abstract") if name not in df.columns]
    if missing:
        raise CorpusError(
            f"the table lacks the column(s) {', '.join(missing)}; it has: {', '.join(map(str, df.columns))}. "
            "Rename yours, e.g. df.rename(columns={'headline': 'title'})."
        )
    rows = df.reset_index(drop=True)
    titles = [clean_text(_text(value)) for value in rows["title"]]
    abstracts = [clean_text(_text(value)) for value in rows["abstract"]]
    sources = [_text(value) for value in rows["source"]] if "source" in rows else ["table"] * len(rows)
    papers = empty_papers(_frame_ids(rows, titles))
    papers["title"], papers["abstract"] = titles, abstracts
    dates = [_frame_date(value, row) for row, value in enumerate(rows["date"])] if "date" in rows else []
    if dates:
        papers["date"] = pd.Series([date for date, _ in dates], index=papers.index, dtype="datetime64[us]")
        papers["date_precision"] = [precision for _, precision in dates]
    ordinals = pd.Series(sources).groupby(sources).cumcount() + 1
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
    return typed_papers(papers.sort_index()), typed_occurrences(in_file_order(occurrences))


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _frame_ids(rows: pd.DataFrame, titles: list[str]) -> pd.Index:
    if "id" in rows:
        ids = pd.Index([_text(value) for value in rows["id"]], name="paper_id")
        if ids.has_duplicates or (ids == "").any():
            repeated = ids[ids.duplicated()].unique()[:3].tolist()
            raise CorpusError(f"the column id must be unique and without gaps; repeated: {repeated}")
        return ids
    keys = pd.Series([title_key(title) for title in titles], dtype=str)
    turns = keys.groupby(keys).cumcount()
    return pd.Index([paper_id(key, turn) for key, turn in zip(keys, turns, strict=True)], name="paper_id")


def _frame_date(value: Any, row: int) -> tuple[pd.Timestamp, str]:
    try:
        return parse_iso_date(value)
    except DateError as error:
        raise CorpusError(f"row {row + 1} of the table: {error}") from error
