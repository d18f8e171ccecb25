"""What of a study is there, what is out of date, and why."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.errors import NotebookError
from analysis.io.files import hash_file, hash_json
from analysis.study.execution import stage_inputs
from analysis.study.manifest import StageRecord
from analysis.study.stages import STAGES, Stage
from analysis.study.workspace import Workspace

# reasons of one kind that are told by name
_MOST_NAMED = 3


@dataclass(frozen=True)
class StageStatus:
    """How a stage stands.

    Attributes
    ----------
    stage : str
    state : {"current", "out of date", "not run"}
    made : datetime or None
        When its newest file was written.
    files : int
        How many it left.
    reasons : tuple of str
        Why it is out of date.
    """

    stage: str
    state: str
    made: dt.datetime | None
    files: int
    reasons: tuple[str, ...]


def study_status(workspace: Workspace, quick: Workspace) -> list[StageStatus]:
    """Return how every stage of a study stands, in the order in which they run.

    Parameters
    ----------
    workspace : Workspace
    quick : Workspace
        The same with the settings of a quick run.
    """
    found: dict[str, StageStatus] = {}
    for stage in STAGES:
        record = workspace.manifest().stages.get(stage.name)
        if record is None:
            found[stage.name] = StageStatus(stage.name, "not run", None, 0, ())
            continue
        late = ", ".join(need for need in stage.needs if found[need].state != "current")
        waits = [f"made anew after {late}"] if late else []
        reasons = (*_changed(workspace, quick, stage, record), *waits, *_altered(workspace, record))
        paths = [workspace.folder / name for name in record.outputs]
        times = [path.stat().st_mtime for path in paths if path.is_file()]
        made = dt.datetime.fromtimestamp(max(times)) if times else None
        found[stage.name] = StageStatus(stage.name, "out of date" if reasons else "current", made, len(paths), reasons)
    return list(found.values())


def _changed(workspace: Workspace, quick: Workspace, stage: Stage, record: StageRecord) -> Iterator[str]:
    """Yield what the stage was made from that is not what it was."""
    try:
        now = stage_inputs(workspace, stage)
    except NotebookError as error:
        yield str(error)
        return
    before = record.inputs
    files = {*now, *before} - {"package", "settings", *stage.needs}
    if now["package"] != before.get("package"):
        yield f"it was made by topictrends {before.get('package', 'of unknown version')}, this is {now['package']}"
    if now.get("settings") != before.get("settings"):
        was_quick = before.get("settings") == hash_json(stage.settings(quick))
        yield "a quick run made it" if was_quick else "its settings in study.toml changed"
    yield from (f"{need} was made again" for need in stage.needs if now.get(need) != before.get(need))
    yield from _named((name for name in files if name not in before), "new since")
    yield from _named((name for name in files if name not in now), "gone")
    yield from _named((name for name in files if name in now and now[name] != before.get(name, now[name])), "changed")


def _altered(workspace: Workspace, record: StageRecord) -> Iterator[str]:
    """Yield which of the files that a stage left are not what it left."""
    paths = {name: workspace.folder / name for name in record.outputs}
    yield from _named((name for name, path in paths.items() if not path.is_file()), "missing")
    there = (name for name, path in paths.items() if path.is_file() and hash_file(path) != record.outputs[name])
    yield from _named(there, "altered")


def _named(names: Iterator[str], what: str) -> Iterator[str]:
    every = sorted(names)
    if every:
        more = f" and {len(every) - _MOST_NAMED} more" if len(every) > _MOST_NAMED else ""
        yield f"{what}: {', '.join(every[:_MOST_NAMED])}{more}"
