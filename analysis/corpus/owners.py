"""Which paper each record is of: records grouped by what tells papers apart, before their texts are read."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.corpus.evidence import Identity
from analysis.corpus.merge import DatedRecord
from analysis.corpus.merge_edits import Pairs
from analysis.corpus.read_units import IDENTITY_COLUMNS
from analysis.corpus.record_table import record_table, records_of
from analysis.corpus.same_paper import group_records
from analysis.corpus.schema import CONFLICT_COLUMNS, KEPT_APART, paper_id
from analysis.corpus.text import title_key
from analysis.io.runner import Runner

# in the order of `Identity`
_OF_IDENTITY = (
    *("key", "doi", "arxiv_id", "pmid", "year", "surnames", "title", "venue_key", "place", "type", "sketch"),
)


@dataclass(frozen=True)
class Owners:
    """Which paper each record is of.

    Attributes
    ----------
    records : DataFrame
        Of each record its paper, its partition, and why it joined an earlier record: unit, row, ordinal, paper_id, ...
    kept_apart : DataFrame
        Records that share an identifier and are of two papers, as rows of `Corpus.conflicts`.
    """

    records: pd.DataFrame
    kept_apart: pd.DataFrame


def owners_of(
    whole: pd.DataFrame,
    runner: Runner,
    records_of_pages: Sequence[DatedRecord],
    threshold: int,
    partition: int,
    pairs: Pairs,
) -> Owners:
    """Group the records of the same paper, and give every paper its id and its partition."""
    columns = {name: whole[name].astype(object).where(whole[name].notna(), None).tolist() for name in IDENTITY_COLUMNS}
    identities = [
        Identity(key, doi, arxiv_id, pmid, None if year is None else int(year), frozenset(names), title, *others)
        for key, doi, arxiv_id, pmid, year, names, title, *others in zip(
            *(columns[name] for name in _OF_IDENTITY), strict=True
        )
    ]
    groups = group_records(identities, pairs.together, pairs.parted)
    del identities
    ids = _ids(columns["key"], columns["title"], groups.first, whole, runner, records_of_pages)
    paper = ids[groups.first]
    distinct, number = np.unique(paper, return_inverse=True)
    size = partition if len(distinct) > threshold else len(distinct)
    address = np.array([f"{file}#{ordinal}" for file, ordinal in zip(columns["file"], columns["ordinal"], strict=True)])
    apart = [
        (paper[one], KEPT_APART, paper[one], address[one], f"{paper[other]}: {why}", address[other])
        for one, other, why in groups.kept_apart
    ]
    records = pd.DataFrame(
        {
            "unit": whole["unit"],
            "row": whole["row"],
            "ordinal": whole["ordinal"],
            "order": np.arange(len(whole)),
            "paper_id": paper.astype(str),
            "part": number // size,
            "joined": address[groups.first],
            "first": groups.first == np.arange(len(whole)),
            "reason": list(groups.reasons),
            "doubt": groups.doubts,
            "evidence": list(groups.evidence),
        }
    )
    return Owners(records, pd.DataFrame(apart, columns=CONFLICT_COLUMNS, dtype="str"))


def _ids(
    keys: list[str],
    titles: list[str],
    first: np.ndarray,
    whole: pd.DataFrame,
    runner: Runner,
    records_of_pages: Sequence[DatedRecord],
) -> np.ndarray:
    """Return at each group's first record its paper_id; papers that share a title are told apart by their other facts."""
    several = np.flatnonzero(np.bincount(first, minlength=len(first)) > 1)
    members: dict[int, list[int]] = {leader: [] for leader in several.tolist()}
    for position in np.flatnonzero(np.isin(first, several)).tolist():
        members[int(first[position])].append(position)
    leaders = np.flatnonzero(first == np.arange(len(first))).tolist()
    by_key: dict[str, list[int]] = {}
    for leader in leaders:
        key = keys[leader]
        if leader in members:
            counts = Counter(titles[position] for position in members[leader])
            key = title_key(min(counts, key=lambda title: (-counts[title], title)))
        by_key.setdefault(key, []).append(leader)
    signatures = _signatures(
        [leader for group in by_key.values() if len(group) > 1 for leader in group],
        members,
        whole,
        runner,
        records_of_pages,
    )
    ids = np.empty(len(first), dtype=object)
    for key, group in by_key.items():
        for turn, leader in enumerate(sorted(group, key=lambda item: signatures[item]) if len(group) > 1 else group):
            ids[leader] = paper_id(key, turn)
    return ids


def _signatures(
    leaders: list[int],
    members: Mapping[int, list[int]],
    whole: pd.DataFrame,
    runner: Runner,
    records_of_pages: Sequence[DatedRecord],
) -> dict[int, tuple[str, ...]]:
    """Return what tells groups of one title apart whatever the order of files: the least of their records' facts."""
    rows = {position: leader for leader in leaders for position in members.get(leader, [leader])}
    asked = whole.iloc[sorted(rows)]
    facts: dict[int, tuple[str, ...]] = {}
    for unit, part in asked.groupby("unit"):
        frame = record_table(records_of_pages) if unit < 0 else runner.table("read", int(unit), "records").read()
        records = records_of(frame.iloc[part["row"].to_numpy()])
        for position, item in zip(part.index, records, strict=True):
            known = (item.record.doi or "", item.record.arxiv_id or "", str(item.date), item.record.abstract)
            leader = rows[int(position)]
            facts[leader] = min(facts.get(leader, known), known)
    return facts
