"""A corpus piece by piece: titles and abstracts of one partition at a time, in the order of the papers' ids."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from analysis.corpus.text import is_abstract
from analysis.errors import ArtefactError
from analysis.io.files import read_table

# papers of a partition: some tens of megabytes of text
PARTITION = 25_000


class Partitions(Protocol):
    """Papers, mostly those with an abstract, cut into partitions; ids rise within a partition and from one to the next."""

    def __len__(self) -> int:
        """Return how many partitions there are."""
        ...

    def papers(self, number: int) -> pd.DataFrame:
        """Return one partition: title, abstract, date and date_precision of its papers, index paper_id."""
        ...


# a named piece of work done on every partition: (name, what it does with what all share and a partition's
# number, what all share, how many partitions); results come in the order of the partitions
Work = Callable[[Any, int], Any]
Run = Callable[[str, Work, Any, int], Iterator[Any]]


def in_turn(name: str, work: Work, shared: Any, count: int) -> Iterator[Any]:
    """Do a piece of work on one partition after the other, in this process."""
    return (work(shared, number) for number in range(count))


@dataclass(frozen=True)
class FramePartitions:
    """Partitions of a table that is in memory, sorted by id, of papers with an abstract."""

    table: pd.DataFrame
    size: int = PARTITION

    def __len__(self) -> int:
        return -(-len(self.table) // self.size)

    def papers(self, number: int) -> pd.DataFrame:
        """Return one partition."""
        return self.table.iloc[number * self.size : (number + 1) * self.size]


@dataclass(frozen=True)
class FolderPartitions:
    """Partitions that lie as parquet files in a folder, in the order of their names."""

    folder: Path
    names: tuple[str, ...]
    described: bool = True

    @classmethod
    def of(cls, folder: Path, *, described: bool = True) -> "FolderPartitions":
        """Find the partitions in a folder; `described` false takes papers without an abstract, too.

        Raises
        ------
        ArtefactError
            One of them is missing.
        """
        names = tuple(sorted(path.name for path in folder.glob("part-*.parquet")))
        for number, name in enumerate(names):
            if name != f"part-{number:05d}.parquet":
                raise ArtefactError(f"{folder / f'part-{number:05d}.parquet'} is missing; `topictrends run` writes it")
        return cls(folder, names, described)

    def __len__(self) -> int:
        return len(self.names)

    def papers(self, number: int) -> pd.DataFrame:
        """Return one partition; raises ArtefactError, with its name, where it is missing or damaged."""
        found = read_table(self.folder / self.names[number], columns=["title", "abstract", "date", "date_precision"])
        return found[found["abstract"].map(is_abstract).to_numpy(dtype=bool)] if self.described else found
