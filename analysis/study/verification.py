"""Whether a study's text, figures, notebooks and tables agree: all that can be made again is made and compared."""

from collections.abc import Iterator

from analysis.errors import ArtefactError, ChatError, NotebookError, VerificationError
from analysis.study.execution import stage_inputs
from analysis.study.stages import STAGES
from analysis.study.workspace import Workspace
from analysis.survey.explorer import explorer_page
from analysis.survey.section import Section
from analysis.verify.checks import (
    check_citations,
    check_document,
    check_figures,
    check_outputs,
    check_page,
    check_section,
)
from analysis.verify.comparison import Problem


def problems(workspace: Workspace) -> Iterator[Problem]:
    """Yield what does not agree in a study; see `Study.verify`."""
    records = workspace.manifest().stages
    outputs = {stage: record.outputs for stage, record in records.items()}
    yield from (Problem(stage.name, 0, "this stage has not run") for stage in STAGES if stage.name not in records)
    yield from _stale(workspace)
    yield from check_outputs(workspace.folder, outputs)
    if not all(stage in records for stage in ("corpus", "topics", "trends")):
        return
    try:
        # made whole before the first is told of: altered tables may not fit together, and are named above
        disagreements = list(_against_tables(workspace))
    except (ArtefactError, ChatError, VerificationError, KeyError, ValueError) as error:
        yield Problem("data", 0, f"the tables do not fit together ({type(error).__name__}: {error})")
        yield from check_outputs(workspace.folder, outputs, editable=True)
        return
    yield from disagreements


def _stale(workspace: Workspace) -> Iterator[Problem]:
    records = workspace.manifest().stages
    for stage in STAGES:
        if stage.name not in records:
            continue
        before = records[stage.name].inputs
        try:
            now = stage_inputs(workspace, stage)
        except NotebookError as error:
            yield Problem(stage.name, 0, str(error))
            continue
        changed = sorted(name for name in {*now, *before} if now.get(name) != before.get(name))
        if changed:
            yield Problem(stage.name, 0, f"this stage is stale: {', '.join(changed)} changed since it ran")


def _against_tables(workspace: Workspace) -> Iterator[Problem]:
    corpus, topics, trends, settings = workspace.corpus, workspace.topics, workspace.trends, workspace.settings
    figures = workspace.figures_folder
    section = Section.of(
        corpus,
        topics,
        trends,
        title=settings.title,
        seed=settings.seed,
        versions=workspace.versions(),
        check=workspace.reader_check,
        drafter=workspace.kept_drafter,
        pictures="svg" in settings.figures.formats,
    )
    yield from check_section(figures / "survey", section.text_files())
    yield from check_document(figures / "survey", section.document(figures))
    yield from check_figures(figures, corpus, topics, trends, settings.figures.formats, workspace.style)
    page = explorer_page(
        corpus, topics, trends, workspace.concepts_if_sought, settings.title, edits=workspace.edits_text
    )
    yield from check_page(figures / "index.html", page)
    yield from check_citations(figures / "survey")
