"""Typed errors and warnings. Each message says what went wrong, where, and what to do next."""

import sys
import warnings
from pathlib import Path


def sentence(text: str) -> str:
    """Return a text that ends as a sentence does."""
    return text if not text or text.endswith((".", "!", "?", ":", "\n")) else f"{text}."


class TopicTrendsError(Exception):
    """Base of every error this package raises on purpose; the command prints it and exits with 1."""

    def __str__(self) -> str:
        """Return the message as a sentence."""
        return sentence(super().__str__())


class SettingsError(TopicTrendsError):
    """study.toml is missing, malformed, or names something it may not; the command exits with 2."""


class CorpusError(TopicTrendsError):
    """The exports cannot be read into a corpus: no folder, no file, no record."""


class SupplementError(TopicTrendsError):
    """The table of curated dates and identifiers cannot be used."""


class EmbeddingError(TopicTrendsError):
    """Vectors cannot be made: a package or model is missing, or it gives no numbers."""


class TopicsError(TopicTrendsError):
    """Topics cannot be fitted to this corpus or with these settings."""


class ChatError(TopicsError):
    """A chat model that was asked about topics cannot be reached, or its kept answers cannot be read."""


class VocabularyError(TopicTrendsError):
    """The vocabulary of concepts is missing, malformed, or holds a pattern that is wrong."""


class TrendsError(TopicTrendsError):
    """Trends cannot be computed from these topics and dates."""


class InputError(TopicTrendsError):
    """What was given to a figure or the survey is of another type, or of another corpus."""


class ArtefactError(TopicTrendsError):
    """A persisted table is missing, damaged or cannot be written."""


class NotebookError(TopicTrendsError):
    """A notebook of the study failed while it was executed."""


class VerificationError(TopicTrendsError):
    """Text, figures, notebooks and tables of the study disagree."""


def warn(message: str, category: "type[TopicTrendsWarning]") -> None:
    """Warn at the line outside of this package that led here."""
    package, level, frame = str(Path(__file__).parent), 1, sys._getframe()
    while frame.f_back is not None and frame.f_code.co_filename.startswith(package):
        frame, level = frame.f_back, level + 1
    warnings.warn(sentence(message), category, stacklevel=level)


class TopicTrendsWarning(UserWarning):
    """Base of every warning this package issues."""


class SmallCorpusWarning(TopicTrendsWarning):
    """The corpus is too small for more than one or a few topics."""


class UnheldTopicsWarning(TopicTrendsWarning):
    """Of the topics that were asked for some are not found again when the clusterings are redrawn."""


class TopicEditWarning(TopicTrendsWarning):
    """A reader's edit of the topics does not apply, or only in part."""


class LanguagesWarning(TopicTrendsWarning):
    """The papers are in several languages, which may part them more than their subjects do."""


class OutlineWarning(TopicTrendsWarning):
    """Something in a reader's outline finds nothing to work on: a phrase, a paper, or a topic that no paper speaks of."""


class TopicLabelWarning(TopicTrendsWarning):
    """A labeller's answer cannot be used, so a topic keeps the label found without it."""


class GivenTopicsWarning(TopicTrendsWarning):
    """Topics that another tool made do not fit the corpus in some part, or it cannot be told whether they do."""


class CorpusWarning(TopicTrendsWarning):
    """Something in the exports was read, but needs a person's eye."""


class StudyVersionWarning(TopicTrendsWarning):
    """A study was made by another version, so its stages are made anew."""


class StaticExportWarning(TopicTrendsWarning):
    """No browser was found or it failed, so figures are written as HTML alone."""


class LatexWarning(TopicTrendsWarning):
    """The section holds characters that pdflatex cannot print; lualatex and xelatex can."""


class EditedSectionWarning(TopicTrendsWarning):
    """The survey section was edited by hand where a new one could not simply replace it."""


class EnrichmentError(TopicTrendsError):
    """A service could not be asked, or its kept answers cannot be read."""


class ClusterError(TopicTrendsError):
    """A Dask cluster cannot be reached or used, or its workers cannot do the work."""


class ResourcesError(TopicTrendsError):
    """The corpus is too large for this machine's memory or disk."""
