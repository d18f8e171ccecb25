"""Two texts compared: which lines differ, and which numbers of an edited text stand in no table."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

# a macro of numbers.tex is as good as its number
_NUMBER = re.compile(r"\\tt[A-Za-z]+|\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Problem:
    """One disagreement: in which file, at which line (0 for the whole file), and what it is."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


def foreign_numbers(edited: str, generated: str) -> list[str]:
    """Return what is wrong with the numbers of a text that a user edited.

    A sentence that differs from a generated one in its numbers alone must have that one's numbers;
    any other sentence may quote only numbers that the generated text holds.

    Parameters
    ----------
    edited, generated : str

    Returns
    -------
    list of str
        Such as "says '280'; the tables give '279'".
    """
    by_mask: dict[str, list[list[str]]] = {}
    for sentence in _sentences(generated):
        by_mask.setdefault(_NUMBER.sub("#", sentence), []).append(_NUMBER.findall(sentence))
    known = {number for several in by_mask.values() for numbers in several for number in numbers}
    wrong = []
    for sentence in _sentences(edited):
        numbers, alike = _NUMBER.findall(sentence), by_mask.get(_NUMBER.sub("#", sentence))
        if alike is None:
            wrong += [
                f"says {number!r}, which the tables do not give here" for number in numbers if number not in known
            ]
        elif numbers not in alike:
            pairs = zip(numbers, alike[0], strict=True)
            wrong += [f"says {here!r}; the tables give {there!r}" for here, there in pairs if here != there]
    return wrong


def _sentences(text: str) -> list[str]:
    """Return the sentences of a text without its citations and comments, which hold no results."""
    plain = re.sub(r"\[@[^\]]*\]|\\cite\{[^}]*\}|<!--.*?-->|(?m:^%.*$)", "", text)
    return [part.strip() for part in re.split(r"(?<=[.;!?])\s+|\n", plain) if part.strip()]


def differences(name: str, written: str, expected: str) -> Iterator[Problem]:
    """Yield one problem a line that differs, quoting the first words that do."""
    here, there = written.splitlines(), expected.splitlines()
    matcher = difflib.SequenceMatcher(a=there, b=here, autojunk=False)
    for kind, start, stop, first, last in matcher.get_opcodes():
        if kind == "equal":
            continue
        for offset in range(max(stop - start, last - first)):
            wanted = there[start + offset] if start + offset < stop else ""
            shown = here[first + offset] if first + offset < last else ""
            yield Problem(name, first + offset + 1, _quoted(shown, wanted))


def _quoted(shown: str, wanted: str) -> str:
    old, new = wanted.split(), shown.split()
    for kind, start, stop, first, last in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind != "equal":
            there, here = " ".join(old[start:stop])[:60], " ".join(new[first:last])[:60]
            return f"says {here!r}; the tables give {there!r}"
    return "differs in white space from what the tables give"
