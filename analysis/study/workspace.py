"""A study's folder: its settings, where things lie in it, and the results that stages left."""

import importlib.metadata
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import __version__
from analysis.errors import SettingsError, TopicEditWarning, TopicsError, warn
from analysis.escaping import one_line
from analysis.io.files import files_under, readable_name
from analysis.io.inside import lies_inside, refuse_linked_folders
from analysis.study.allowances import Allowances
from analysis.study.manifest import Manifest
from analysis.study.settings import MEDICAL_AI, STUDY_FILE, StudySettings, inside, read_settings, source_path

if TYPE_CHECKING:
    # heavy packages are imported where they are used: a run that has nothing to do should not wait for them
    from analysis.concepts.mentions import Concepts
    from analysis.corpus.paper import Corpus
    from analysis.figures.drawing.style import Style
    from analysis.survey.drafter import ChatDrafter
    from analysis.topics.options import FitOptions
    from analysis.topics.reader_sample import ReaderCheck
    from analysis.topics.result import Topics
    from analysis.trends.result import Trends

_VERSIONED = ("bertopic", "umap-learn", "scikit-learn", "numpy", "scipy", "pandas", "wordllama", "plotly")
# by which files beside study.toml are taken for exports that a source might name
_NO_EXPORTS = ("readme", "license", "requirements", "notes", "todo")
_EXPORT_ENDINGS = frozenset({".ris", ".bib", ".nbib", ".enw", ".csv", ".tsv", ".txt", ".jsonl", ".xlsx", ".ciw"})


@dataclass(frozen=True)
class Workspace:
    """A folder with a study.toml: paths, settings and loaded results.

    Attributes
    ----------
    folder : Path
    settings : StudySettings
    allowed : Allowances
        What the user allows beyond the study.
    """

    folder: Path
    settings: StudySettings
    allowed: Allowances = field(default_factory=Allowances)

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

    @property
    def embeddings_path(self) -> Path:
        """Where the landmarks' vectors and their encoder lie."""
        return self.data / "embeddings.npz"

    @property
    def edits_path(self) -> Path:
        """A reader's edits of the topics; the file need not exist."""
        return inside(self.folder, "data/topic_edits.toml")

    @property
    def edits_text(self) -> str:
        """The file of edits as it is, to the letter; empty where there is none.

        Raises
        ------
        SettingsError
            It cannot be read.
        """
        try:
            return self.edits_path.read_bytes().decode("utf-8") if self.edits_path.exists() else ""
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{self.edits_path} cannot be read: {error}") from error

    @property
    def outline_path(self) -> Path:
        """The topics that a reader wants; the file need not exist."""
        return inside(self.folder, "data/outline.toml")

    @property
    def sheet_path(self) -> Path:
        """Papers for a reader to sort, and the answers; the file need not exist."""
        return inside(self.folder, "data/reader_sample.csv")

    @property
    def reader_check(self) -> "ReaderCheck | None":
        """What a reader's answers say of the topics; None without an answered sheet, or with one of other topics.

        Warns
        -----
        TopicEditWarning
            The answers are of other topics, so nothing is told of them.
        """
        from analysis.topics.reader_sample import check_sample, is_answered

        if not is_answered(self.sheet_path):
            return None
        try:
            return check_sample(self.topics, self.sheet_path)
        except TopicsError as error:
            warn(f"{self.sheet_path} tells nothing of these topics: {error}", TopicEditWarning)
            return None

    @property
    def kept_drafter(self) -> "ChatDrafter | None":
        """The chat model that study.toml names for drafts, as far as its answers are kept; nothing is sent to it."""
        chosen = self.settings.survey.drafter
        if chosen is None:
            return None
        from analysis.survey.drafter import ChatDrafter

        record = inside(self.folder, "data/draft_exchanges.json")
        return ChatDrafter(chosen.url, chosen.model, record, from_record=True)

    @property
    def answers_path(self) -> Path:
        """What services answered; the file need not exist."""
        return inside(self.folder, "data/answers.jsonl")

    @property
    def merge_edits_path(self) -> Path:
        """What a reader decided about pairs of records; the file need not exist."""
        return inside(self.folder, "data/merge_edits.toml")

    @property
    def supplement(self) -> Path | None:
        """The table of curated dates, if study.toml names one."""
        name = self.settings.corpus.supplement
        return inside(self.folder, name) if name else None

    @property
    def transformer(self) -> str | None:
        """The sentence model that study.toml names: a folder in the study, one that the user allows, or a name.

        Raises
        ------
        SettingsError
            It is a folder elsewhere.
        """
        name = self.settings.topics.transformer
        if name is None:
            return None
        from analysis.embedding.known_models import is_model_name

        if is_model_name(name) and not (self.folder / name).exists():
            return name
        path = (self.folder.resolve() / name).resolve() if name.isprintable() else self.folder.resolve().parent
        if not path.is_relative_to(self.folder.resolve()) and not self.allowed.allows_transformer(path):
            raise SettingsError(
                f"the transformer {one_line(name)!r} lies outside the study; put its folder into the study, or allow it under "
                "transformers in your own configuration (`topictrends doctor` says where that lies)"
            )
        return str(path)

    @property
    def vocabulary(self) -> Path | None:
        """The file of concepts, if study.toml names one; None for the package's own."""
        name = self.settings.concepts.vocabulary
        return inside(self.folder, name) if name and name != MEDICAL_AI else None

    @property
    def seeks_concepts(self) -> bool:
        """Whether concepts are looked for."""
        return self.settings.concepts.look and self.settings.concepts.vocabulary is not None

    def source_paths(self) -> list[Path]:
        """Return the sources that study.toml names."""
        return [source_path(self.folder, name, self.allowed) for name in self.settings.corpus.sources]

    def unnamed_exports(self) -> list[str]:
        """Return files in the study's folder that look like exports and that no source in study.toml is."""
        named = {path.resolve() for path in (*self.source_paths(), *([self.supplement] if self.supplement else []))}
        there = (path for path in sorted(self.folder.iterdir()) if path.is_file() and not path.name.startswith("."))
        exports = (path for path in there if path.suffix.lower() in _EXPORT_ENDINGS and path.resolve() not in named)
        return [path.name for path in exports if not path.name.lower().startswith(_NO_EXPORTS)]

    def source_files(self) -> list[Path]:
        """Return the exports' files, and the supplement's.

        Raises
        ------
        SettingsError
            One is a link out of the study that the user has not allowed.
        """
        files = files_under(path for path in self.source_paths() if path.exists())
        for file in files:
            if not lies_inside(self.folder, file) and not self.allowed.allows_export(file.resolve()):
                raise SettingsError(
                    f"{self.relative(file)} is a link to {file.resolve()}, outside the study; allow it with --follow-links, or "
                    "under linked_exports in your own configuration (`topictrends doctor` says where that lies)"
                )
        supplement = self.supplement
        return [*files, supplement] if supplement is not None and supplement.is_file() else files

    def check_folders(self) -> None:
        """Raise ArtefactError where a folder that a run writes to is a link that the user has not allowed."""
        written = (self.data, self.figures_folder, self.notebooks_folder)
        refuse_linked_folders(self.folder, written, self.allowed.allows_folder, self.source_paths())

    def is_derived(self, path: Path) -> bool:
        """Return whether a path lies where runs alone write."""
        own = (*(self.data / name for name in ("corpus", "topics", "concepts", "trends")), self.figures_folder)
        absolute = path.absolute()
        inner = any(absolute.is_relative_to(folder.absolute()) for folder in own)
        return (inner or absolute == self.embeddings_path.absolute()) and lies_inside(self.folder, path.parent)

    def notebook_files(self) -> list[Path]:
        """Return the study's numbered notebooks, in order.

        The one for a corpus of one's own fits everything once more, in memory: a large study leaves it alone.
        """
        files = sorted(self.notebooks_folder.glob("[0-9][0-9]_*.ipynb"))
        return [path for path in files if not (self.is_partitioned and path.name.startswith("00_"))]

    @property
    def is_partitioned(self) -> bool:
        """Whether the corpus is so large that it lies in partitions."""
        return any((self.data / "corpus" / "papers").glob("part-*.parquet"))

    @cached_property
    def corpus(self) -> "Corpus":
        """The persisted corpus; its papers and occurrences are read when they are asked for."""
        from analysis.corpus.paper import Corpus

        return Corpus.load(self.data / "corpus")

    @cached_property
    def topics(self) -> "Topics":
        """The persisted topics."""
        from analysis.io.partitions import StoredPartitions
        from analysis.io.results import read_about
        from analysis.topics.origin import StoredOrigin
        from analysis.topics.result import Topics
        from analysis.topics.saved import read_topics

        corpus = self.data / "corpus"
        texts = StoredPartitions.of(corpus / "papers", read_about(corpus, "corpus").check) if corpus.is_dir() else None
        origin = StoredOrigin(self.embeddings_path, self.fit_options)
        return Topics.of(read_topics(self.data / "topics", texts, origin))

    @cached_property
    def concepts(self) -> "Concepts":
        """The persisted concepts; empty where study.toml asks for none."""
        from analysis.concepts.mentions import find_concepts
        from analysis.concepts.vocabulary import Vocabulary
        from analysis.study.store import read_concepts

        if not self.seeks_concepts:
            return find_concepts(self.corpus, Vocabulary(()))
        return read_concepts(self.data / "concepts")

    @cached_property
    def trends(self) -> "Trends":
        """The persisted trends."""
        from analysis.trends.result import load_trends

        return load_trends(self.data / "trends")

    @property
    def fit_options(self) -> "FitOptions":
        """How study.toml asks for topics."""
        from analysis.topics.options import FitOptions

        chosen, scale = self.settings.topics, self.settings.scale
        return FitOptions(
            chosen.granularity,
            chosen.outliers == "keep",
            self.settings.seed,
            scale.threshold,
            scale.landmarks,
            self.transformer,
            self.embeddings_path,
            chosen.method,
            tuple(chosen.extra_stop_words),
            chosen.records,
            chosen.umap,
            chosen.hdbscan,
        )

    @property
    def concepts_if_sought(self) -> "Concepts | None":
        """The persisted concepts; None where study.toml asks for none."""
        return self.concepts if self.seeks_concepts else None

    def forget(self, *names: str) -> None:
        """Drop loaded results that a stage is about to replace."""
        for name in names:
            self.__dict__.pop(name, None)

    def manifest(self) -> Manifest:
        """Return the manifest as it stands on disk."""
        return Manifest.read(self.manifest_path)

    @property
    def style(self) -> "Style":
        """Width, font and palette of the figures, as study.toml asks for them."""
        from analysis.figures.drawing.style import Style

        chosen = self.settings.figures
        palette = Style().palette if chosen.palette is None else tuple(chosen.palette)
        return Style(chosen.width, chosen.font, palette)

    def versions(self) -> Mapping[str, str]:
        """Return the versions of what shapes the results."""
        versions = {name: importlib.metadata.version(name) for name in _VERSIONED}
        return {"topictrends": __version__, "python": platform.python_version(), **versions}

    def relative(self, path: Path) -> str:
        """Return a file's path relative to the study."""
        # an export may be a link to another disk: its name here counts
        absolute, roots = path.absolute(), (self.folder.resolve(), self.folder.absolute())
        root = next((root for root in roots if absolute.is_relative_to(root)), None)
        inner = path.resolve().relative_to(roots[0]) if root is None else absolute.relative_to(root)
        return readable_name(inner.as_posix())


def exports_named(paths: Sequence[Path], allowed: Allowances) -> list[Path]:
    """Return paths of exports: of a folder that is a study its sources, of any other the path itself.

    Raises
    ------
    SettingsError
        A study's settings are wrong.
    """
    found: list[Path] = []
    for path in paths:
        if (path / STUDY_FILE).is_file():
            found += Workspace(path, read_settings(path, allowed), allowed).source_paths()
        else:
            found.append(path)
    return found
