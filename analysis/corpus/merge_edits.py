"""What a reader decided about pairs of records: which stay together and which are parted, whatever the evidence says."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from analysis.corpus.identifiers import normal_arxiv, normal_doi, normal_pmid
from analysis.corpus.records import Reject
from analysis.corpus.text import title_key
from analysis.errors import CorpusError

_FORM = 'write [[keep]] or [[part]] with records = ["a.ris#3", "10.1234/x"]'


@dataclass(frozen=True)
class MergeEdit:
    """A pair of records, each named by "file#ordinal", DOI, arXiv id, PubMed id or title, to be kept together or parted."""

    kind: Literal["keep", "part"]
    one: str
    other: str


@dataclass(frozen=True)
class Pairs:
    """Positions of records that a reader keeps together or parts, and edits that name no record."""

    together: list[tuple[int, int]]
    parted: list[tuple[int, int]]
    rejects: list[Reject]


def read_merge_edits(path: Path) -> list[MergeEdit]:
    """Read data/merge_edits.toml.

    Raises
    ------
    CorpusError
        It is no TOML, or holds anything but pairs of records.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise CorpusError(f"{path} cannot be read: {error}") from error
    edits = []
    for kind, listed in content.items():
        if kind not in ("keep", "part") or not isinstance(listed, list):
            raise CorpusError(f"{path}: unknown key {kind!r}; {_FORM}")
        for entry in listed:
            records = entry.get("records") if isinstance(entry, dict) else None
            match records:
                case [str() as one, str() as other] if not set(entry) - {"records", "why"}:
                    edits.append(MergeEdit("keep" if kind == "keep" else "part", one, other))
                case _:
                    raise CorpusError(f"{path}: an entry of {kind} that is no pair of records; {_FORM}")
    return edits


def resolve(edits: Sequence[MergeEdit], records: pd.DataFrame, file: str) -> Pairs:
    """Find the records that edits name.

    Parameters
    ----------
    edits : sequence of MergeEdit
    records : DataFrame
        file, ordinal, key, doi, arxiv_id, pmid.
    file : str
        The edits' own file, for what is told of them.
    """
    found = Pairs([], [], [])
    if not edits:
        return found
    known: dict[str, list[int]] = {}
    addresses = records["file"].astype(str) + "#" + records["ordinal"].astype(str)
    for column in (addresses, records["doi"], records["arxiv_id"], records["pmid"], records["key"]):
        for position, value in enumerate(column.tolist()):
            if isinstance(value, str):
                known.setdefault(value, []).append(position)
    for edit in edits:
        sides = [_positions(name, known) for name in (edit.one, edit.other)]
        missing = [name for name, side in zip((edit.one, edit.other), sides, strict=True) if not side]
        if missing:
            found.rejects.append(Reject.at(file, 1, f"no record is called {missing[0]!r}", missing[0], "supplement"))
            continue
        pairs = found.together if edit.kind == "keep" else found.parted
        pairs += [(one, other) for one in sides[0] for other in sides[1] if one != other]
    return found


def _positions(name: str, known: dict[str, list[int]]) -> list[int]:
    forms = (name, normal_doi(name), normal_arxiv(name), normal_pmid(name), title_key(name))
    return next((known[form] for form in forms if form is not None and form in known), [])
