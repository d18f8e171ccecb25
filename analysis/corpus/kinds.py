"""Types and languages of records in one vocabulary, whatever database wrote them."""

import functools
import re

from babel import Locale

_LOCALES = ("en", "es", "fr", "de", "pt", "it", "ru", "zh", "ja")
# the first pattern that a database's word holds; a record of several words takes the most telling
_TYPES: tuple[tuple[str, str], ...] = (
    ("other", r"(?:book|film|product|software) review"),
    ("retraction", r"retract|withdrawal|expression of concern"),
    ("erratum", r"errat|corrigend|correction|addend"),
    ("preprint", r"preprint|posted.?content|working paper|eprint|unpublished"),
    ("review", r"review|meta.?analysis|survey|überblick|revisión|revisao"),
    ("editorial", r"editorial|introduction|preface|foreword"),
    ("letter", r"letter|carta|\bnote\b|short communication"),
    ("comment", r"comment|reply|response|discussion|viewpoint|opinion"),
    ("chapter", r"chapter|in.?book|inbook|incollection|book.?section|\bchap\b|book part"),
    ("proceedings", r"^(?:proceedings|conference proceedings|proceedings.?volume|conference review)$"),
    (
        "conference paper",
        r"conference|proceeding|inproceedings|\bcpaper\b|\bconf\b|meeting.?abstract|symposium|presentation",
    ),
    ("thesis", r"thesis|dissertation|\bthes\b"),
    ("report", r"(?<!case[ -])report|\brprt\b|techreport"),
    ("dataset", r"data.?set|data paper|\bdata\b|database"),
    ("patent", r"patent|\bpat\b"),
    ("contents", r"table of contents|contents|index|front.?matter|back.?matter|masthead|paratext|author index|toc"),
    ("news", r"news|magazine|\bmgzn\b|biograph|obituar|interview|announcement"),
    ("book", r"\bbook\b|monograph|\bmono\b|\bbooks?\b|reference.?entry|edited.?book|libguides"),
    ("article", r"article|journal|\bjour\b|\bejour\b|\bjfull\b|research.?paper|clinical trial|\bj\b|trial|case.report"),
)
_KNOWN = tuple((name, re.compile(pattern)) for name, pattern in _TYPES)
TYPES = tuple(dict.fromkeys(name for name, _ in _TYPES))
# what a title says goes before what a database says: many list errata as articles
_TITLES: tuple[tuple[str, "re.Pattern[str]"], ...] = (
    (
        "retraction",
        re.compile(r"^\W*(?:retract(?:ion|ed)|withdrawn|withdrawal|expression of concern)\b", re.IGNORECASE),
    ),
    (
        "erratum",
        re.compile(
            r"^\W*(?:(?:author|publisher)(?:'s|s')? )?(?:(?:errat(?:um|a)|corrigend(?:um|a)|addend(?:um|a))\b\W*"
            r"(?:to\b|:|for\b|of\b|$)|correction to\b|corrections?\s*(?::|$|to\s*[:“\"'‘])|correction for\b.{1,60}\bet al\b)",
            re.IGNORECASE,
        ),
    ),
    (
        "contents",
        re.compile(
            r"^\W*(?:table of contents|contents|index|author index|subject index|front ?matter|back ?matter|"
            r"title page|cover|masthead|editorial board|list of reviewers|reviewers?|issue information|in this issue|"
            r"(?:final |first |second )?calls? for (?:papers|abstracts|submissions|participation|proposals)\b.*|"
            r"(?:acknowledge?ment|thanks) (?:to|of) (?:the )?reviewers.*|instructions (?:for|to) authors)"
            r"\W*(?:volume|vol|issue)?[\W\d]*$",
            re.IGNORECASE,
        ),
    ),
)
# what an abstract says that is a notice and nothing else, however it is called
_NOTICES: tuple[tuple[str, "re.Pattern[str]"], ...] = (
    (
        "retraction",
        re.compile(
            r"^\W*(?:this (?:article|paper) (?:has been|was) (?:retracted|withdrawn)|the (?:publisher|editors?) retract)",
            re.IGNORECASE,
        ),
    ),
    (
        "erratum",
        re.compile(
            r"^\W*(?:an? (?:amendment|correction|erratum|corrigendum|addendum) to this (?:paper|article) (?:has been|was|is) |"
            r"this corrects the article|(?:the|this) original (?:version of this )?(?:article|paper) (?:has been|was|is) "
            r"(?:corrected|revised|updated)|in the (?:original|published) (?:article|paper|version)[^.]{0,60}"
            r"(?:there was an error|incorrect))",
            re.IGNORECASE,
        ),
    ),
)
_LONGEST_NOTICE = 600
_NO_TYPE = frozenset(
    ("", "gen", "misc", "other", "unknown", "elec", "web", "webpage", "icomm", "generic", "nan", "none")
)
_OF_ONE_LETTER = {"j": "article", "b": "book", "s": "conference paper", "p": "patent", "c": "conference paper"}
# types without findings of their own, which no topic is made of unless the study says so
WITHOUT_FINDINGS = ("erratum", "retraction", "contents")


def notice_type(title: str, abstract: str) -> str | None:
    """Return what kind of notice a paper is by its title or abstract: erratum, retraction or contents; None where it is none.

    Examples
    --------
    >>> notice_type("On bees", "An amendment to this paper has been published and can be accessed via the original article.")
    'erratum'
    >>> notice_type("On bees", "We correct for drift in this paper.") is None
    True
    """
    told = next((name for name, pattern in _TITLES if pattern.match(title)), None)
    if told is not None or len(abstract) > _LONGEST_NOTICE:
        return told
    return next((name for name, pattern in _NOTICES if pattern.match(abstract)), None)


def normal_type(words: str, title: str = "") -> str | None:
    """Return a record's type: one of `TYPES`, or None where neither the database nor the title says one.

    Examples
    --------
    >>> normal_type("JOUR"), normal_type("Journal Article; Review"), normal_type("posted-content"), normal_type("")
    ('article', 'review', 'preprint', None)
    >>> normal_type("article", "Erratum to: On bees")
    'erratum'
    """
    told = next((name for name, pattern in _TITLES if pattern.match(title)), None)
    if told is not None:
        return told
    return _type_of(words)


@functools.lru_cache(maxsize=4096)
def _type_of(words: str) -> str | None:
    lowered = words.strip().lower().replace("_", " ")
    if lowered in _NO_TYPE:
        return None
    if lowered in _OF_ONE_LETTER:
        return _OF_ONE_LETTER[lowered]
    return next((name for name, pattern in _KNOWN if pattern.search(lowered)), "other")


@functools.lru_cache(maxsize=4096)
def normal_language(text: str) -> str | None:
    """Return the two-letter code of a language given by code or by name; of several the first.

    Examples
    --------
    >>> normal_language("eng"), normal_language("English; Spanish"), normal_language("pt-BR"), normal_language("Español")
    ('en', 'en', 'pt', 'es')
    """
    first = re.split(r"[;,|/]", text.strip(), maxsplit=1)[0].strip()
    if not first:
        return None
    lowered = first.casefold()
    known = _languages()
    return known.get(lowered) or known.get(re.split(r"[-_ ]", lowered)[0]) or lowered


@functools.cache
def _languages() -> dict[str, str]:
    """Return two-letter codes by code of two or three letters and by name in several languages."""
    names: dict[str, str] = {}
    for locale in _LOCALES:
        for code, name in Locale(locale).languages.items():
            if len(code) == 2:
                names.setdefault(name.casefold(), code)
    names |= {code: code for code in names.values()}
    return names | _THREE_LETTERS


_THREE_LETTERS = dict(
    pair.split(":")
    for pair in (
        "eng:en spa:es fre:fr fra:fr ger:de deu:de por:pt ita:it rus:ru chi:zh zho:zh jpn:ja kor:ko dut:nl nld:nl pol:pl cze:cs "
        "ces:cs hun:hu tur:tr swe:sv dan:da nor:no fin:fi ara:ar heb:he per:fa fas:fa gre:el ell:el ukr:uk rum:ro ron:ro bul:bg "
        "hrv:hr srp:sr slv:sl slo:sk slk:sk cat:ca ind:id may:ms msa:ms vie:vi tha:th hin:hi lit:lt lav:lv est:et ice:is isl:is "
        "geo:ka kat:ka arm:hy hye:hy baq:eu eus:eu glg:gl afr:af"
    ).split()
)
