"""A reader's outline: topics by name, with seed phrases and example papers, nested at will."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from analysis.errors import OutlineWarning, SettingsError, TopicsError, warn
from analysis.escaping import one_line
from analysis.topics.outline.terms import content_words
from analysis.validation import expect_path

_LONGEST = 80
_Name = Annotated[str, Field(min_length=1, max_length=_LONGEST)]
# deeper than any survey, and far from what a parser's stack bears
_DEEPEST = 20
_HOW = (
    'write one [[topic]] a topic, with name = "..." and, if you like, phrases = ["..."], papers = ["id or title"] and '
    "[[topic.topic]] for its parts"
)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: _Name
    phrases: list[Annotated[str, Field(min_length=1, max_length=200)]] = []
    papers: list[Annotated[str, Field(min_length=1)]] = []
    topic: list["_Entry"] = []


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    complete: bool = False
    topic: list[_Entry] = []


@dataclass(frozen=True)
class OutlineTopic:
    """A topic of an outline.

    Attributes
    ----------
    name : str
    phrases : tuple of str
        What its papers speak of. The name is one of them.
    papers : tuple of str
        Ids or titles of papers that belong to it for certain.
    above : tuple of str
        Names of the topics that it is a part of, the outermost first.
    """

    name: str
    phrases: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    above: tuple[str, ...] = ()

    @property
    def seeds(self) -> tuple[str, ...]:
        """The name and the phrases in which there is a word, each once."""
        found = dict.fromkeys(one_line(phrase) for phrase in (self.name, *self.phrases))
        return tuple(phrase for phrase in found if content_words(phrase))


@dataclass(frozen=True)
class Outline:
    """A reader's topics.

    Attributes
    ----------
    topics : tuple of OutlineTopic
        Those that papers are given to: parts, and what has phrases or papers of its own.
    complete : bool
        Whether every paper belongs to one of them. Otherwise topics that the outline misses are found beside them.

    Examples
    --------
    >>> outline = Outline.of({"Bees": ["hive", "honey"], "Ice": ["glacier"]})
    >>> [topic.name for topic in outline.topics], outline.topics[1].seeds
    (['Bees', 'Ice'], ('Ice', 'glacier'))
    """

    topics: tuple[OutlineTopic, ...]
    complete: bool = False

    @classmethod
    def of(cls, topics: Mapping[str, Sequence[str]] | Sequence[str], *, complete: bool = False) -> "Outline":
        """Return the outline of a dict of name to phrases, or of a list of names.

        Raises
        ------
        TopicsError
            There is no topic, or two of them cannot be told apart.
        """
        if isinstance(topics, str) or not isinstance(topics, (Mapping, Sequence)):
            raise TopicsError(
                "an outline is a dict of name to phrases, or a list of names; at.read_outline reads a file"
            )
        named = topics if isinstance(topics, Mapping) else dict.fromkeys(topics, ())
        for name, phrases in named.items():
            listed = isinstance(phrases, (list, tuple)) and all(isinstance(phrase, str) for phrase in phrases)
            if not isinstance(name, str) or not listed:
                raise TopicsError(f"the phrases of {name!r} in the outline must be a list of str, and its name a str")
        entries = [{"name": name, "phrases": list(phrases)} for name, phrases in named.items()]
        return _checked({"topic": entries, "complete": complete}, "the outline", TopicsError)


def read_outline(path: str | Path) -> Outline:
    r"""Read an outline file: one ``[[topic]]`` table a topic, ``[[topic.topic]]`` for its parts.

    Parameters
    ----------
    path : path
        A TOML file. Its topics have ``name``, ``phrases``, ``papers`` (ids or titles) and parts of their own; its key
        ``complete`` says whether every paper belongs to one of them.

    Raises
    ------
    SettingsError
        There is no such file, it is no TOML, or it is none of an outline. The message lists every fault.

    Warns
    -----
    OutlineWarning
        A phrase has no word that could be looked for.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "outline.toml"
    ...     _ = file.write_text('[[topic]]\nname = "Imaging"\n[[topic.topic]]\nname = "X-ray"\n')
    ...     read_outline(file).topics
    (OutlineTopic(name='X-ray', phrases=(), papers=(), above=('Imaging',)),)
    """
    path = expect_path(path, "path", SettingsError)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from error
    return _checked(content, str(path), SettingsError)


def as_outline(given: Any) -> Outline:
    """Return what `fit_topics` is given as an outline: one, a path, a dict of name to phrases or a list of names.

    Raises
    ------
    SettingsError
        The file cannot be read.
    TopicsError
        It is none of these.
    """
    if isinstance(given, Outline):
        if not given.topics:
            raise TopicsError("the outline names no topic")
        return given
    if isinstance(given, (str, Path)):
        return read_outline(given)
    if not isinstance(given, (Mapping, list, tuple)) or not all(isinstance(name, str) for name in given):
        raise TopicsError(
            "outline must be a path, an Outline, a dict of name to phrases or a list of names; at.read_outline reads a file"
        )
    return Outline.of(given)


def _checked(content: Mapping[str, Any], where: str, fault: type[SettingsError] | type[TopicsError]) -> Outline:
    if _depth(content) > _DEEPEST:
        raise fault(f"{where} is wrong: topics are nested more than {_DEEPEST} deep")
    try:
        read = TypeAdapter(_File).validate_python(content)
    except ValidationError as error:
        told = "\n".join(f"  {_key_path(one['loc'])}: {one['msg']} (it is {one['input']!r})" for one in error.errors())
        raise fault(f"{where} is wrong; {_HOW}:\n{told}") from error
    topics = _told_apart(list(_flat(read.topic, ())), where, fault)
    if not topics:
        raise fault(f"{where} names no topic; {_HOW}")
    for topic in topics:
        empty = [phrase for phrase in topic.phrases if not content_words(phrase)]
        if empty:
            warn(f"{where}: nothing can be looked for by {empty} of {topic.name!r}.", OutlineWarning)
        if not topic.seeds and not topic.papers:
            raise fault(f"{where}: {topic.name!r} has no word that could be looked for; give it phrases or papers")
    return Outline(tuple(topics), read.complete)


def _depth(content: Mapping[str, Any]) -> int:
    """Return how deep topics are nested, without recursion: a stranger's file may be deeper than the stack."""
    depth, level = 0, [content]
    while level and depth <= _DEEPEST + 1:
        inner = [part for one in level if isinstance(one, Mapping) for part in _parts(one)]
        depth, level = depth + 1, inner
    return depth - 1


def _parts(entry: Mapping[str, Any]) -> list[Any]:
    parts = entry.get("topic", [])
    return parts if isinstance(parts, list) else []


def _key_path(location: tuple[int | str, ...]) -> str:
    words = [f"{part + 1}" if isinstance(part, int) else part for part in location]
    return " ".join(words) or "the file"


def _flat(entries: Sequence[_Entry], above: tuple[str, ...]) -> Iterator[OutlineTopic]:
    """Yield the topics that papers are given to: parts, and wholes that have phrases or papers of their own."""
    for entry in entries:
        name = one_line(entry.name).strip() or entry.name
        if not entry.topic or entry.phrases or entry.papers:
            yield OutlineTopic(name, tuple(entry.phrases), tuple(entry.papers), above)
        yield from _flat(entry.topic, (*above, name))


def _told_apart(
    topics: list[OutlineTopic], where: str, fault: type[SettingsError] | type[TopicsError]
) -> list[OutlineTopic]:
    """Return topics of distinct names, those of parts with the name above where they need it; raise where none helps."""
    counts = Counter(topic.name.casefold() for topic in topics)
    named = [
        replace(topic, name=f"{topic.above[-1]}: {topic.name}"[:_LONGEST])
        if counts[topic.name.casefold()] > 1 and topic.above
        else topic
        for topic in topics
    ]
    repeated = [name for name, count in Counter(topic.name.casefold() for topic in named).items() if count > 1]
    if repeated:
        raise fault(f"{where}: two topics are called {repeated[0]!r}; give each a name of its own")
    known: dict[frozenset[str], str] = {}
    for topic in named:
        own, seeds = (
            frozenset(" ".join(content_words(text)) for text in texts) for texts in (topic.phrases, topic.seeds)
        )
        for words in (own, seeds if not topic.papers else frozenset()):
            if words and known.get(words, topic.name) != topic.name:
                raise fault(
                    f"{where}: {known[words]!r} and {topic.name!r} have the same phrases, so nothing tells their papers apart"
                )
            known[words] = topic.name
    return named
