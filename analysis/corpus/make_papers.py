"""Papers made from their records, partition by partition."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.corpus.enrich import fill_papers
from analysis.corpus.languages import detect_languages, language_sample
from analysis.corpus.merge import DateChoice, DatedRecord, merges_of, occurrences_of, papers_of
from analysis.corpus.record_table import records_of
from analysis.corpus.selection import Selection
from analysis.corpus.supplement import Supplement
from analysis.io.runner import KeptTable


@dataclass(frozen=True)
class ShuffleJob:
    """Where the records lie, which paper each belongs to, and the records of pages, which lie nowhere yet."""

    records: tuple[KeptTable, ...]
    owners: pd.DataFrame
    pages: pd.DataFrame


def shuffle_unit(shuffling: ShuffleJob, number: int) -> dict[str, pd.DataFrame]:
    """Sort one unit's records by the partition that their papers go to; the last unit is that of pages."""
    last = number == len(shuffling.records)
    frame = shuffling.pages if last else shuffling.records[number].read()
    owners = shuffling.owners[shuffling.owners["unit"] == (-1 if last else number)].sort_values("row")
    added = owners[
        ["ordinal", "order", "paper_id", "part", "joined", "first", "reason", "doubt", "evidence"]
    ].reset_index(drop=True)
    whole = frame.drop(columns=["ordinal", "piece"], errors="ignore").reset_index(drop=True).join(added)
    return {"records": whole.sort_values(["part", "order"], kind="stable").reset_index(drop=True)}


@dataclass(frozen=True)
class PaperJob:
    """Where records lie by partition, and what papers are filled with."""

    records: tuple[KeptTable, ...]
    supplement: Supplement | None
    date_choice: DateChoice
    answers: list[dict[str, Any]]
    selection: Selection


def make_part(making: PaperJob, number: int) -> dict[str, pd.DataFrame]:
    """Make one partition's papers from their records; tables in the schema of `Corpus`."""
    frame = pd.concat([table.read({"part": number}) for table in making.records], ignore_index=True)
    frame = frame.sort_values("order", kind="stable").reset_index(drop=True)
    records = records_of(frame)
    owners = frame["paper_id"].tolist()
    groups: dict[str, list[DatedRecord]] = {}
    for owner, item in zip(owners, records, strict=True):
        groups.setdefault(owner, []).append(item)
    papers, conflicts = papers_of(groups, making.supplement, making.date_choice, making.selection)
    papers, filled = fill_papers(papers, making.answers)
    if len(filled):
        # a service may tell that a paper is an erratum
        found = detect_languages(map(language_sample, papers["title"], papers["abstract"]))
        papers["language_detected"] = pd.Series(found, index=papers.index, dtype="str")
        known = zip(papers["type"], papers["language"].fillna(papers["language_detected"]), strict=True)
        told = [
            making.selection.excludes(*(value if isinstance(value, str) else None for value in pair)) for pair in known
        ]
        papers["excluded"] = pd.Series(told, index=papers.index, dtype="str")
    told = frame[["joined", "reason", "doubt", "evidence"]].itertuples(index=False, name=None)
    merged = [
        (item, owner, *why)
        for item, owner, why, first in zip(records, owners, told, frame["first"], strict=True)
        if not first
    ]
    return {
        "papers": papers,
        "conflicts": conflicts,
        "occurrences": occurrences_of(records, owners),
        "merges": merges_of(merged),
        "filled": filled,
    }
