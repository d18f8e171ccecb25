"""Titles compared word by word: which differences are spelling, and which are another paper.

Two titles of 99 % the same letters may be "Part I" and "Part II", "with" and "without", "Austria" and "Australia": what counts is
whether a word that carries meaning differs, not how many letters do.
"""

import functools
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from analysis.corpus.text import plain_letters

Relation = Literal["same", "spelling", "slip", "longer", "apart"]
_ORDER: tuple[Relation, ...] = ("same", "spelling", "slip", "longer", "apart")
# words that a title may lose without becoming another: no "with", "without", "not", "no", "between", "after"
_LITTLE = frozenset(
    "a an the of in on for and to by at de la le el los las les des du da do dos das der die das den und y e et i en em sur von "
    "zur zum im il lo gli dei della delle s amp".split()
)
_TONGUES = (
    ("en", frozenset("of the and for with in to by on from an at is are".split())),
    (
        "other",
        frozenset(
            "de del la el los las en y con por para un una au du des le les et der die das und von bei mit dos da e em ".split()
        ),
    ),
)
_NUMBER_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve first second third fourth fifth sixth seventh eighth ninth "
    "tenth i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xx primera segunda tercera primero segundo tercero uno dos tres "
    "cuatro eins zwei drei erste zweite dritte premier premiere deuxieme troisieme un deux trois".split()
)
# American and British spelling, umlauts written out, and doubled letters, brought to one form
_SPELLINGS = (
    (re.compile(r"is(?=(?:e|ed|es|ing|ation|ations|er|ers)$)"), "iz"),
    (re.compile(r"ys(?=(?:e|ed|es|ing|er|ers)$)"), "yz"),
    (re.compile(r"our(?=(?:s|ed|ing|al|ally|able|ite)?$)"), "or"),
    (re.compile(r"(?<=[tb])re(?=s?$)"), "er"),
    (re.compile(r"mme(?=s?$)"), "m"),
    (re.compile(r"ogue(?=s?$)"), "og"),
    (re.compile(r"ll(?=(?:ed|ing|er|ers|or|ors)$)"), "l"),
    (re.compile(r"grey"), "gray"),
    (re.compile(r"ph(?=oetus)"), "f"),
    (re.compile(r"foet"), "fet"),
    (re.compile(r"ence(?=s?$)"), "ense"),
    (re.compile(r"ss"), "s"),
)
# an umlaut written out, and the diphthongs that American English lacks
_UMLAUTS = ((("ae", "a"), ("oe", "o"), ("ue", "u")), (("ae", "e"), ("oe", "e")))
_PLURAL = re.compile(r"(?<=[a-z]{3})(?:es|s)$")
_WORD = re.compile(r"[^\W_]+")
# a slip of the pen is sought in words of so many letters
_SHORTEST_SLIP = 6
# letters in common, in per cent, of titles that may be one in other words
_RESEMBLES = 60
# letters of a title that stands whole in another
_HELD = 24
# keys of titles that may bear such a flag
FLAGGED = ("retracted", "withdrawn")
_FLAG = re.compile(r"^\W*(?:retracted|withdrawn)(?:\W+(?:article|paper|chapter))?\W*[:\]–—-]\W*", re.IGNORECASE)
_TITLE_IN_BRACKETS = re.compile(r"^\[(.*)\]\W*$")

_KINDS: tuple[tuple[str, "re.Pattern[str]"], ...] = (
    (
        "erratum",
        re.compile(
            r"\berrat(?:um|a)\b|\bcorrigend(?:um|a)\b|^(?:(?:author|publisher)s? )?corrections?\b|^addend(?:um|a)\b"
        ),
    ),
    ("retraction", re.compile(r"^(?:notice of )?(?:retraction|withdrawal)\b|expression of concern")),
    (
        "comment",
        re.compile(
            r"^(?:(?:a |an |the |further |some |invited |short |authors? |editorial )?(?:comments?|"
            r"commentary|reply|replies|response|"
            r"rejoinder|rebuttal|discussion|letter|remarks?|respuesta|comentarios?|carta|kommentar|antwort|reponse|erwiderung)\b"
            r"(?: by .*?)? ?(?:on|to|of|about|regarding|re|a|al|zu|auf|sobre|sur|from|$)|^re\b)|\ba (?:reply|"
            r"response|comment|rejoinder)(?: to\b.*)?$"
        ),
    ),
    ("preface", re.compile(r"^(?:guest )?(?:editorial|preface|foreword|prologue|introduction to (?:the|this)\b)")),
)
_SECTION = (
    r"(?:\ (?:to|for|on|from|of)\ (?:the|this)?.*"
    r"(?:issue|section|volume|collection|feature|proceedings|special|topic|symposium).*)?"
)
# what many papers are called
_SERIAL = re.compile(
    rf"""^(?:
    (?:guest\ |invited\ )?editorial(?:\ (?:board|comment|note|introduction|commentary|preface))?(?:\ \w+)?
    |editors?\ (?:note|introduction|choice|page|corner|message|comment|preface|column|foreword)s?
    |(?:note|message|letter)s?\ (?:from|to)\ the\ \w+(?:\ \w+)?
    |from\ the\ (?:guest\ )?(?:editors?|president|chair|publisher)(?:\ \w+)*
    |(?:introduction|preface|foreword|prologue|prefacio|prologo|presentacion|presentation|vorwort
    |einleitung|einfuhrung|avant\ propos
       |introduccion|introduzione|premessa|apresentacao){_SECTION}
    |(?:authors?\ )?(?:reply|response|comments?|commentary|discussion|rejoinder
    |correspondence)(?:\ by\ .*|\ to\ the\ (?:editors?|authors?))?
    |letters?(?:\ to\ the\ editors?)?|cartas?\ (?:al|a\ la)\ \w+
    |(?:table\ of\ )?contents|(?:author|subject|keyword)?\ ?index|(?:(?:book|product|film)\ )?reviews?
    |abstracts?|news(?:\ and\ \w+)?
    |announcements?|call\ for\ papers|calendar|obituar(?:y|ies)|in\ memoriam|in\ this\ (?:issue
    |month|week)(?:\ \w+)*|this\ (?:month|week)\ in\ .*
    |errat(?:um|a)|corrigend(?:um|a)|corrections?|retractions?|addend(?:um|a)|acknowledge?ments?
    |(?:list\ of\ |thanks\ to\ (?:our\ )?)?reviewers?(?:\ .*)?
    |(?:front|back)\ ?matter|title\ page|cover(?:\ page|\ image)?|masthead|untitled|no\ ?title
    |oral\ presentations?|poster\ ?(?:presentation|session)?s?
    |highlights|conclusions?|summary|appendix|references|bibliography|notes?|annual\ report
    |(?:president|chair)(?:\ s|s)?\ (?:message|address|report|column)
    |(?:short|brief)\ communications?|case\ reports?|original\ articles?
    |questions?(?:\ and\ answers?)?|interview|viewpoint|perspectives?|opinion
    |research\ highlights|authorindex|authorreply|lettertotheeditor|tableofcontents|bookreviews?|frontmatter|backmatter
    )$""",
    re.VERBOSE,
)
_YEARLY = re.compile(
    r"\b(?:annual|yearly|year in review|quarterly|monthly|biennial|semiannual|annuaire|anual|"
    r"jahresbericht)\b|\breport (?:for|of) (?:the )?(?:year|\d{4})\b"
)


@dataclass(frozen=True)
class Title:
    """A title as it is compared.

    Attributes
    ----------
    words : tuple of str
        Folded, in order, without a flag such as "RETRACTED:".
    kind : str
        "erratum", "retraction", "comment", "preface", or empty for a paper.
    serial : bool
        Whether many papers are called so: "Editorial".
    yearly : bool
        Whether one appears each year under the same title.
    """

    words: tuple[str, ...]
    kind: str
    serial: bool
    yearly: bool

    @property
    def tongue(self) -> str:
        """What its little words tell of its language: "en", "other", or empty."""
        found = {tongue for tongue, little in _TONGUES for word in self.words if word in little}
        return found.pop() if len(found) == 1 else ""

    @classmethod
    def of(cls, title: str) -> "Title":
        """Read a title."""
        bare = _TITLE_IN_BRACKETS.sub(r"\1", _FLAG.sub("", title))
        words = tuple(_WORD.findall(plain_letters(bare)))
        joined = " ".join(words)
        kind = next((name for name, pattern in _KINDS if pattern.search(joined)), "")
        return cls(words, kind, _SERIAL.match(joined) is not None, _YEARLY.search(joined) is not None)


def relation(one: Title, other: Title) -> Relation:
    """Return how two titles are related.

    "spelling" are differences without meaning: British and American, plurals, little words, hyphens, "
    "umlauts written out; a "slip"
    is a letter too few or too many in a long word; "longer" is a title that goes on where the other ends; all else is "apart".

    Examples
    --------
    >>> relation(Title.of("Modelling of tumours in the lung"), Title.of("Modeling of tumors in lung"))
    'spelling'
    >>> relation(Title.of("Screening, part I"), Title.of("Screening, part II"))
    'apart'
    """
    if one.words == other.words or "".join(one.words) == "".join(other.words):
        return "same"
    found: Relation = "spelling"
    blocks = SequenceMatcher(None, one.words, other.words, autojunk=False).get_opcodes()
    for tag, start, stop, other_start, other_stop in blocks:
        if tag == "equal":
            continue
        mine, theirs = one.words[start:stop], other.words[other_start:other_stop]
        at_end = stop == len(one.words) and other_stop == len(other.words)
        difference = _difference(mine, theirs, at_end and start > 3)
        if difference == "apart":
            return "apart"
        found = max(found, difference, key=_ORDER.index)
    return found


def spelling_key(title: str) -> str:
    """Return the letters of a title's words in one spelling, without little words: equal where only spelling differs.

    Examples
    --------
    >>> spelling_key("Modelling of the tumours") == spelling_key("Modeling tumor")
    True
    """
    words = _WORD.findall(plain_letters(title))
    return "".join(_spelt(word, _UMLAUTS[1]) for word in words if word not in _LITTLE)


def resembles(one: Title, other: Title) -> bool:
    """Return whether two titles may be one in other words: most of their letters agree, and no numeral contradicts."""
    numerals = tuple({word for word in title.words if is_numeral(word)} for title in (one, other))
    if all(numerals) and not (numerals[0] <= numerals[1] or numerals[1] <= numerals[0]):
        return False
    return bool(fuzz.token_sort_ratio(" ".join(one.words), " ".join(other.words)) >= _RESEMBLES)


def translated(one: Title, other: Title) -> bool:
    """Return whether two titles are in two languages, so that none of their words can be compared."""
    return {one.tongue, other.tongue} == {"en", "other"}


def holds(one: Title, other: Title) -> bool:
    """Return whether one title stands whole in the other: in two languages, or behind "Letter to the editor:"."""
    short, long = sorted((" ".join(one.words), " ".join(other.words)), key=len)
    return len(short) >= _HELD and f" {short} " in f" {long} "


def is_numeral(word: str) -> bool:
    """Return whether a folded word is a number: in digits, Roman, or spelt out."""
    return any(char.isdigit() for char in word) or word in _NUMBER_WORDS


def _difference(mine: tuple[str, ...], theirs: tuple[str, ...], at_end: bool) -> Relation:
    if "".join(mine) == "".join(theirs):
        return "same"
    if any(is_numeral(word) or len(word) == 1 for word in (*mine, *theirs) if word not in ("a", "e", "y", "s")):
        return "apart"
    mine, theirs = (tuple(word for word in words if word not in _LITTLE) for words in (mine, theirs))
    if _spelt_alike("".join(mine), "".join(theirs)):
        return "spelling"
    if len(mine) == len(theirs) and all(map(_spelt_alike, mine, theirs)):
        return "spelling"
    if (not mine or not theirs) and at_end:
        return "longer"
    if len(mine) == len(theirs) and all(map(_is_slip, mine, theirs)):
        return "slip"
    if at_end and len(mine) == len(theirs) == 1 and min(map(len, (*mine, *theirs))) > 2 and _begins(mine[0], theirs[0]):
        # cut within its last word
        return "slip"
    return "apart"


def _begins(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _is_slip(one: str, other: str) -> bool:
    """Return whether two words differ as by a slip of the pen: a letter lost, doubled, or two in the wrong order."""
    if _spelt_alike(one, other):
        return True
    if min(len(one), len(other)) < _SHORTEST_SLIP or one[0] != other[0] or one[-2:] != other[-2:]:
        return False
    return bool(OSA.distance(one, other) == 1 and (len(one) != len(other) or sorted(one) == sorted(other)))


def _spelt_alike(one: str, other: str) -> bool:
    return any(_spelt(one, umlauts) == _spelt(other, umlauts) for umlauts in _UMLAUTS)


@functools.lru_cache(maxsize=100_000)
def _spelt(word: str, umlauts: tuple[tuple[str, str], ...]) -> str:
    for long, short in umlauts:
        word = word.replace(long, short)
    for pattern, form in _SPELLINGS:
        word = pattern.sub(form, word)
    return _PLURAL.sub("", word)
