"""A study: a folder with study.toml, its stages in order, and what they left."""

import importlib.metadata
import platform
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import __version__
from analysis.errors import ArtefactError, SettingsError
from analysis.io.files import alone_in, files_under, hash_file, hash_json, is_partitioned
from analysis.study.manifest import Manifest, StageRecord
from analysis.study.settings import STUDY_FILE, StudySettings, inside, read_settings

if TYPE_CHECKING:
    # rooms are imported where they are used: a run that has nothing to do should not wait for them
    from analysis.concepts.mentions import Concepts
    from analysis.corpus.paper import Corpus
    from analysis.figures.look import Look
    from analysis.io.runner import Tell, Workers
    from analysis.study.estimate import Estimate
    from analysis.study.notebooks import StudyFigure
    from analysis.study.stages import Hands
    from analysis.study.update import StudyUpdate
    from analysis.topics.result import Topics
    from analysis.trends.result import Trends
    from analysis.verify.comparison import Problem

STAGES = ("corpus", "topics", "trends", "figures", "survey", "notebooks")
_NEEDS = {
    "corpus": (),
    "topics": ("corpus",),
    "trends": ("corpus", "topics"),
    "figures": ("corpus", "topics", "trends"),
    "survey": ("corpus", "topics", "trends", "figures"),
    "notebooks": ("corpus", "topics", "trends", "figures", "survey"),
}
Report = Callable[[str, str], None]


def _silent(stage: str, event: str) -> None:
    """Report nothing."""


@dataclass(frozen=True)
class Study:
    """A folder with a study.toml, and the stages that turn its exports into a survey's evidence.

    Attributes
    ----------
    folder : Path
    settings : StudySettings
    """

    folder: Path
    settings: StudySettings

    @classmethod
    def open(cls, folder: str | Path = ".") -> "Study":
        """Open the study in `folder`.

        Raises
        ------
        SettingsError
            There is no study.toml, or it is wrong.
        """
        path = Path(folder)
        return cls(path, read_settings(path))

    @property
    def data(self) -> Path:
        """Where derived tables lie."""
        return self.folder / "data"

    @property
    def figures_folder(self) -> Path:
        """Where figures lie."""
        return self.folder / "figures"

    @property
    def notebooks_folder(self) -> Path:
        """Where notebooks lie."""
        return self.folder / "notebooks"

    @property
    def manifest_path(self) -> Path:
        """Where the manifest lies."""
        return self.data / "manifest.json"

    @cached_property
    def corpus(self) -> "Corpus":
        """The persisted corpus."""
        from analysis.study import store

        return store.read_corpus(self.data / "corpus")

    @cached_property
    def topics(self) -> "Topics":
        """The persisted topics."""
        from analysis.study import store

        return store.read_topics(self.data / "topics")

    @cached_property
    def concepts(self) -> "Concepts":
        """The persisted concepts."""
        from analysis.study import store

        return store.read_concepts(self.data / "concepts")

    @cached_property
    def trends(self) -> "Trends":
        """The persisted trends."""
        from analysis.study import store

        return store.read_trends(self.data / "trends")

    def manifest(self) -> Manifest:
        """Return the manifest as it stands on disk."""
        return Manifest.read(self.manifest_path)

    def is_current(self, stage: str) -> bool:
        """Tell whether a stage's inputs are what it was made from and its files are what it left."""
        record = self.manifest().stages.get(stage)
        if record is None or dict(record.inputs) != self.stage_inputs(stage):
            return False
        return all(
            (self.folder / name).is_file() and hash_file(self.folder / name) == content
            for name, content in record.outputs.items()
        )

    def stage_inputs(self, stage: str) -> dict[str, str]:
        """Return what a stage depends on, each with the hash of its content."""
        settings = self.settings
        inputs = {"package": __version__}
        manifest = self.manifest()
        for needed in _NEEDS[stage]:
            record = manifest.stages.get(needed)
            inputs[needed] = hash_json(dict(record.outputs)) if record is not None else "absent"
        if stage == "corpus":
            inputs |= {self._relative(path): hash_file(path) for path in self.source_files()}
            inputs["settings"] = hash_json([settings.corpus.model_dump(), settings.scale.model_dump()])
            if self.answers_path.is_file():
                inputs[self._relative(self.answers_path)] = hash_file(self.answers_path)
        elif stage == "topics":
            inputs["settings"] = hash_json([settings.seed, settings.topics.model_dump(), settings.scale.model_dump()])
            if self.edits_path.is_file():
                inputs[self._relative(self.edits_path)] = hash_file(self.edits_path)
        elif stage == "trends":
            inputs["settings"] = hash_json(
                [settings.seed, settings.concepts.model_dump(), settings.trends.model_dump()]
            )
            if self.vocabulary is not None and self.vocabulary.is_file():
                inputs[self._relative(self.vocabulary)] = hash_file(self.vocabulary)
        elif stage == "figures":
            inputs["settings"] = hash_json([settings.title, settings.figures.model_dump()])
        elif stage == "survey":
            inputs["settings"] = hash_json(settings.model_dump())
        else:
            from analysis.study.notebooks import source_hash

            inputs |= {self._relative(path): source_hash(path) for path in self.notebook_files()}
        return inputs

    def run(
        self, stages: Iterable[str] = STAGES, *, force: bool = False, report: Report = _silent,
        workers: "Workers | None" = None, tell: "Tell | None" = None, skip_corrupt: bool = False,
    ) -> dict[str, bool]:  # fmt: skip
        """Run stages in order; one whose inputs and files are unchanged is skipped.

        Parameters
        ----------
        stages : iterable of str
            Some of `STAGES`. A stage that another needs runs first.
        force : bool
            Run the named stages even where nothing has changed.
        report : callable
            Told (stage, "start" | "skip" | "done").
        workers : Workers, optional
            Other processes that do the partitions of a large corpus; see `analysis.io.dask_runner`.
        tell : callable, optional
            Told how far the partitions of a stage are; see `analysis.io.runner.Tell`.
        skip_corrupt : bool
            Leave damaged parts of a large export out, and count them, instead of stopping.

        Returns
        -------
        dict of stage to bool
            Whether the stage ran.

        Raises
        ------
        TopicTrendsError
            A stage failed; what earlier ones left stays.
        """
        named = list(stages)
        unknown = [stage for stage in named if stage not in STAGES]
        if unknown:
            raise SettingsError(f"unknown stage(s) {', '.join(unknown)}; there are: {', '.join(STAGES)}")
        wanted = set(named).union(*(_NEEDS[stage] for stage in named))
        from analysis.study.stages import RUNNERS

        ran: dict[str, bool] = {}
        for stage in STAGES:
            if stage not in wanted:
                continue
            ran[stage] = (force and stage in named) or not self.is_current(stage)
            if not ran[stage]:
                report(stage, "skip")
                if stage == "corpus" and self.is_partitioned:
                    from analysis.corpus.damage import warn_of_left_out

                    warn_of_left_out(self.data / "corpus")
                continue
            self.perform(stage, RUNNERS[stage], report, workers, tell, skip_corrupt)
        return ran

    def perform(
        self, stage: str, runner: "Callable[[Study, Hands], list[Path]]", report: Report = _silent,
        workers: "Workers | None" = None, tell: "Tell | None" = None, skip_corrupt: bool = False,
    ) -> None:  # fmt: skip
        """Do a stage's work and record what it was made from and what it left."""
        from analysis.io.runner import Jobs
        from analysis.study.stages import Hands

        report(stage, "start")
        with alone_in(self.data):
            # inputs are hashed before the work: a file that changes meanwhile makes the stage stale
            inputs = self.stage_inputs(stage)
            jobs = Jobs.of(self.data.resolve(), stage, inputs, workers, tell)
            outputs = runner(self, Hands(jobs, skip_corrupt))
            record = StageRecord(inputs, {self._relative(path): hash_file(path) for path in outputs})
            self._remove_superseded(stage, record)
            self.manifest().with_stage(stage, record).write(self.manifest_path)
            jobs.clear()
        report(stage, "done")

    def update(
        self, *, report: Report = _silent, workers: "Workers | None" = None, tell: "Tell | None" = None,
        skip_corrupt: bool = False,
    ) -> "StudyUpdate":  # fmt: skip
        """Take in new exports: new papers are placed in the topics there are, and everything else is made again.

        Topics, their numbers, labels and colours stay; see `analysis.study.update`.

        Parameters
        ----------
        report, workers, tell, skip_corrupt
            As in `run`.

        Raises
        ------
        ArtefactError
            There are no topics yet, or settings or edits changed since they were found, so that they must be found again.
        """
        from analysis.study.update import update

        return update(self, report, workers, tell, skip_corrupt)

    def estimate(self, stages: Iterable[str] = STAGES, n_workers: int = 1) -> "Estimate | None":
        """Return what a run will take where the corpus is large and something is to be done, else None."""
        from analysis.study.estimate import estimate, expected_records

        papers = expected_records(self.source_files())
        if papers <= self.settings.scale.threshold:
            return None
        wanted = set(stages).union(*(_NEEDS[stage] for stage in stages))
        weighty = [stage for stage in wanted if stage not in ("survey", "notebooks")]
        return None if all(self.is_current(stage) for stage in weighty) else estimate(papers, self.folder, n_workers)

    def verify(self) -> "list[Problem]":
        """Check that text, figures, notebooks and tables agree.

        Returns
        -------
        list of Problem
            Stages that are stale or have not run, files that are missing or altered, lines of
            the section and of figures' data that the tables do not give, unresolved citations.
        """
        from analysis.verify.checks import disagreements

        return list(disagreements(self))

    def figure(self, name: str) -> "StudyFigure":
        """Return a figure of the catalogue for a notebook: interactive, with its persisted picture.

        Raises
        ------
        ArtefactError
            There is no figure of this name.
        """
        from analysis.figures.catalogue import CATALOGUE
        from analysis.figures.look import dressed
        from analysis.study.notebooks import StudyFigure

        entry = next((entry for entry in CATALOGUE if entry.name == name), None)
        if entry is None:
            raise ArtefactError(f"there is no figure {name!r}; there are: {', '.join(e.name for e in CATALOGUE)}")
        frame = entry.data(self.corpus, self.topics, self.trends)
        picture = self.figures_folder / f"{name}.svg"
        svg = picture.read_text(encoding="utf-8") if picture.is_file() else None
        return StudyFigure(dressed(entry.draw(frame), self.look), svg, entry.alt(frame))

    @property
    def look(self) -> "Look":
        """Width, font and palette of the figures, as study.toml asks for them."""
        from analysis.figures.look import Look

        chosen = self.settings.figures
        palette = Look().palette if chosen.palette is None else tuple(chosen.palette)
        return Look(chosen.width, chosen.font, palette)

    def versions(self) -> Mapping[str, str]:
        """Return the versions of what shapes the results."""
        names = ("bertopic", "umap-learn", "scikit-learn", "numpy", "scipy", "pandas", "wordllama", "plotly")
        found = {name: importlib.metadata.version(name) for name in names}
        return {"topictrends": __version__, "python": platform.python_version(), **found}

    def _remove_superseded(self, stage: str, record: StageRecord) -> None:
        """Remove what this stage left before and does not leave now; a file that somebody changed is kept."""
        before = self.manifest().stages.get(stage)
        for name, content in before.outputs.items() if before is not None else ():
            path = self.folder / name
            if name not in record.outputs and path.is_file() and hash_file(path) == content:
                path.unlink()

    def _relative(self, path: Path) -> str:
        # an export may be a link to another disk: its name here counts
        place, roots = path.absolute(), (self.folder.resolve(), self.folder.absolute())
        root = next((root for root in roots if place.is_relative_to(root)), None)
        found = path.resolve().relative_to(roots[0]) if root is None else place.relative_to(root)
        return found.as_posix()

    def source_paths(self) -> list[Path]:
        """Return the sources that study.toml names."""
        return [inside(self.folder, name) for name in self.settings.corpus.sources]

    def source_files(self) -> list[Path]:
        """Return the exports' files, and the supplement's."""
        files = files_under(path for path in self.source_paths() if path.exists())
        supplement = self.supplement
        return [*files, supplement] if supplement is not None and supplement.is_file() else files

    def notebook_files(self) -> list[Path]:
        """Return the study's numbered notebooks, in order.

        The one for a corpus of one's own fits everything once more, in memory: a large study leaves it alone.
        """
        found = sorted(self.notebooks_folder.glob("[0-9][0-9]_*.ipynb"))
        return [path for path in found if not (self.is_partitioned and path.name.startswith("00_"))]

    @property
    def is_partitioned(self) -> bool:
        """Whether the corpus is so large that it lies in partitions."""
        return is_partitioned(self.data / "corpus" / "papers")

    @property
    def edits_path(self) -> Path:
        """A reader's edits of the topics; the file need not exist."""
        return self.data / "topic_edits.toml"

    @property
    def answers_path(self) -> Path:
        """What services answered; the file need not exist."""
        return self.data / "answers.jsonl"

    @property
    def supplement(self) -> Path | None:
        """The table of curated dates, if study.toml names one."""
        name = self.settings.corpus.supplement
        return inside(self.folder, name) if name else None

    @property
    def vocabulary(self) -> Path | None:
        """The file of concepts, if study.toml names one; the package has its own."""
        name = self.settings.concepts.vocabulary
        return inside(self.folder, name) if name else None

    def forget(self, *names: str) -> None:
        """Drop loaded results that a stage is about to replace."""
        for name in names:
            self.__dict__.pop(name, None)

    def __repr__(self) -> str:
        return f"Study({str(self.folder)!r}: {self.settings.title}; settings in {STUDY_FILE})"
