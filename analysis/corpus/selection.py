"""Which papers topics are made of, by type and language."""

from dataclasses import dataclass

from analysis.corpus.kinds import TYPES, WITHOUT_FINDINGS, normal_language
from analysis.errors import CorpusError

DEFAULT_TYPES = tuple(f"-{name}" for name in WITHOUT_FINDINGS)


@dataclass(frozen=True)
class Selection:
    """Types and languages that topics are made of; a paper whose type or language no record tells is kept.

    Attributes
    ----------
    types : tuple of str
        Of `analysis.corpus.kinds.TYPES`: those that are wanted, or, with a hyphen before, those that are not. Errata, retractions
        and tables of contents are out unless they are named.
    languages : tuple of str
        Codes of two letters, likewise.
    """

    types: tuple[str, ...] = DEFAULT_TYPES
    languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        unknown = [name for name in self.types if name.removeprefix("-") not in TYPES]
        if unknown:
            raise CorpusError(f"there is no type {unknown[0]!r}; there are: {', '.join(TYPES)}")
        strange = [name for name in self.languages if len(normal_language(name.removeprefix("-")) or "") != 2]
        if strange:
            raise CorpusError(f"there is no language {strange[0]!r}; give codes of two letters, such as 'en'")

    def excludes(self, kind: str | None, language: str | None) -> str | None:
        """Return why a paper is left out of topics, such as "type: erratum"; None where it is not."""
        if kind is not None and not _wanted(kind, self.types):
            return f"type: {kind}"
        spoken = tuple(
            f"{'-' * name.startswith('-')}{normal_language(name.removeprefix('-'))}" for name in self.languages
        )
        if language is not None and not _wanted(language, spoken):
            return f"language: {language}"
        return None


def _wanted(value: str, listed: tuple[str, ...]) -> bool:
    if f"-{value}" in listed:
        return False
    included = [name for name in listed if not name.startswith("-")]
    # naming what is wanted leaves out what has no findings, too
    return value in included if included else True


ANY_WITH_FINDINGS = Selection()
