"""What of a chat model's draft may stand: sentences that cite papers of the topic and use no number but the tables'."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.escaping import markdown_text, one_line
from analysis.survey.drafter import DraftBrief, Fact
from analysis.survey.sentences import sentences_of

# what is read of a reply; a paragraph has a tenth of it
_LONGEST_REPLY = 20_000
# so many words in a row of a paper's own are a copy
_COPIED_WORDS = 10
_CITATION = re.compile(r"\[(?:\s*-?@[\w.:-]+\s*[;,]?)+\s*\]|(?<!\w)@[\w.:-]*\w")
_KEY = re.compile(r"@([\w.:-]*\w)")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_TOKEN = re.compile(r"[^\s,;:()\[\]“”\"]*\d[^\s;:()\[\]“”\"]*")
_WORD = re.compile(r"\w+(?:['’]\w+)?")
_COUNTS = dict(zip("two three four five six seven eight nine ten eleven twelve".split(), range(2, 13), strict=True))
_AMOUNTS = re.compile(
    r"\b(?:(?:thir|four|fif|six|seven|eigh|nine)teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozens?|hundreds?"
    r"|thousands?|millions?|billions?|third of|thirds|quarters?|doubled?|doubling|tripled?|twice|thrice|\w+fold)\b(?!-)",
    re.IGNORECASE,
)
_HALF = re.compile(r"\bhalf\b(?!-)", re.IGNORECASE)
_PERCENT_NEXT, _PAPERS_NEXT = re.compile(r"\s*(?:%|per ?cent)"), re.compile(r"\s+(?:papers|studies|articles|works)\b")


@dataclass(frozen=True)
class Struck:
    """A sentence that may not stand, and why."""

    sentence: str
    reason: str


@dataclass(frozen=True)
class Draft:
    """A checked draft: the sentences that stand, in order, and those that were struck."""

    kept: tuple[str, ...]
    struck: tuple[Struck, ...]

    def lines(self) -> list[str]:
        """Return the draft as paragraphs of Markdown in which nothing but citations is markup."""
        struck = [f"Struck, because it {markdown_text(one.reason)}: {_inert(one.sentence)}" for one in self.struck]
        paragraph = " ".join(_cited(sentence) for sentence in self.kept)
        return [paragraph or "No sentence of the draft could stand.", *struck]


def checked_draft(reply: str, brief: DraftBrief, known: Sequence[str] = ()) -> Draft:
    """Check a draft sentence by sentence.

    A sentence stands where it cites papers of the topic and no others, where each of its numbers is one of the brief's facts,
    and where it does not repeat ten words in a row of a paper. Numbers inside names, such as GPT-4, stand where a title or
    a keyword of the topic has the name.

    Parameters
    ----------
    reply : str
        What the model wrote.
    brief : DraftBrief
        What it was shown.
    known : sequence of str
        The keys of all papers, to tell a paper of another topic from one that does not exist.

    Examples
    --------
    >>> from analysis.survey.drafter import CitedPaper
    >>> paper = CitedPaper("bees2020hives", "Hives of Bees", "We build hives.")
    >>> brief = DraftBrief("Bees", ["hive"], [Fact("papers of the topic", "12", 12, "papers")], [paper])
    >>> draft = checked_draft("Twelve papers study bees [@bees2020hives]. They win 97 % [@bees2020hives].", brief)
    >>> draft.kept
    ('Twelve papers study bees [@bees2020hives].',)
    >>> draft.struck[0].reason
    'holds 97 %, which is in no table'
    """
    kept: list[str] = []
    struck: list[Struck] = []
    parts = re.split(r"\n\s*\n", reply[:_LONGEST_REPLY])
    for sentence in (sentence for part in parts for sentence in _whole_sentences(one_line(part))):
        reason = next(_faults(sentence, brief, known), None)
        if reason is None:
            kept.append(sentence)
        else:
            struck.append(Struck(sentence, reason))
    return Draft(tuple(kept), tuple(struck))


def _whole_sentences(text: str) -> list[str]:
    """Return sentences; a citation that stands behind its full stop belongs to the sentence before it."""
    moved = re.sub(rf"([.!?])\s*((?:{_CITATION.pattern}\s*)+)[.]?(?=\s|$)", r" \2\1", text)
    tidy = re.sub(r"\s+([.!?])(?=\s|$)", r"\1", moved)
    return sentences_of(tidy)


def _faults(sentence: str, brief: DraftBrief, known: Sequence[str]) -> Iterator[str]:
    own = {paper.key for paper in brief.papers}
    cited = _KEY.findall(" ".join(_CITATION.findall(sentence)))
    if not cited:
        yield "cites no paper"
    for key in cited:
        if key not in own:
            yield f"cites {key}, " + (
                "a paper that the topic's notes do not list" if key in known else "which does not exist"
            )
    bare = _CITATION.sub(" ", sentence)
    yield from (f"holds {number}, which is in no table" for number in _loose_numbers(bare, brief))
    for paper in brief.papers:
        if _is_copied(bare, paper.claim):
            yield f"repeats {_COPIED_WORDS} words or more of {paper.key}"


def _loose_numbers(text: str, brief: DraftBrief) -> Iterator[str]:
    names = " ".join([*(paper.title for paper in brief.papers), *brief.keywords, brief.label]).casefold()
    for match in _TOKEN.finditer(text):
        token = match.group().rstrip(".,%-–—'’")
        if not re.search(r"[^\W\d_]", token):
            yield from _loose_in(token, text[match.start() + len(token) :], brief.facts)
        elif token.casefold() not in names:
            yield token
    for match in re.finditer(r"\b\w+\b(?!-)", text):
        value = _COUNTS.get(match.group().casefold())
        if value is not None and not any(fact.value == value and fact.unit == "papers" for fact in brief.facts):
            yield match.group()
    yield from (match.group() for match in _AMOUNTS.finditer(text))
    if (half := _HALF.search(text)) and not any(
        fact.text in text for fact in brief.facts if fact.unit == "year" and "half" in fact.name
    ):
        yield half.group()


def _loose_in(token: str, behind: str, facts: Sequence[Fact]) -> Iterator[str]:
    """Yield the numbers of a token, such as 2020-2025, that are no fact of the unit that stands behind them."""
    numbers = _NUMBER.findall(token)
    for place, number in enumerate(numbers, start=1):
        last = place == len(numbers)
        percent = _PERCENT_NEXT.match(behind) if last else None
        unit = "%" if percent else "papers" if last and _PAPERS_NEXT.match(behind) else None
        digits = len(number.partition(".")[2])
        value = float(number.replace(",", ""))
        known = (fact for fact in facts if unit in (None, fact.unit))
        if not any(round(fact.value, digits) == value and digits <= _digits(fact) for fact in known):
            yield number + (" %" if percent else "")


def _digits(fact: Fact) -> int:
    return len(fact.text.partition(".")[2])


def _is_copied(sentence: str, claim: str) -> bool:
    words, own = (_WORD.findall(text.casefold()) for text in (sentence, claim))
    runs = {tuple(own[start : start + _COPIED_WORDS]) for start in range(len(own) - _COPIED_WORDS + 1)}
    return any(tuple(words[start : start + _COPIED_WORDS]) in runs for start in range(len(words) - _COPIED_WORDS + 1))


def _cited(sentence: str) -> str:
    """Return a sentence for Markdown in which citations stay citations."""
    parts, start = [], 0
    for match in _CITATION.finditer(sentence):
        keys = "; ".join(f"@{key}" for key in _KEY.findall(match.group()))
        parts += [_inert(sentence[start : match.start()]), f"[{keys}]"]
        start = match.end()
    parts.append(_inert(sentence[start:]))
    return " ".join(part for part in parts if part).replace("] .", "].").replace("] ,", "],")


def _inert(text: str) -> str:
    return markdown_text(text).replace("@", "\\@")
