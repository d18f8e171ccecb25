"""What abstracts carry beside their matter, which topics do not see: notices, headings of sections, addresses."""

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

_MARKS_OF_ADDRESSES = ("://", "www.", "github.com/", "huggingface.co/")
_ANY_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b(?:github\.com|huggingface\.co)/\S+")
_MARKS_OF_NOTICES = (
    "©",
    "(c)",
    "(C)",
    "opyright",
    "OPYRIGHT",
    "ights reserved",
    "RIGHTS RESERVED",
    "FROM AUTHOR",
    "FROM PUBLISHER",
)
_YEAR_OR_OWNER = r"\s*(?:(?i:copyright|\(c\)|©|by\b|the\b)|\d{4}|[A-Z])"
_NOTICE_BEGINS = re.compile(
    rf"(?:©{_YEAR_OR_OWNER}|\([cC]\){_YEAR_OR_OWNER}|"
    rf"(?:\bCopyright|\bCOPYRIGHT)\s*(?:©|\([cC]\)|of\b|\d{{4}}|(?i:the authors?)|by\b|:)"
    r"|\b(?i:crown copyright)\b|\[?\b(?i:abstract from (?:author|publisher))\b|\b(?i:all rights reserved)\b"
    r"|\b(?i:this article is protected by copyright)\b"
    r"|\bPublished by [A-Z][\w ]{2,40}(?: on behalf of|\. All rights|, Inc| Ltd| B\.V| LLC| GmbH))"
)
# characters of the longest notice: a database's terms are longer than a publisher's
_LONGEST, _LONGEST_TERMS = 320, 1200
_LEADING = re.compile(
    r"^(?:©|\(c\)|copyright\s*(?:©|\(c\))?)\s*\d{4}[^.]{0,80}\.(?:V\.|\s?A\.)?(?:\s*all rights reserved\.)?\s*",
    re.IGNORECASE,
)
# a sentence that says where a paper's supplement is; a full stop within an address ends none
_IN_SENTENCE = r"(?:[^.]|\.(?=\S))"
_MARKS_OF_SUPPLEMENTS = ("upplement", "upporting")
_SUPPLEMENTS = r"(?i:data|information|materials?|files?|methods|figures?|tables?|notes?)\b"
_IS_THERE = r"\b(?:available|accessible|found|downloaded)\b"
_SUPPLEMENT = re.compile(
    rf"(?:^|(?<=[.!?:;)\]]\s))(?:"
    rf"The online version\b{_IN_SENTENCE}{{0,60}}\bcontains (?:supplementary|supplemental) {_SUPPLEMENTS}"
    rf"{_IN_SENTENCE}{{0,40}}{_IS_THERE}"
    rf"|(?:Supplementary|Supplemental|Supporting) {_SUPPLEMENTS}{_IN_SENTENCE}{{0,80}}(?:\b(?:is|are|be)\b|[:,])"
    rf"{_IN_SENTENCE}{{0,30}}{_IS_THERE})"
    rf"{_IN_SENTENCE}*\.?\s*"
)
_HEADINGS = (
    "background aims? aim objectives? purpose introduction motivation context methods? methodology design setting "
    "settings participants patients subjects outcomes? measures? materials? measurements? interventions? results? "
    "findings conclusions? discussion "
    "interpretation significance importance limitations? implications originality value funding summary rationale hypothesis "
    "antecedentes introducción objetivos? métodos? metodología materiales resultados conclusión conclusiones discusión "
    "contexte objectifs? méthodes? résultats conclusion discussion hintergrund ziel ziele methoden methodik ergebnisse "
    "schlussfolgerung schlussfolgerungen fazit introdução objetivo metodologia resultados conclusão conclusões discussão "
    "obiettivo obiettivi metodi risultati conclusioni введение цель методы результаты выводы заключение"
).split()
_ANY = "|".join(dict.fromkeys(_HEADINGS))
# one to four words of which the first is a heading's, and a colon
_HEADING = re.compile(
    rf"(?:^|(?<=[.!?;)\]»”\"]\s)|(?<=[.!?]))(?:(?:main|primary|study|trial)\s+)?(?:{_ANY})"
    rf"(?:(?:\s*(?:/|,|&|\band\b|\by\b|\be\b|\bet\b|\bund\b|\bof\b)\s*|\s+)[^\W\d_]+){{0,3}}\s*:\s+",
    re.IGNORECASE,
)
# a heading is capitalised, and a list of things that a sentence introduces is not one
_CAPITAL = re.compile(r"[^\W\d_]")
_RAISED_OR_LOWERED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉₊₋"
_IN_SCRIPT = re.compile(f"[{_RAISED_OR_LOWERED}]")
_PLAIN_SCRIPTS = str.maketrans(_RAISED_OR_LOWERED, "0123456789+-0123456789+-")
# a text without any of these has nothing that is left out: what stands between a heading's word and its colon ends no sentence
_MAY_HOLD = "|".join(
    [
        *map(re.escape, (*_MARKS_OF_SUPPLEMENTS, *_MARKS_OF_ADDRESSES, *_MARKS_OF_NOTICES)),
        f"(?i:{_ANY})[^:.;!?]*:",
        f"[{_RAISED_OR_LOWERED}]",
    ]
)


def matters(texts: Sequence[str]) -> list[str]:
    """Return what `matter` does of each text; most have nothing that is left out, which one search of all texts tells."""
    asked = pc.match_substring_regex(pa.array(texts, type=pa.large_string()), _MAY_HOLD).to_pylist()
    return [matter(text) if may_hold else text.strip() for text, may_hold in zip(texts, asked, strict=True)]


def matter(text: str) -> str:
    """Return what of a cleaned abstract speaks of its matter.

    Web addresses, notices of copyright, where a supplement is, and headings of sections are left out.

    Raised and lowered digits become plain ones, so that one substance is one word.

    Examples
    --------
    >>> matter("METHODS: We heat CO₂. RESULTS: It warms. © 2020 Elsevier Ltd. All rights reserved.")
    'We heat CO2. It warms.'
    """
    # before addresses go, by whose end the sentence is known
    if any(mark in text for mark in _MARKS_OF_SUPPLEMENTS):
        text = _SUPPLEMENT.sub("", text).rstrip()
    text = without_addresses(text)
    if any(mark in text for mark in _MARKS_OF_NOTICES):
        text = _without_notice(text)
    if ":" in text:
        text = _HEADING.sub(_unless_of_a_sentence, text)
    # most texts are plain, and translating takes longer than all the rest
    scripts = not text.isascii() and _IN_SCRIPT.search(text)
    return (text.translate(_PLAIN_SCRIPTS) if scripts else text).strip()


def without_addresses(text: str) -> str:
    """Return a cleaned text without web addresses, which name hosts and not topics."""
    # most texts hold none, and a million of them are asked several times
    for mark in _MARKS_OF_ADDRESSES:
        if mark in text:
            return " ".join(_ANY_ADDRESS.sub(" ", text).split())
    return text


def is_notice(text: str) -> bool:
    """Return whether a text is a notice of copyright and nothing else."""
    return len(text) <= _LONGEST and _NOTICE_BEGINS.match(text) is not None and not _LEADING.sub("", text).strip()


def _without_notice(text: str) -> str:
    text = _LEADING.sub("", text)
    for match in _NOTICE_BEGINS.finditer(text):
        rest = text[match.start() :]
        terms = "property of" in rest or "open access" in rest.lower() or "open-access" in rest.lower()
        if match.start() > 0 and len(rest) <= (_LONGEST_TERMS if terms else _LONGEST):
            return text[: match.start()].rstrip(" [(-–—")
    return text


def _unless_of_a_sentence(match: "re.Match[str]") -> str:
    first = _CAPITAL.search(match.group())
    return "" if first is not None and first.group().isupper() else match.group()
