"""Do a study's text, figures, notebooks and tables agree? Everything that can be is made again and compared."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from analysis.errors import ArtefactError, NotebookError, VerificationError
from analysis.study.face import STAGES

if TYPE_CHECKING:
    from analysis.study.face import Study
    from analysis.verify.comparison import Problem


def disagreements(study: "Study") -> "Iterator[Problem]":
    """Yield what does not agree in a study; see `Study.verify`."""
    from analysis.verify.comparison import Problem, check_outputs

    stages = study.manifest().stages
    yield from (Problem(stage, 0, "this stage has not run") for stage in STAGES if stage not in stages)
    yield from _stale(study)
    yield from check_outputs(study.folder, stages)
    if not all(stage in stages for stage in ("corpus", "topics", "trends")):
        return
    try:
        # made whole before the first is told of: altered tables may not fit together, and are named above
        found = list(_against_tables(study))
    except (ArtefactError, VerificationError, KeyError, ValueError) as error:
        yield Problem("data", 0, f"the tables do not fit together ({type(error).__name__}: {error})")
        yield from check_outputs(study.folder, stages, editable=True)
        return
    yield from found


def _stale(study: "Study") -> "Iterator[Problem]":
    from analysis.verify.comparison import Problem

    for stage, record in study.manifest().stages.items():
        try:
            now = study.stage_inputs(stage)
        except NotebookError as error:
            yield Problem(stage, 0, str(error))
            continue
        changed = sorted(name for name in {*now, *record.inputs} if now.get(name) != record.inputs.get(name))
        if changed:
            yield Problem(stage, 0, f"this stage is stale: {', '.join(changed)} changed since it ran")


def _against_tables(study: "Study") -> "Iterator[Problem]":
    from analysis.survey.explorer import explorer_page
    from analysis.survey.section import render_docx, render_section
    from analysis.verify.comparison import check_citations, check_document, check_figures, check_page, check_section

    corpus, topics, trends, settings = study.corpus, study.topics, study.trends, study.settings
    figures = study.figures_folder
    about: dict[str, Any] = {"title": settings.title, "seed": settings.seed, "versions": study.versions()}
    yield from check_section(figures / "survey", render_section(corpus, topics, trends, **about))
    yield from check_document(figures / "survey", render_docx(corpus, topics, trends, figures, **about))
    yield from check_figures(figures, corpus, topics, trends, settings.figures.formats, study.look)
    concepts = study.concepts if settings.concepts.look else None
    yield from check_page(figures / "index.html", explorer_page(corpus, topics, trends, concepts, settings.title))
    yield from check_citations(figures / "survey")
