"""study.toml: the one file a user edits, checked field by field."""

import datetime as dt
import itertools
import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from analysis.corpus.dates import parse_iso_date
from analysis.corpus.selection import DEFAULT_TYPES, Selection
from analysis.errors import CorpusError, SettingsError
from analysis.study.allowances import Allowances

STUDY_FILE = "study.toml"
# the name of the vocabulary that comes with the package, where a file's could stand
MEDICAL_AI = "medical_ai"
# parts of a fault's place that name one of several kinds that a value may be of, and no key
_KIND = re.compile(r"(literal|list|tuple|dict|function-\w+)\[|(constrained-)?(int|str|float|bool)$")
# bytes that file systems take for one name
_LONGEST_NAME = 255
# folders that a run writes, relative to the study
_OWN_FOLDERS = ("data/corpus", "figures", "notebooks")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


ColumnField = Literal[
    "title",
    "subtitle",
    "abstract",
    "date",
    "year",
    "month",
    "day",
    "authors",
    "doi",
    "arxiv_id",
    "pmid",
    "url",
    "venue",
    "organisation",
    "affiliations",
    "countries",
    "keywords",
    "index_keywords",
    "type",
    "language",
    "references",
    "n_cited",
    "volume",
    "issue",
    "pages",
    "editor",
    "label",
]


class SourceSettings(_Section):
    """Files that are exports of one source: its name, names or patterns of files, what was searched for, and the last day."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    files: Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)]
    query: str = ""
    taken: dt.date | str = ""

    @field_validator("taken", mode="after")
    @classmethod
    def _is_a_day(cls, value: dt.date | str) -> str:
        text = value if isinstance(value, str) else value.isoformat()
        return _checked_day(text) if text else ""


class CorpusSettings(_Section):
    """Where the exports lie, relative to the study, and how they are read.

    ``date`` says which date stands where a preprint and its publication are one paper.
    ``columns`` names the columns of tables whose names cannot be guessed. ``source`` names files that belong together;
    ``types`` and ``languages`` say what topics are made of: what is wanted, or, with a hyphen before, what is not.
    """

    sources: Annotated[list[str], Field(min_length=1)] = ["data/raw"]
    supplement: str | None = None
    date: Literal["first_submission", "publication"] = "first_submission"
    columns: dict[ColumnField, str] | None = None
    source: list[SourceSettings] = []
    types: list[str] = list(DEFAULT_TYPES)
    languages: list[str] = []

    @model_validator(mode="after")
    def _is_possible(self) -> "CorpusSettings":
        names = [source.name for source in self.source]
        if len(set(names)) < len(names):
            raise ValueError("two sources have one name")
        try:
            Selection(tuple(self.types), tuple(self.languages))
        except CorpusError as error:
            raise ValueError(str(error)) from error
        return self


class ChatSettings(_Section):
    """A chat model: base address, model, and the environment variable that holds its key."""

    url: Annotated[str, Field(pattern=r"^https?://")]
    model: Annotated[str, Field(min_length=1)]
    key_variable: str | None = None


class TopicSettings(_Section):
    """How topics are found.

    ``granularity`` is "coarse", "balanced", "fine" or the number of topics; ``outliers`` is
    "assign" (every paper gets a topic) or "keep" (papers that no topic claims are topic -1).
    ``transformer`` names a sentence model or its folder for views of its own, which
    must be on this machine: ``topictrends model get NAME`` fetches one. ``labeller`` names an OpenAI-compatible
    address that is asked for labels; without it nothing is. ``method`` "bertopic" runs UMAP and
    HDBSCAN over several seeds instead of the consensus, with the settings in ``umap`` and ``hdbscan``.
    ``extra_stop_words`` are words that neither topics nor their names are made of, beside each language's function words.
    ``records`` lets keywords, index terms and references make views of their own, where enough papers have them.
    """

    method: Literal["consensus", "bertopic"] = "consensus"
    umap: dict[str, int | float | str | bool] = {}
    hdbscan: dict[str, int | float | str | bool] = {}
    granularity: Literal["coarse", "balanced", "fine"] | Annotated[int, Field(ge=1)] = "balanced"
    outliers: Literal["assign", "keep"] = "assign"
    extra_stop_words: list[Annotated[str, Field(min_length=1, max_length=80)]] = []
    records: bool = True
    transformer: str | None = None
    download: bool = False  # until 0.8; no longer taken
    labeller: ChatSettings | None = None

    @model_validator(mode="after")
    def _of_one_method(self) -> "TopicSettings":
        if self.download:
            raise ValueError("download = true is no longer taken; `topictrends model get NAME` fetches a model")
        if self.method == "consensus" and (self.umap or self.hdbscan):
            raise ValueError('umap and hdbscan are settings of method = "bertopic"')
        if self.method == "bertopic" and self.granularity != "balanced":
            raise ValueError("granularity is a setting of the consensus; hdbscan.min_cluster_size is BERTopic's")
        return self


class ScaleSettings(_Section):
    """When and how a corpus is worked on in partitions.

    A corpus of more than ``threshold`` papers is read in pieces and lies in partitions; its topics are found in
    ``landmarks`` papers, a sample stratified by year and source, and all other papers are placed in them. ``partition``
    is how many papers one piece of work takes: it decides how much memory a worker needs, and changes no result.
    """

    threshold: Annotated[int, Field(ge=100)] = 20_000
    landmarks: Annotated[int, Field(ge=100)] = 12_000
    partition: Annotated[int, Field(ge=50)] = 25_000


class ConceptSettings(_Section):
    """Which concepts are looked for: those of a vocabulary file, or of the one for medical AI that comes with the package.

    Without ``vocabulary``, or with ``look`` false, none are.
    """

    look: bool = True
    vocabulary: str | None = None


class EventSettings(_Section):
    """A day at which every group is tested for a step: its name, and the day as a TOML date or an ISO text."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    date: dt.date | str

    @field_validator("date", mode="after")
    @classmethod
    def _is_a_day(cls, value: dt.date | str) -> str:
        return _checked_day(value if isinstance(value, str) else value.isoformat())


class TrendSettings(_Section):
    """How trends are measured; see `analysis.trends.family.TestSettings`.

    ``sensitivity`` also clusters the papers anew under other choices, which takes some times as
    long as finding the topics. ``groups`` are compared where papers tell them: "source", "country", "venue", "type", "language"
    or another column of the papers. ``pairs`` are concepts and topics, or two topics, by name, or "screen".
    """

    sensitivity: bool = True
    groups: list[Annotated[str, Field(min_length=1, max_length=40)]] = ["source", "country", "venue"]

    pairs: Literal["screen"] | list[tuple[str | int, str | int]] = []
    periods: Literal["year", "half", "quarter", "month"] = "year"
    alpha: Annotated[float, Field(gt=0, lt=1)] = 0.1
    equivalence_change: Annotated[float, Field(gt=1)] = 1.33
    equivalence_odds_ratio: float | None = None  # until 0.9; no longer taken
    robustness: Annotated[float, Field(ge=0, le=1)] = 0.8
    permutations: Annotated[int, Field(ge=99, le=1_000_000)] = 9999

    @model_validator(mode="after")
    def _of_the_window(self) -> "TrendSettings":
        if self.equivalence_odds_ratio is not None:
            raise ValueError(
                "equivalence_odds_ratio, a ratio per year, is no longer taken; equivalence_change is that of the whole window, "
                "such as 1.33"
            )
        return self


class FigureSettings(_Section):
    """Which static files are written beside each HTML figure, and how figures look; see `analysis.Style`.

    ``single_column`` asks for the body's figures once more, laid out for a column of 8.5 cm.
    """

    formats: list[Literal["svg", "pdf", "png"]] = ["svg", "pdf", "png"]
    width: Annotated[float, Field(ge=8, le=60)] = 18.0
    single_column: bool = True
    font: Annotated[str, Field(pattern=r"^[\w .\-]{1,60}$")] | None = None
    palette: Annotated[list[Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]], Field(min_length=8)] | None = None


class SurveySettings(_Section):
    """How the section is written.

    ``drafter`` names a chat model that drafts a paragraph a topic, checked, into the reading notes; without it nothing is asked.
    """

    drafter: ChatSettings | None = None


class StudySettings(_Section):
    """All of study.toml."""

    title: str = "A literature study"
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    corpus: CorpusSettings = CorpusSettings()
    topics: TopicSettings = TopicSettings()
    concepts: ConceptSettings = ConceptSettings()
    trends: TrendSettings = TrendSettings()
    events: list[EventSettings] = []
    scale: ScaleSettings = ScaleSettings()
    figures: FigureSettings = FigureSettings()
    survey: SurveySettings = SurveySettings()

    @field_validator("events", mode="after")
    @classmethod
    def _of_one_name_each(cls, events: list[EventSettings]) -> list[EventSettings]:
        names = [event.name for event in events]
        if len(set(names)) < len(names):
            raise ValueError("two events have one name")
        return events


def _checked_day(text: str) -> str:
    try:
        known = parse_iso_date(text)[1] != "none"
    except ValueError:
        known = False
    if not known:
        raise ValueError("a date such as 2022-11-30 is needed")
    return text


def read_settings(folder: Path, allowed: Allowances = Allowances()) -> StudySettings:
    """Read and check the study.toml in `folder`; `allowed` says what the user allows beyond it.

    Raises
    ------
    SettingsError
        It is missing, no TOML, has an unknown key or a value of the wrong type or range, or
        names a path outside the study. The message lists every fault.
    """
    path = folder / STUDY_FILE
    if not folder.is_dir():
        raise SettingsError(f"{folder} is not a folder; name a study's folder with --study")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise SettingsError(
            f"{folder} has no {STUDY_FILE}; `topictrends init {folder}` starts a study there, --study names another folder"
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        # ValueError: no UTF-8, no TOML, or a number of thousands of digits
        raise SettingsError(f"{path} cannot be read: {error}") from error
    try:
        settings = StudySettings.model_validate(content)
    except ValidationError as error:
        raise SettingsError(f"{path} is wrong:\n{_faults(error)}") from error
    for name in settings.corpus.sources:
        source = source_path(folder, name, allowed)
        if any((folder.resolve() / written).is_relative_to(source) for written in _OWN_FOLDERS):
            raise SettingsError(
                f"{path} is wrong:\n  the source {name!r} holds what a run writes; name a folder of exports alone"
            )
    for named in (settings.corpus.supplement, settings.concepts.vocabulary):
        if named and named != MEDICAL_AI:
            inside(folder, named)
    return settings


def source_path(folder: Path, name: str, allowed: Allowances) -> Path:
    """Return the path of a source: in the study, or a link out of it that the user allows.

    Raises
    ------
    SettingsError
        It leads out of the study's folder, and the user has not allowed that.
    """
    if "\0" in name:
        return inside(folder, name)
    linked = folder.resolve() / name
    if (
        linked.is_relative_to(folder.resolve())
        and ".." not in Path(name).parts
        and allowed.allows_export(linked.resolve())
    ):
        return linked
    return inside(folder, name)


def inside(folder: Path, name: str) -> Path:
    """Return the path of `name` in the study.

    Raises
    ------
    SettingsError
        It leads out of the study's folder.
    """
    root = folder.resolve()
    if "\0" in name or any(len(part.encode("utf-8", "replace")) > _LONGEST_NAME for part in Path(name).parts):
        raise SettingsError(f"{folder / STUDY_FILE} is wrong:\n  the path {name[:80]!r} is none")
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        raise SettingsError(
            f"{folder / STUDY_FILE} is wrong:\n  the path {name!r} lies outside the study; "
            "a link to an export is followed with --follow-links, or under linked_exports in your own configuration"
        )
    return path


def _faults(error: ValidationError) -> str:
    """Return what is wrong, a line a key; of a key that may be of several kinds what any of them would be."""
    told: dict[str, list[str]] = {}
    values: dict[str, str] = {}
    for fault in error.errors():
        parts = [str(part) for part in fault["loc"] if not _KIND.match(str(part))]
        # of a key that is called as its kind is, a date, the place has both
        key = ".".join(part for part, _ in itertools.groupby(parts))
        if fault["type"] == "extra_forbidden":
            told[key] = ["unknown key; see the comments in study.toml for the keys there are"]
            continue
        message = fault["msg"].removeprefix("Value error, ").replace("Input should", "should")
        told[key] = [*told.get(key, []), message if key not in told else message.removeprefix("should be ")]
        values[key] = f" (it is {fault['input']!r})"
    return "\n".join(
        f"  {key}: {', or '.join(dict.fromkeys(parts))}{values.get(key, '')}" for key, parts in told.items()
    )
