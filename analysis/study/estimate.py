"""What a run will take, said before it begins: papers, minutes, memory and disk."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.io.resources import free_memory

# bytes of a record in an export, and how much a packed file grows
_BYTES_A_RECORD, _PACKED = 1_200, 3.5
_PACKED_ENDINGS = (".gz", ".xz", ".parquet", ".xlsx")
# seconds of each stage for so many papers, on two cores (tests/benchmarks/RESULTS.md); in between on a log scale
_PAPERS = (300, 5_000, 100_000, 720_000)
_SECONDS = {
    "corpus": (1, 4, 24, 200),
    "topics": (8, 15, 54, 280),
    "concepts": (0.5, 2, 10, 90),
    "trends": (8, 25, 92, 440),
    "figures": (13, 16, 22, 80),
    "survey": (2, 4, 11, 60),
    "notebooks": (13, 60, 60, 120),
}
# MiB and bytes of disk, of which one part is there whatever the size (the pictures' browsers above all) and the other comes with
# each paper
_MEMORY = (2_300.0, 3.8e-3)
_DISK = (60e6, 3_000.0)
# share of the work that workers divide among themselves, and the workers of the runs that were timed
_DIVIDED, _TIMED = 0.5, 2


def expected_records(files: Sequence[Path]) -> int:
    """Return about how many records files hold, by their size."""
    size = 0.0
    for file in files:
        if file.is_file():
            size += file.stat().st_size * (_PACKED if file.suffix in _PACKED_ENDINGS else 1)
    return round(size / _BYTES_A_RECORD)


@dataclass(frozen=True)
class Estimate:
    """What a run of a large corpus will take, and what there is.

    ``seconds`` is wall time; ``memory``, ``free_memory``, ``disk`` and ``free_disk`` are bytes.
    """

    papers: int
    seconds: float
    memory: float
    free_memory: float
    disk: float
    free_disk: float

    @property
    def fits(self) -> bool:
        """Whether memory and disk suffice."""
        return self.memory <= self.free_memory and self.disk <= self.free_disk

    def __str__(self) -> str:
        minutes = max(1, round(self.seconds / 60))
        return (
            f"About {self.papers:,} papers: about {minutes} min, {self.memory / 2**30:.1f} GiB of memory "
            f"({self.free_memory / 2**30:.1f} free), {self.disk / 2**30:.1f} GiB of disk ({self.free_disk / 2**30:.1f} free)"
        )

    @property
    def advice(self) -> str:
        """What to do where it does not fit."""
        short = [
            name
            for name, needed, free in (("memory", self.memory, self.free_memory), ("disk", self.disk, self.free_disk))
            if needed > free
        ]
        return (
            f"The {' and the '.join(short)} of this machine will not do. Close other programs, leave sources out in study.toml, "
            "set sensitivity = false under [trends], or run where there is more; --force goes on all the same."
        )


def stage_seconds(papers: int) -> dict[str, float]:
    """Return about how many seconds each stage takes for so many papers."""
    size = np.log(max(papers, 1))
    anchors = np.log(_PAPERS)
    seconds = {name: float(np.exp(np.interp(size, anchors, np.log(known)))) for name, known in _SECONDS.items()}
    # past the largest run that was timed all of it grows with the papers
    return {name: known * max(1.0, papers / _PAPERS[-1]) for name, known in seconds.items()}


def estimate(papers: int, folder: Path, n_workers: int = 1) -> Estimate:
    """Estimate a whole run of so many papers in a study's folder, by so many processes."""
    alone = sum(stage_seconds(papers).values())
    seconds = alone * (1 - _DIVIDED + _DIVIDED * _TIMED / max(n_workers, _TIMED))
    return Estimate(
        papers,
        seconds,
        (_MEMORY[0] + _MEMORY[1] * papers) * 2**20,
        free_memory(),
        _DISK[0] + _DISK[1] * papers,
        float(shutil.disk_usage(folder).free),
    )
