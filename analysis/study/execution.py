"""Stages run in order: what is current is skipped, what was made is recorded."""

import contextlib
from collections.abc import Iterable
from dataclasses import replace

from analysis import __version__
from analysis.errors import StudyVersionWarning, warn
from analysis.io.files import alone_in, hash_file, hash_json, remove_leftovers, writing
from analysis.io.runner import CheckpointedRunner
from analysis.study.ahead import begin_after, begun_ahead
from analysis.study.manifest import Manifest, StageRecord
from analysis.study.stages import RunContext, Stage, StageFunction, with_needs
from analysis.study.workspace import Workspace

# where this stage runs, notebooks run after it, and their kernels start beside it
_NOTEBOOKS_FROM = "topics"


def stage_inputs(workspace: Workspace, stage: Stage) -> dict[str, str]:
    """Return what a stage depends on, each with the hash of its content."""
    manifest, hashed = workspace.manifest(), stage.hashed or hash_file
    inputs = {"package": __version__}
    for need in stage.needs:
        record = manifest.stages.get(need)
        inputs[need] = "absent" if record is None else hash_json(dict(record.outputs))
    settings = stage.settings(workspace)
    if settings is not None:
        inputs["settings"] = hash_json(settings)
    files = (path for path in stage.files(workspace) if path is not None and path.is_file())
    return inputs | {workspace.relative(path): hashed(path) for path in files}


def is_current(workspace: Workspace, stage: Stage) -> bool:
    """Return whether a stage's inputs are what it was made from and its files are what it left."""
    record = workspace.manifest().stages.get(stage.name)
    if record is None or dict(record.inputs) != stage_inputs(workspace, stage):
        return False
    return all(
        (workspace.folder / name).is_file() and hash_file(workspace.folder / name) == content
        for name, content in record.outputs.items()
    )


def run_stages(
    workspace: Workspace, names: Iterable[str], context: RunContext, *, force: bool = False
) -> dict[str, bool]:
    """Run stages and all that they need; return whether each one ran. See `Study.run`."""
    named = list(names)
    _warn_of_another_version(workspace)
    ran: dict[str, bool] = {}
    stages = with_needs(named)
    notebooks_follow = context.run_notebooks and any(stage.runs_code for stage in stages)
    with contextlib.ExitStack() as beside:
        for stage in stages:
            if stage.runs_code and not context.run_notebooks:
                ran[stage.name] = False
                context.say(f"{stage.name} are left alone")
                continue
            ran[stage.name] = (force and stage.name in named) or not is_current(workspace, stage)
            if not ran[stage.name]:
                _skip(workspace, stage, context)
                continue
            if notebooks_follow and stage.name == _NOTEBOOKS_FROM:
                context = replace(context, notebooks=beside.enter_context(begun_ahead(workspace)))
            perform(workspace, stage, context)
            if context.notebooks is not None:
                begin_after(stage.name, workspace, context.notebooks)
    return ran


def _skip(workspace: Workspace, stage: Stage, context: RunContext) -> None:
    context.report(stage.name, "skip")
    if stage.name == "corpus" and workspace.is_partitioned:
        from analysis.corpus.damage import warn_of_left_out

        warn_of_left_out(workspace.data / "corpus")


def _warn_of_another_version(workspace: Workspace) -> None:
    """Say that what another version made is made anew."""
    records = workspace.manifest().stages
    versions = sorted({record.inputs.get("package", "unknown") for record in records.values()} - {__version__})
    if versions:
        warn(
            f"this study was made by topictrends {', '.join(versions)}; with {__version__} its stages are made anew. To keep "
            f"it as it is, copy its folder, or install topictrends {versions[0]}.",
            StudyVersionWarning,
        )


def perform(workspace: Workspace, stage: Stage, context: RunContext, work: StageFunction | None = None) -> None:
    """Do a stage's work, or other work in its stead, and record what it was made from and what it left."""
    workspace.check_folders()
    context.report(stage.name, "start")
    with alone_in(workspace.data):
        remove_leftovers([workspace.data, workspace.figures_folder, workspace.notebooks_folder])
        # inputs are hashed before the work: a file that changes meanwhile makes the stage stale
        inputs = stage_inputs(workspace, stage)
        runner = CheckpointedRunner.of(workspace.data.resolve(), stage.name, inputs, context.workers, context.progress)
        outputs = (work or stage.run)(workspace, context, runner)
        record = StageRecord(inputs, {workspace.relative(path): hash_file(path) for path in outputs})
        manifest = workspace.manifest()
        _remove_superseded(workspace, manifest, stage.name, record)
        manifest.with_stage(stage.name, record).write(workspace.manifest_path)
        runner.clear()
    context.report(stage.name, "done")


def _remove_superseded(workspace: Workspace, manifest: Manifest, stage: str, record: StageRecord) -> None:
    """Remove what a stage left before and no stage leaves now.

    A file that somebody changed is kept, and so is whatever does not lie where runs alone write: a manifest may be a stranger's.
    """
    before = manifest.stages.get(stage)
    kept = {name for other in manifest.with_stage(stage, record).stages.values() for name in other.outputs}
    for name, content in before.outputs.items() if before is not None else ():
        path = workspace.folder / name
        if name in kept or not workspace.is_derived(path) or not path.is_file() or hash_file(path) != content:
            continue
        with writing(path):
            path.unlink()
