"""What speaks for and against two records being one paper: the rule of merging, as a table of evidence.

====================  ==========================================================  =================================
two records share     they are one paper if                                       and not if
====================  ==========================================================  =================================
a DOI, arXiv or       their titles agree or resemble each other; or authors are   one is an erratum, comment or the
PubMed id             shared within three years and pages, books and other        like and the other is not; titles
                      identifiers do not contradict                               are apart and nobody is shared
the title             nothing contradicts                                         DOIs of publishers, arXiv or PubMed
                                                                                  ids differ; more than two years
                                                                                  apart; nobody shared; abstracts
                                                                                  differ and authors are unknown
the title of many     abstract, or journal with volume and page, agree            all else ("Editorial")
nearly the title      only spelling differs, and someone is shared, or the year   a word that carries meaning differs
                      where authors are unknown                                   (numerals, "with" and "without")
nearly the title, by  abstracts agree, or journal, volume and page; without       all else
a slip or at its end  abstracts the year, and an author or the journal
====================  ==========================================================  =================================
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from analysis.corpus.identifiers import is_preprint, work_doi
from analysis.corpus.title_words import FLAGGED, Title, holds, relation, resembles, translated

# a preprint appears up to so many years before its publication; an identifier is trusted a little further
_YEARS_APART, _YEARS_APART_BY_IDENTIFIER = 2, 3
# words of an abstract that are kept, by their hashes, and how many of them agree in one abstract and in two
_SKETCH = 24
_EQUAL, _AGREE, _AGREE_BY_IDENTIFIER, _DIFFER = 0.9, 0.6, 0.5, 0.15
# a title of fewer letters is shared by strangers
_SHORT_TITLE = 20


@dataclass(frozen=True)
class Identity:
    """What tells a paper from others.

    Attributes
    ----------
    key : str
        Title key; see `analysis.corpus.text.title_key`.
    doi, arxiv_id, pmid : str or None
        In one form.
    year : int or None
    surnames : frozenset of str
        See `analysis.corpus.names.surnames`; empty where authors are unknown.
    title : str
        As it is written.
    venue : str
        Folded; empty where unknown.
    place : str
        Volume, issue and first page, joined by slashes; empty where unknown.
    type : str or None
        See `analysis.corpus.kinds`.
    sketch : bytes
        Of the abstract; see `sketch_of`.
    """

    key: str
    doi: str | None = None
    arxiv_id: str | None = None
    pmid: str | None = None
    year: int | None = None
    surnames: frozenset[str] = frozenset()
    title: str = ""
    venue: str = ""
    place: str = ""
    type: str | None = None
    sketch: bytes = b""

    @cached_property
    def words(self) -> Title:
        """The title as it is compared."""
        return Title.of(self.title or self.key)

    @property
    def compared_key(self) -> str:
        """The letters of the title as it is compared, without a flag such as "RETRACTED:"."""
        return "".join(self.words.words) if self.key.startswith(FLAGGED) else self.key


@dataclass
class Cluster:
    """What a group of records knows together; DOIs are of publishers, without versions."""

    dois: set[str] = field(default_factory=set)
    arxiv_ids: set[str] = field(default_factory=set)
    pmids: set[str] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    surnames: set[str] = field(default_factory=set)
    venues: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    sketches: list[bytes] = field(default_factory=list)

    @classmethod
    def of(cls, item: Identity) -> "Cluster":
        """Return the group of one record."""
        # PubMed numbers a preprint apart from its publication
        preprint = item.type == "preprint" or (item.doi is not None and is_preprint(item.doi))
        return cls(
            {work_doi(item.doi)} if item.doi and not is_preprint(item.doi) else set(),
            {item.arxiv_id} if item.arxiv_id else set(),
            {item.pmid} if item.pmid and not preprint else set(),
            {item.year} if item.year else set(),
            set(item.surnames),
            {item.venue} if item.venue else set(),
            {item.place} if item.place.strip("/") else set(),
            [item.sketch] if item.sketch else [],
        )

    def take(self, other: "Cluster") -> None:
        """Add what another group knows."""
        for name in ("dois", "arxiv_ids", "pmids", "years", "surnames", "venues", "places"):
            getattr(self, name).update(getattr(other, name))
        if len(self.sketches) < 4:
            self.sketches.extend(other.sketches[: 4 - len(self.sketches)])


@dataclass(frozen=True)
class Judgement:
    """Whether two records are one paper, why, how doubtful that is (0-1), and the evidence in words."""

    joined: bool
    reason: str = ""
    doubt: float = 0.0
    evidence: str = ""


@dataclass(frozen=True)
class Comparison:
    """Two groups, and what they share, differ in, and leave unknown."""

    one: Cluster
    other: Cluster

    @cached_property
    def authors(self) -> int | None:
        """Surnames in common; None where one group knows none."""
        if not self.one.surnames or not self.other.surnames:
            return None
        return len(self.one.surnames & self.other.surnames)

    @property
    def most_authors(self) -> bool:
        """Whether at least half of the fewer surnames are shared."""
        return bool(self.authors) and 2 * (self.authors or 0) >= min(len(self.one.surnames), len(self.other.surnames))

    @cached_property
    def years(self) -> int | None:
        """Years between the groups; None where one knows none."""
        pairs = [abs(mine - theirs) for mine in self.one.years for theirs in self.other.years]
        return min(pairs) if pairs else None

    @cached_property
    def identifiers(self) -> str:
        """The kind of identifier that contradicts; empty where none does."""
        for name, label in (("dois", "DOIs"), ("arxiv_ids", "arXiv ids"), ("pmids", "PubMed ids")):
            mine, theirs = getattr(self.one, name), getattr(self.other, name)
            if mine and theirs and mine.isdisjoint(theirs):
                return label
        return ""

    @cached_property
    def abstracts(self) -> float | None:
        """How alike the most alike abstracts are, 0 to 1; None where one group has none."""
        pairs = [_alike(mine, theirs) for mine in self.one.sketches for theirs in self.other.sketches]
        return max(pairs) if pairs else None

    @property
    def same_venue(self) -> bool:
        """Whether both name one journal."""
        return bool(self.one.venues & self.other.venues)

    @property
    def same_place(self) -> bool:
        """Whether both name the same volume and page."""
        return any(
            place.rpartition("/")[2] and place.partition("/")[0] for place in self.one.places & self.other.places
        )

    @property
    def other_place(self) -> bool:
        """Whether pages are known and differ."""
        mine, theirs = ({place.rpartition("/")[2] for place in group.places} - {""} for group in (self.one, self.other))
        return bool(mine and theirs and mine.isdisjoint(theirs))

    def told(self, *extra: str) -> str:
        """Return the evidence in words."""
        known = [
            *extra,
            {None: "", 0: "no author shared"}.get(self.authors, f"{self.authors} surname(s) shared"),
            {None: "", 0: "the same year"}.get(self.years, f"{self.years} year(s) apart"),
            f"{self.identifiers} differ" if self.identifiers else "",
            "" if self.abstracts is None else f"abstracts {self.abstracts:.0%} alike",
            "the same volume and page" if self.same_place else "pages differ" if self.other_place else "",
        ]
        return ", ".join(part for part in known if part)


def by_identifier(one: Identity, other: Identity, compared: Comparison, label: str) -> Judgement:
    """Judge two records that share an identifier."""
    reason = f"the same {label}"
    kinds = {one.words.kind, other.words.kind}
    held = holds(one.words, other.words) and bool(compared.authors or compared.same_place)
    if len(kinds) > 1 and (kinds & {"erratum", "retraction"} or not held):
        return Judgement(False, reason, evidence=compared.told("one is an erratum, comment or preface"))
    related = relation(one.words, other.words)
    if related != "apart":
        doubt = {"same": 0.0, "spelling": 0.03, "slip": 0.08, "longer": 0.1}[related] + (
            0.2 if compared.authors == 0 else 0
        )
        if one.words.serial and compared.other_place:
            return Judgement(False, reason, evidence=compared.told("a title of many papers"))
        return Judgement(True, reason, doubt + _unsure(compared), compared.told(f"titles: {related}"))
    return _in_other_words(one, other, compared, label, held)


def _in_other_words(one: Identity, other: Identity, compared: Comparison, label: str, held: bool) -> Judgement:
    """Judge two records that share an identifier and whose titles differ: retitled, translated, or parts of one volume."""
    reason, alike = f"the same {label}", compared.abstracts
    shared = compared.most_authors and (compared.years or 0) <= _YEARS_APART_BY_IDENTIFIER
    agree = alike is not None and alike >= _AGREE_BY_IDENTIFIER
    differ = compared.other_place or (alike is not None and alike <= _DIFFER)
    if resembles(one.words, other.words) and not differ and (shared or agree or compared.authors is None):
        return Judgement(True, reason, 0.2 + _unsure(compared), compared.told("titles resemble each other"))
    if compared.identifiers and not label.startswith("DOI"):
        # of a title that differs and a DOI that differs, one identifier in common is the error
        return Judgement(False, reason, evidence=compared.told("titles differ"))
    if agree or held or (shared and compared.same_place):
        return Judgement(True, reason, 0.3 + _unsure(compared), compared.told("titles differ"))
    other_tongue = translated(one.words, other.words)
    apart = (
        (compared.other_place and not other_tongue)
        or (alike is not None and not other_tongue)
        or bool({one.type, other.type} & {"book", "chapter", "proceedings"})
        or _numbered(one, other)
    )
    if shared and not apart:
        return Judgement(True, reason, 0.5 + _unsure(compared), compared.told("titles differ"))
    return Judgement(False, reason, evidence=compared.told("titles differ"))


def by_title(one: Identity, other: Identity, compared: Comparison) -> Judgement:
    """Judge two records of one title."""
    if compared.identifiers or one.words.kind != other.words.kind or _strangers(compared, _YEARS_APART):
        return Judgement(False)
    alike, years = compared.abstracts, compared.years
    if one.words.serial or other.words.serial:
        if (alike is not None and alike >= _AGREE) or (compared.same_venue and compared.same_place):
            return Judgement(True, "the same title", 0.3, compared.told("a title of many papers"))
        unknown = alike is None and not compared.other_place and not (compared.one.places and compared.other.places)
        if unknown and bool(compared.authors) and years == 0 and not _other_venue(compared):
            return Judgement(True, "the same title", 0.6, compared.told("a title of many papers"))
        return Judgement(False)
    if one.words.yearly and years != 0:
        return Judgement(False)
    if compared.authors is None:
        differ = alike is not None and alike <= _DIFFER
        short = len(one.key) < _SHORT_TITLE and not (years == 0 or (alike is not None and alike >= _AGREE))
        if differ or short:
            return Judgement(False)
    return Judgement(True, "the same title", 0.05 + _unsure(compared), compared.told())


def by_likeness(one: Identity, other: Identity, compared: Comparison) -> Judgement:
    """Judge two records of nearly one title."""
    related = relation(one.words, other.words)
    if (
        related == "apart"
        or compared.identifiers
        or one.words.kind != other.words.kind
        or one.words.serial
        or other.words.serial
    ):
        return Judgement(False)
    if _strangers(compared, _YEARS_APART) or (one.words.yearly and compared.years != 0):
        return Judgement(False)
    known = bool(compared.authors) or (compared.authors is None and compared.years == 0)
    alike = compared.abstracts
    if not known or (alike is not None and alike <= _DIFFER and not compared.same_place):
        return Judgement(False)
    reason = "nearly the same title"
    if related in ("same", "spelling"):
        return Judgement(True, reason, 0.15 + _unsure(compared), compared.told("spelling differs"))
    agree = (alike is not None and alike >= _AGREE) or (compared.same_place and compared.same_venue)
    if agree:
        return Judgement(True, reason, 0.25 + _unsure(compared), compared.told(f"titles: {related}"))
    if alike is not None or compared.years != 0 or compared.other_place or _other_venue(compared):
        return Judgement(False)
    # without abstracts: for a title that goes on, or unknown authors, the journal must speak, too
    witnesses = (compared.authors or 0) + compared.same_venue
    if witnesses >= (3 if related == "longer" else 1):
        return Judgement(True, reason, 0.45 + _unsure(compared), compared.told(f"titles: {related}"))
    return Judgement(False)


def sketch_of(words: Iterable[str]) -> bytes:
    """Return the least hashes of a text's words, by which two abstracts are compared without being kept; empty for few words."""
    distinct = set(words)
    if len(distinct) < 12:
        return b""
    # the same in every process, which Python's own hash is not
    hashed = sorted(map(zlib.crc32, map(str.encode, distinct)))[:_SKETCH]
    return np.array(hashed, dtype=np.uint32).tobytes()


def _alike(one: bytes, other: bytes) -> float:
    """Return the Jaccard index of two sets of words, estimated from their least hashes (Broder, 1997)."""
    # a few dozen numbers: faster in sets than in arrays
    mine, theirs = (set(memoryview(sketch).cast("I")) for sketch in (one, other))
    least = sorted(mine | theirs)[: min(len(mine), len(theirs))]
    return len(mine & theirs & set(least)) / len(least)


def _strangers(compared: Comparison, years: int) -> bool:
    """Return whether nobody is shared, or too many years lie between."""
    return compared.authors == 0 or (compared.years is not None and compared.years > years)


def _other_venue(compared: Comparison) -> bool:
    return bool(compared.one.venues and compared.other.venues and not compared.same_venue)


def _numbered(one: Identity, other: Identity) -> bool:
    """Return whether two titles differ as the parts of a series do: they resemble each other but for a numeral."""
    mine, theirs = (set(item.words.words) for item in (one, other))
    return len(mine & theirs) >= 0.7 * min(len(mine), len(theirs))


def _unsure(compared: Comparison) -> float:
    """Return what unknown authors, years between and unlike abstracts add to a doubt."""
    if compared.abstracts is not None and compared.abstracts >= _EQUAL:
        # one abstract leaves little to ask
        return 0.05 * (compared.years or 0)
    doubt = 0.15 if compared.authors is None else 0.0
    doubt += 0.05 * (compared.years or 0) if compared.years is not None else 0.1
    if compared.abstracts is not None:
        doubt += 0.2 if compared.abstracts <= _DIFFER else -0.05 if compared.abstracts >= _AGREE else 0.0
    return max(doubt, 0.0)
