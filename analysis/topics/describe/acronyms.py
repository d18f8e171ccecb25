"""Acronyms and their long forms, as the papers themselves define them: both are one phrase."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

# "large language models (LLMs)": up to so many words before an acronym in parentheses
_MOST_WORDS = 4
_ACRONYM = re.compile(r"\(([A-Z][A-Za-z0-9-]{1,7})\)")
_WORD, _END_OF_WORD = re.compile(r"[^\W_][\w'’-]*"), re.compile(r"[^\W_][\w'’-]*$")
# characters before an acronym that are looked at, and words
_BEFORE, _MOST_BEFORE = 250, 7
# a form counts when it is defined in two papers, and in most of those that define the acronym
_FEWEST, _SHARE = 2, 0.6


def find_acronyms(texts: Iterable[str], no_words: frozenset[str] = frozenset()) -> dict[str, tuple[str, ...]]:
    """Return the long form of each acronym that texts define, by its lower-case letters without a plural s.

    A form that holds one of `no_words` is left out: it is no phrase.

    Examples
    --------
    >>> find_acronyms(["We ask large language models (LLMs).", "Large language models (LLM) err."])
    {'llm': ('large', 'language', 'model')}
    """
    forms: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for text in texts:
        if "(" not in text:
            continue
        found = set()
        for match in _ACRONYM.finditer(text):
            acronym = match.group(1)
            letters = acronym.removesuffix("s") if acronym[:-1].isupper() else acronym
            words = _long_form(_words_before(text[max(match.start() - _BEFORE, 0) : match.start()]), letters)
            if words:
                found.add((letters.lower(), words))
        for letters, words in found:
            forms[letters][words] += 1
    best = {letters: counts.most_common(1)[0] for letters, counts in forms.items()}
    return {
        letters: words
        for letters, (words, count) in sorted(best.items())
        if no_words.isdisjoint(words) and count >= _FEWEST and count >= _SHARE * sum(forms[letters].values())
    }


def _words_before(text: str) -> list[str]:
    """Return the words at the end of a text, up to seven, as far as nothing but blanks lies between them."""
    words: list[str] = []
    # an acronym in parentheses stands behind a blank
    for token in reversed(text.split()) if text[-1:].isspace() else ():
        if len(words) == _MOST_BEFORE:
            break
        if _WORD.fullmatch(token):
            words.insert(0, token)
            continue
        part = _END_OF_WORD.search(token)
        return [*([part.group()] if part else []), *words]
    return words


def expanded(run: list[str], acronyms: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return words with known acronyms written out."""
    written: list[str] = []
    for word in run:
        plural = word.endswith("s") and word[:-1].isupper()
        form = acronyms.get((word[:-1] if plural else word).lower()) if word[:2].isupper() else None
        if form is None:
            written.append(word)
        else:
            written += [*form[:-1], f"{form[-1]}s" if plural else form[-1]]
    return written


def _long_form(words: list[str], acronym: str) -> tuple[str, ...]:
    """Return the words whose initials an acronym is made of, the last in the singular; empty where they are not."""
    letters = [letter for letter in acronym.lower() if letter.isalpha()]
    chosen: list[str] = []
    initials: list[str] = []
    # words as they are written: "chest x-ray" has three initials
    for word in reversed(words):
        if len(initials) >= len(letters):
            break
        chosen.insert(0, word.lower())
        initials = [part[0] for part in word.lower().split("-") if part] + initials
    if not 2 <= len(letters) <= _MOST_WORDS or initials != letters:
        return ()
    last = chosen[-1]
    return (*chosen[:-1], last[:-1] if last.endswith("s") and not last.endswith(("ss", "is", "us")) else last)
