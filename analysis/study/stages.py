"""The stages of a study, each defined once: what it needs, what it is made from, and what it does."""

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import ArtefactError, CorpusWarning, SettingsError, warn
from analysis.io.files import files_under
from analysis.io.steps import tell
from analysis.study.chat_models import Say, chosen_drafter, chosen_labeller, unsaid
from analysis.study.notebooks import source_hash
from analysis.study.workspace import Workspace

if TYPE_CHECKING:
    # heavy packages are imported where they are used: a run that has nothing to do should not wait for them
    from analysis.corpus.exports import Exports
    from analysis.corpus.paper import Corpus
    from analysis.io.runner import CheckpointedRunner, Progress, Workers
    from analysis.study.notebook_runner import NotebookRunner

Report = Callable[[str, str], None]


def silent(stage: str, event: str) -> None:
    """Report nothing."""


@dataclass(frozen=True)
class RunContext:
    """How stages are run.

    Attributes
    ----------
    report : callable
        Told (stage, "start" | "skip" | "done").
    workers : Workers, optional
        Other processes that do pieces of work on partitions; see `analysis.io.dask_runner`.
    progress : callable, optional
        Told how far the partitions of a stage are; see `analysis.io.runner.Progress`.
    say : callable
        Told, in words, what a user should know before it is done, such as what is sent where.
    run_notebooks : bool
        Whether notebooks, which are programs, are executed.
    notebooks : NotebookRunner, optional
        What executes them, where it was begun while earlier stages ran; see `analysis.study.ahead`.
    skip_corrupt : bool
        Past `scale.threshold` records, leave damaged files out, counted in the rejects, instead of stopping the run.
    """

    report: Report = silent
    workers: "Workers | None" = None
    progress: "Progress | None" = None
    skip_corrupt: bool = False
    say: Say = unsaid
    run_notebooks: bool = True
    notebooks: "NotebookRunner | None" = None


StageFunction = Callable[[Workspace, RunContext, "CheckpointedRunner"], list[Path]]


@dataclass(frozen=True)
class Stage:
    """A stage of a study.

    Attributes
    ----------
    name : str
    help : str
        What it does, in one line.
    needs : tuple of str
        Stages whose results it reads.
    settings : callable
        Returns what of study.toml it depends on, as JSON.
    files : callable
        Returns the files that it is made from, beside what other stages left; None where an optional one is absent.
    run : callable
        Does the work and returns the files that it wrote.
    hashed : callable, optional
        How its files' contents are hashed; whole by default.
    runs_code : bool
        Whether it executes code that lies in the study.
    """

    name: str
    help: str
    needs: tuple[str, ...]
    settings: Callable[[Workspace], Any]
    files: Callable[[Workspace], Iterable[Path | None]]
    run: StageFunction
    hashed: Callable[[Path], str] | None = field(default=None)
    runs_code: bool = False


def corpus_exports(workspace: Workspace, *, with_answers: bool = True) -> "Exports":
    """Return what the corpus is read from.

    Raises
    ------
    ArtefactError
        A source does not exist.
    """
    from analysis.corpus.exports import Exports, export_files
    from analysis.corpus.named_sources import NamedSource
    from analysis.corpus.selection import Selection

    paths, chosen, scale = workspace.source_paths(), workspace.settings.corpus, workspace.settings.scale
    # links out of the study are refused before a file is opened
    workspace.source_files()
    missing = [path for path in paths if not path.exists()]
    if len(paths) > 1 and missing:
        raise ArtefactError(f"{missing[0]} does not exist; study.toml names it among the sources")
    answers = workspace.answers_path if with_answers and workspace.answers_path.is_file() else None
    return Exports(
        export_files(paths[0] if len(paths) == 1 else files_under(paths)),
        {str(name): column for name, column in (chosen.columns or {}).items()},
        chosen.date,
        workspace.supplement,
        answers,
        scale.threshold,
        scale.partition,
        named=[NamedSource(one.name, tuple(one.files), one.query, str(one.taken)) for one in chosen.source],
        selection=Selection(tuple(chosen.types), tuple(chosen.languages)),
        merge_edits=workspace.merge_edits_path if workspace.merge_edits_path.is_file() else None,
    )


def read_exports(workspace: Workspace) -> "Corpus":
    """Return the corpus as its exports give it, before any service has filled anything."""
    from analysis.corpus.load import corpus_of

    return corpus_of(corpus_exports(workspace, with_answers=False))


def _run_corpus(workspace: Workspace, context: RunContext, runner: "CheckpointedRunner") -> list[Path]:
    from analysis.corpus.assemble import assemble
    from analysis.corpus.damage import warn_of_rejects
    from analysis.corpus.named_sources import thin_sources
    from analysis.study.estimate import expected_records
    from analysis.study.store import move_corpus

    workspace.forget("corpus", "topics", "concepts", "trends")
    # where results stand on hours of work, a damaged file is mended before it is begun
    large = expected_records(workspace.source_files()) > workspace.settings.scale.threshold
    assembled = assemble(
        corpus_exports(workspace), runner, stop_on_damage=large, skip_corrupt=large and context.skip_corrupt
    )
    warn_of_rejects(assembled.tables["rejects"])
    written = move_corpus(workspace.data / "corpus", assembled, runner)
    thin = thin_sources(workspace.corpus.strata, workspace.corpus.pages)
    if thin:
        warn(thin, CorpusWarning)
    return written


def _run_topics(workspace: Workspace, context: RunContext, runner: "CheckpointedRunner") -> list[Path]:
    from analysis.topics.edits import read_edits
    from analysis.topics.fitting import fit
    from analysis.topics.outline.reading import read_outline
    from analysis.topics.saved import write_topics

    labeller, edits = chosen_labeller(workspace, context.say), read_edits(workspace.edits_path)
    outline = read_outline(workspace.outline_path) if workspace.outline_path.is_file() else None
    if outline is not None and workspace.settings.topics.method == "bertopic":
        raise SettingsError(
            f'{workspace.outline_path} guides the consensus; take it away, or method = "bertopic" out of study.toml'
        )
    topics = fit(workspace.corpus, workspace.fit_options, runner.run, edits=edits, labeller=labeller, outline=outline)
    workspace.forget("topics", "trends")
    answers = [labeller.record] if labeller is not None else []
    return [workspace.embeddings_path, *answers, *write_topics(workspace.data / "topics", topics)]


def _run_concepts(workspace: Workspace, context: RunContext, runner: "CheckpointedRunner") -> list[Path]:
    if not workspace.seeks_concepts:
        return []
    from analysis.concepts.mentions import find_concepts
    from analysis.concepts.vocabulary import read_vocabulary
    from analysis.study.store import write_concepts

    concepts = find_concepts(workspace.corpus, read_vocabulary(workspace.vocabulary), run=runner.run)
    workspace.forget("concepts")
    return write_concepts(workspace.data / "concepts", concepts)


def _run_trends(workspace: Workspace, context: RunContext, runner: "CheckpointedRunner") -> list[Path]:
    import pandas as pd

    from analysis.topics.variants import topic_variants
    from analysis.trends.family import TestSettings
    from analysis.trends.fit import fit_trends

    chosen, seed = workspace.settings.trends, workspace.settings.seed
    judged = TestSettings(chosen.alpha, chosen.equivalence_change, chosen.robustness, chosen.permutations, seed)
    variants = None
    # without a date there is nothing that other clusterings could be asked about
    if chosen.sensitivity and workspace.corpus.facts("date")["date"].notna().any():
        landmarks = pd.Index(workspace.topics.landmarks["paper_id"])
        variants = topic_variants(workspace.corpus, landmarks, workspace.fit_options, runner.run)
    if context.workers is not None:
        # what follows is done here, and takes the memory
        context.workers.rest()
    trends = fit_trends(
        workspace.corpus,
        workspace.topics,
        concepts=workspace.concepts_if_sought,
        variants=variants,
        period=chosen.periods,
        events={event.name: event.date for event in workspace.settings.events},
        groups=chosen.groups,
        pairs=chosen.pairs,
        alpha=chosen.alpha,
        seed=seed,
        settings=judged,
    )
    workspace.forget("trends")
    return trends.save(workspace.data / "trends")


def _run_figures(workspace: Workspace, context: RunContext, runner: "CheckpointedRunner") -> list[Path]:
    from analysis.figures.export import write_figures

    return write_figures(
        workspace.corpus,
        workspace.topics,
        workspace.trends,
        workspace.figures_folder,
        formats=workspace.settings.figures.formats,
        style=workspace.style,
        single_column=workspace.settings.figures.single_column,
        service=None if context.notebooks is None else context.notebooks.drawing,
    )


def _run_survey(workspace: Workspace, context: RunContext, runner: "CheckpointedRunner") -> list[Path]:
    from analysis.io.files import write_texts
    from analysis.survey.explorer import explorer_page
    from analysis.survey.section import write

    corpus, topics, trends, title = workspace.corpus, workspace.topics, workspace.trends, workspace.settings.title
    folder, drafter = workspace.figures_folder, chosen_drafter(workspace, context.say)
    tell("writing the section")
    written = write(
        corpus,
        topics,
        trends,
        folder / "survey",
        title=title,
        seed=workspace.settings.seed,
        versions=workspace.versions(),
        check=workspace.reader_check,
        drafter=drafter,
        pictures="svg" in workspace.settings.figures.formats,
    )
    answers = [drafter.record] if drafter is not None else []
    tell("writing the explorer")
    page = explorer_page(corpus, topics, trends, workspace.concepts_if_sought, title, edits=workspace.edits_text)
    write_texts({folder / "index.html": page})
    return [*answers, *written, folder / "index.html"]


def _run_notebooks(workspace: Workspace, context: RunContext, runner: "CheckpointedRunner") -> list[Path]:
    """Execute the notebooks, several at a time where there are cores: they do not need one another."""
    from analysis.study.ahead import notebooks_of
    from analysis.study.trust import own_notebooks

    files = workspace.notebook_files()
    begun = context.notebooks
    with notebooks_of(workspace) if begun is None else contextlib.nullcontext(begun) as notebooks:
        return notebooks.execute(files, own_notebooks(files))


def _no_files(workspace: Workspace) -> list[Path]:
    return []


STAGES: tuple[Stage, ...] = (
    Stage(
        "corpus",
        "Read the exports into one clean table of papers.",
        (),
        lambda study: [study.settings.corpus.model_dump(), study.settings.scale.model_dump()],
        lambda study: [*study.source_files(), study.answers_path, study.merge_edits_path],
        _run_corpus,
    ),
    Stage(
        "topics",
        "Find topics that are stable under other seeds and samples, and the themes above them.",
        ("corpus",),
        lambda study: [study.settings.seed, study.settings.topics.model_dump(), study.settings.scale.model_dump()],
        lambda study: [study.edits_path, study.outline_path],
        _run_topics,
    ),
    Stage(
        "concepts",
        "Look for the concepts of a vocabulary in titles and abstracts.",
        ("corpus",),
        lambda study: study.settings.concepts.model_dump(),
        lambda study: [study.vocabulary],
        _run_concepts,
    ),
    Stage(
        "trends",
        "Measure shares over time and test them.",
        ("corpus", "topics", "concepts"),
        lambda study: [
            study.settings.seed,
            study.settings.trends.model_dump(),
            [event.model_dump() for event in study.settings.events],
        ],
        _no_files,
        _run_trends,
    ),
    Stage(
        "figures",
        "Draw every figure, with its data and caption.",
        ("corpus", "topics", "trends"),
        lambda study: [study.settings.title, study.settings.figures.model_dump()],
        _no_files,
        _run_figures,
    ),
    Stage(
        "survey",
        "Write the survey section, its numbers, tables and references.",
        ("corpus", "topics", "concepts", "trends", "figures"),
        lambda study: study.settings.model_dump(),
        lambda study: [study.sheet_path],
        _run_survey,
    ),
    Stage(
        "notebooks",
        "Execute the notebooks.",
        ("corpus", "topics", "concepts", "trends", "figures", "survey"),
        lambda study: None,
        lambda study: study.notebook_files(),
        _run_notebooks,
        source_hash,
        runs_code=True,
    ),
)


def stage_named(name: str) -> Stage:
    """Return a stage.

    Raises
    ------
    SettingsError
        There is none of this name.
    """
    known = next((stage for stage in STAGES if stage.name == name), None)
    if known is None:
        raise SettingsError(f"unknown stage {name!r}; there are: {', '.join(stage.name for stage in STAGES)}")
    return known


def with_needs(names: Iterable[str]) -> list[Stage]:
    """Return stages and all that they need, in their order."""
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        stage = stage_named(waiting.pop())
        wanted.add(stage.name)
        waiting += [need for need in stage.needs if need not in wanted]
    return [stage for stage in STAGES if stage.name in wanted]
