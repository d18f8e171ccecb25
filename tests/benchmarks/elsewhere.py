"""Peers that this environment cannot hold beside its own packages: another interpreter runs them.

``PEERS_PYTHON`` names that interpreter, of an environment such as
``python -m venv peers && peers/bin/pip install litstudy "bibtexparser<2"``; without it their cells say so.
"""

import json
import os
import subprocess
from dataclasses import dataclass
from typing import Any

_PYTHON = "PEERS_PYTHON"
_NONE = f"not run ({_PYTHON} names no interpreter)"
# around what a peer does: its own seconds, after a first small call, and the most memory that its process held
_MEASURE = """
import json, resource, sys, time
{prepare}
begun = time.perf_counter()
{work}
seconds = time.perf_counter() - begun
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([seconds, peak, {result}]))
"""


@dataclass(frozen=True)
class Elsewhere:
    """What a peer's process gave: seconds, peak memory in MiB and a value; or why there is none."""

    seconds: float = 0.0
    peak: float = 0.0
    value: Any = None
    missing: str = ""


def run_elsewhere(prepare: str, work: str, result: str, *arguments: str, timeout: float = 1_800) -> Elsewhere:
    """Run Python code in the peers' interpreter; `arguments` are its ``sys.argv[1:]``."""
    python = os.environ.get(_PYTHON)
    if not python:
        return Elsewhere(missing=_NONE)
    code = _MEASURE.format(prepare=prepare, work=work, result=result)
    done = subprocess.run(
        [python, "-W", "ignore", "-c", code, *arguments], capture_output=True, text=True, timeout=timeout, check=False
    )
    if done.returncode:
        return Elsewhere(missing=f"failed: {done.stderr.strip().splitlines()[-1][:120]}")
    return Elsewhere(*json.loads(done.stdout.splitlines()[-1]))
