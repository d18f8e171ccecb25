"""A study: a folder with study.toml, its stages in order, and what they left."""

import contextlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from analysis.errors import ArtefactError, SettingsError
from analysis.escaping import one_line
from analysis.io.process_workers import process_workers
from analysis.study.allowances import Allowances, read_allowances
from analysis.study.chat_models import Say, unsaid
from analysis.study.execution import is_current, run_stages
from analysis.study.execution import stage_inputs as inputs_of
from analysis.study.settings import STUDY_FILE, read_settings
from analysis.study.stages import STAGES, Report, RunContext, silent, stage_named, with_needs
from analysis.study.workspace import Workspace
from analysis.validation import expect_path, renamed_arguments

if TYPE_CHECKING:
    from analysis.figures.notebook import NotebookFigure, NotebookText
    from analysis.io.runner import Progress, Workers
    from analysis.study.estimate import Estimate
    from analysis.study.pack import Packed
    from analysis.study.status import StageStatus
    from analysis.study.update import StudyUpdate
    from analysis.verify.comparison import Problem
    from analysis.verify.self_test import Outcome

STAGE_NAMES = tuple(stage.name for stage in STAGES)
# stages that take little time and memory whatever the size of the corpus
_LIGHT = ("survey", "notebooks")
# the stages of a quick run, and what it does not do
QUICK_STAGES = tuple(name for name in STAGE_NAMES if name != "notebooks")
QUICK_LEAVES_OUT = (
    "Quick: papers are not clustered again with other seeds and granularities, figures are HTML alone, and notebooks are not "
    "executed; `topictrends run` makes the rest"
)
# papers a partition from which on processes are worth their start
_WORTH_A_PROCESS = 10_000


@dataclass(frozen=True)
class Study(Workspace):
    """A folder with a study.toml, and the stages that turn its exports into a survey's evidence.

    Attributes
    ----------
    folder : Path
    settings : StudySettings
    corpus, topics, concepts, trends
        What the stages left, read when first asked for.
    """

    @classmethod
    def open(cls, folder: str | Path = ".", *, allowed: Allowances | None = None) -> "Study":
        """Open the study in `folder`.

        Parameters
        ----------
        folder : path
        allowed : Allowances, optional
            What the user allows beyond the study; by default what the user's own configuration says.

        Raises
        ------
        SettingsError
            There is no study.toml, or it is wrong.
        """
        path = expect_path(folder, "folder", SettingsError)
        beyond = read_allowances() if allowed is None else allowed
        return cls(path, read_settings(path, beyond), beyond)

    @renamed_arguments(tell="progress")
    def run(
        self,
        stages: Iterable[str] = STAGE_NAMES,
        *,
        force: bool = False,
        report: Report = silent,
        workers: "Workers | Literal['auto'] | None" = "auto",
        progress: "Progress | None" = None,
        skip_corrupt: bool = False,
        say: Say = unsaid,
        run_notebooks: bool = True,
    ) -> dict[str, bool]:
        """Run stages in order; one whose inputs and files are unchanged is skipped.

        Parameters
        ----------
        stages : iterable of str
            Some of `STAGE_NAMES`. A stage that another needs runs first.
        force : bool
            Run the named stages even where nothing has changed.
        workers : Workers, "auto" or None
            Who works on the partitions of a large corpus: processes of this machine, as many as it has cores and memory for; a
            cluster, see `analysis.io.dask_runner.cluster_at`; None: this process alone. Results are the same.
        report, progress, skip_corrupt, say, run_notebooks
            See `analysis.study.stages.RunContext`. Notebooks are programs: of a stranger's study look at them first.

        Returns
        -------
        dict of stage to bool
            Whether the stage ran.

        Raises
        ------
        SettingsError
            There is no stage of a name.
        TopicTrendsError
            A stage failed; what earlier ones left stays.
        """
        with self._workers(workers) as who:
            context = RunContext(report, who, progress, skip_corrupt, say, run_notebooks)
            return run_stages(self, stages, context, force=force)

    @renamed_arguments(tell="progress")
    def update(
        self,
        *,
        report: Report = silent,
        workers: "Workers | Literal['auto'] | None" = "auto",
        progress: "Progress | None" = None,
        skip_corrupt: bool = False,
        say: Say = unsaid,
        run_notebooks: bool = True,
    ) -> "StudyUpdate":
        """Take in new exports: new papers are placed in the topics there are, and everything else is made again.

        Topics, their numbers, labels and colours stay; see `analysis.study.update`.

        Parameters
        ----------
        report, workers, progress, skip_corrupt, say, run_notebooks
            As in `run`.

        Raises
        ------
        ArtefactError
            There are no topics yet, or settings or edits changed since they were found, so that they must be found again.
        """
        from analysis.study.update import update

        with self._workers(workers) as who:
            return update(self, RunContext(report, who, progress, skip_corrupt, say, run_notebooks))

    def quick(self) -> Self:
        """Return the study with settings that give first results soon; `QUICK_LEAVES_OUT` says what they leave out.

        What a later run makes with the study's own settings takes its place.
        """
        chosen = self.settings
        trends = chosen.trends.model_copy(update={"sensitivity": False})
        figures = chosen.figures.model_copy(update={"formats": [], "single_column": False})
        return replace(self, settings=chosen.model_copy(update={"trends": trends, "figures": figures}))

    def for_quick_run(self, *, force: bool = False) -> Self:
        """Return the study as `quick` does, for a run.

        Raises
        ------
        SettingsError
            It was run in full, and a quick run would take pictures and fits under other choices away; not with `force`.
        """
        if not force and any(made == whole != quick for made, whole, quick in self._made_with()):
            raise SettingsError(
                "this study was run in full, and a quick run would take its pictures and the fits under other choices away; "
                "leave --quick out, or add --force"
            )
        return self.quick()

    @property
    def was_quick(self) -> bool:
        """Whether a quick run made what is there."""
        return any(made == quick != whole for made, whole, quick in self._made_with())

    def _made_with(self) -> Iterator[tuple[str, str, str]]:
        """Yield the settings, as hashes, that stages were made with where quick runs have others: made, whole, quick."""
        hasty, records = self.quick(), self.manifest().stages
        for name in ("trends", "figures"):
            if name in records:
                made = records[name].inputs.get("settings", "")
                yield (
                    made,
                    inputs_of(self, stage_named(name))["settings"],
                    inputs_of(hasty, stage_named(name))["settings"],
                )

    def _workers(
        self, workers: "Workers | Literal['auto'] | None"
    ) -> "contextlib.AbstractContextManager[Workers | None]":
        """Return who works on partitions; small ones are over before a process has started."""
        if workers != "auto":
            return contextlib.nullcontext(workers)
        if self.settings.scale.partition < _WORTH_A_PROCESS:
            return contextlib.nullcontext(None)
        return process_workers()

    def is_current(self, stage: str) -> bool:
        """Return whether a stage's inputs are what it was made from and its files are what it left."""
        return is_current(self, stage_named(stage))

    def stage_inputs(self, stage: str) -> dict[str, str]:
        """Return what a stage depends on, each with the hash of its content."""
        return inputs_of(self, stage_named(stage))

    def estimate(self, stages: Iterable[str] = STAGE_NAMES, n_workers: int = 1) -> "Estimate | None":
        """Return what a run will take where the corpus is large and something is to be done, else None."""
        from analysis.study.estimate import estimate, expected_records

        papers = expected_records(self.source_files())
        if papers <= self.settings.scale.threshold:
            return None
        heavy = [stage for stage in with_needs(stages) if stage.name not in _LIGHT]
        return None if all(is_current(self, stage) for stage in heavy) else estimate(papers, self.folder, n_workers)

    def expected_seconds(self, stages: Iterable[str] = STAGE_NAMES) -> dict[str, float]:
        """Return the stages that a run of `stages` goes through, and about how many seconds each takes."""
        from analysis.study.estimate import expected_records, stage_seconds

        seconds = stage_seconds(expected_records(self.source_files()))
        return {stage.name: seconds[stage.name] for stage in with_needs(stages)}

    def status(self) -> "list[StageStatus]":
        """Return how every stage stands: current, out of date and why, or not run."""
        from analysis.study.status import study_status

        return study_status(self, self.quick())

    def verify(self) -> "list[Problem]":
        """Check that text, figures, notebooks and tables agree.

        Returns
        -------
        list of Problem
            Stages that are stale or have not run, files that are missing or altered, lines of
            the section and of figures' data that the tables do not give, unresolved citations.
        """
        from analysis.study.verification import problems
        from analysis.verify.comparison import Problem

        if not self.was_quick:
            return list(problems(self))
        told = Problem("study", 0, "a quick run made it; `topictrends run` makes all of it")
        return [told, *(problem for problem in problems(self.quick()) if problem.file != "notebooks")]

    def self_test(self) -> "Iterator[Outcome]":
        """Change one number at a time in a copy of the study, which must verify, and yield what verification says."""
        from analysis.verify.self_test import tamper

        made = [self.data, self.figures_folder, self.notebooks_folder, *self.source_paths(), self.folder / STUDY_FILE]
        return tamper(self.folder, made, lambda folder: Study.open(folder).verify())

    def summary(self, seconds: float | None = None) -> list[str]:
        """Return what was read, which topics there are, what rises and falls, and where to look first, a line each."""
        from analysis.study.summary import run_summary

        return run_summary(self, seconds)

    def pack(self, target: str | Path | None = None, *, exports: bool = False) -> "Packed":
        """Write the study into one archive; `topictrends unpack` restores and checks it.

        Parameters
        ----------
        target : path, optional
            The archive, by default in the study's folder and called after its title.
        exports : bool
            Whether the exports go along, which databases seldom allow.

        Raises
        ------
        ArtefactError
            The study has not run to its end, or a file is not what the run left.
        """
        from analysis.study.pack import pack

        name = re.sub(r"[^A-Za-z0-9]+", "-", self.settings.title).strip("-").lower() or "study"
        path = self.folder / f"{name}.zip" if target is None else expect_path(target, "target", ArtefactError)
        return pack(self, path, exports=exports)

    def sample(self, size: int = 100) -> Path:
        """Write a sheet of papers for a reader to sort, ``data/reader_sample.csv``; see `analysis.draw_sample`.

        Filled in, it is read by the next run, which tells in the section how many papers are misplaced.

        Parameters
        ----------
        size : int
            Papers.

        Raises
        ------
        ArtefactError
            There is a sheet with answers, which is not written over.
        """
        from analysis.escaping import csv_text
        from analysis.io.files import write_texts
        from analysis.topics.reader_sample import draw_sample, is_answered

        if is_answered(self.sheet_path):
            raise ArtefactError(f"{self.sheet_path} holds a reader's answers; move it away to draw another sample")
        sheet = draw_sample(self.corpus, self.topics, size=size, seed=self.settings.seed)
        write_texts({self.sheet_path: "\ufeff" + csv_text(sheet)})
        return self.sheet_path

    def figure(self, name: str) -> "NotebookFigure":
        """Return a figure of the catalogue for a notebook: interactive, with its persisted picture.

        Raises
        ------
        ArtefactError
            There is no figure of this name.
        """
        from analysis.figures.catalogue import CATALOGUE
        from analysis.figures.notebook import NotebookFigure

        spec = next((spec for spec in CATALOGUE if spec.name == name), None)
        if spec is None:
            raise ArtefactError(f"there is no figure {name!r}; there are: {', '.join(spec.name for spec in CATALOGUE)}")
        frame = spec.data(self.corpus, self.topics, self.trends)
        picture = self.figures_folder / f"{name}.svg"
        svg = picture.read_text(encoding="utf-8") if picture.is_file() else None
        return NotebookFigure(spec.draw(frame, self.style), svg, spec.words(frame, self.topics)["alt"])

    def section(self) -> "NotebookText":
        """Return the survey section for a notebook, as it stands in the study, its citations rendered.

        Raises
        ------
        ArtefactError
            It is not written yet.
        """
        from analysis.figures.notebook import NotebookText
        from analysis.survey.reading import readable
        from analysis.survey.references import citable_papers

        path = self.figures_folder / "survey" / "section.md"
        if not path.is_file():
            raise ArtefactError(f"{path} is not there yet; `topictrends run` writes it")
        cited = citable_papers(self.corpus, self.topics.representatives["paper_id"])
        pictures = Path(os.path.relpath(self.figures_folder)).as_posix()
        return NotebookText(readable(path.read_text(encoding="utf-8"), cited, pictures))

    def __repr__(self) -> str:
        return f"Study({str(self.folder)!r}: {one_line(self.settings.title)}; settings in {STUDY_FILE})"
