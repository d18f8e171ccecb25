"""Run every benchmark, or those named, and write RESULTS.md: ``python -m tests.benchmarks [quality] [calibration] ...``."""

import os
import platform
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import (
    calibration,
    equality,
    events,
    exports,
    groups,
    guided,
    history,
    large,
    quality,
    records,
    referee,
    resilience,
    scale,
    sentences,
    speed,
    stability,
    weekly,
    whole_fits,
)

RESULTS = Path(__file__).parent / "RESULTS.md"
PARTS: dict[str, Callable[[], str]] = {
    "quality": quality.report,
    "sentences": sentences.report,
    "outlines": guided.report,
    "records": records.report,
    "stability": stability.report,
    "speed": speed.report,
    "scale": scale.report,
    "landmarks": large.landmarks,
    "peers": large.peers,
    "workers": large.workers,
    "runs": large.runs,
    "equality": equality.report,
    "weekly": weekly.report,
    "resilience": resilience.report,
    "calibration": calibration.report,
    "referee": referee.report,
    "groups": groups.report,
    "whole fits": whole_fits.report,
    "history": history.report,
    "events": events.report,
    "exports": exports.report,
}
_START, _END = "<!-- {}: start -->", "<!-- {}: end -->"


def main() -> None:
    """Run the named parts, or all, and replace their sections of RESULTS.md; what was tried by hand stays."""
    warnings.simplefilter("ignore")
    for name in sys.argv[1:] or list(PARTS):
        text = PARTS[name]()
        sys.stdout.write(text + "\n")
        _replace(name, text)


def _replace(name: str, text: str) -> None:
    start, end = _START.format(name), _END.format(name)
    block = f"{start}\n{text.strip()}\n\nPython {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores.\n{end}"
    whole = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Benchmark results\n"
    if start in whole:
        before, _, rest = whole.partition(start)
        whole = before + block + rest.partition(end)[2]
    else:
        whole = f"{whole.rstrip()}\n\n{block}\n"
    RESULTS.write_text(whole, encoding="utf-8")


if __name__ == "__main__":
    main()
