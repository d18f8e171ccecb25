"""Libraries with planted twins, one paper in two databases' words, and near-twins, two papers that look like one."""

from dataclasses import dataclass, replace

import numpy as np

from analysis.corpus.evidence import Identity, sketch_of
from analysis.corpus.names import surnames
from analysis.corpus.text import title_key

_SUBJECTS = (
    "growth decay screening modelling synthesis recovery migration diagnosis erosion learning treatment perception storage sleep "
    "transport binding detection retrieval nesting pollination cooling nutrition circulation classification colouring drainage"
).split()
_OBJECTS = (
    "bees tumours glaciers proteins polymers students forests rivers neurons sediments infants batteries antibodies viruses "
    "catalysts sentences galaxies membranes farmers bridges networks enzymes pathogens crystals orchards earthquakes hospitals"
).split()
_PLACES = (
    "Peru Norway Austria Australia Iran Iraq India Kenya Chile Japan Ghana Guyana Slovenia Slovakia Niger Nigeria Texas Bavaria "
    "Catalonia Scotland Sicily Tasmania Manchuria Quebec Anatolia Bengal"
).split()
_WAYS = (
    "remote sensing|deep learning|field experiments|mass spectrometry|household surveys|random forests|"
    "molecular dynamics|"
    "citizen science|radiocarbon dating|magnetic resonance|neutron scattering|machine translation|controlled trials|graph theory"
).split("|")
_TIMES = (
    "dry winters|wet summers|early childhood|old age|high altitude|deep water|low light|crowded cities|rural districts"
).split("|")
_SURNAMES = (
    "Sørensen Wałęsa Müller García-López Okafor Novák Tanaka Ivanova Haddad Silva Larsen Mbeki Öztürk Nguyen Kowalski Rossi "
    "Dubois Andersson Weiß Fernández O'Brien MacDonald Papadopoulos Szabó Ibáñez Çelik Brînză Žižek Søgaard Löfgren"
).split()
_SYLLABLES = "ba ke li mo nu ra se ti vo wa xi yo za du fe gi".split()
_WORDS = np.array([f"{a}{b}{c}" for a in _SYLLABLES for b in _SYLLABLES for c in ("n", "rt", "ling", "s")])
_AMERICAN = (("modelling", "modeling"), ("tumours", "tumors"), ("colouring", "coloring"))
TWINS = ("plain", "capitals", "american", "slip", "preprint", "doi alone", "translated", "no authors", "retracted")
STRANGERS = ("part", "opposite", "place", "erratum", "editorial", "supplement", "wrong id", "reply", "yearly")


@dataclass(frozen=True)
class Library:
    """Records, the paper of each, and the kind of twin or stranger that each was made as; empty for an original."""

    items: list[Identity]
    paper: np.ndarray
    kinds: list[str]


def library(size: int, rng: np.random.Generator) -> Library:
    """Draw `size` records: half originals, three in ten twins of an earlier one, two in ten near-twins that are other papers."""
    items: list[Identity] = []
    papers: list[int] = []
    kinds: list[str] = []
    originals: list[int] = []
    for number in range(size):
        draw = rng.random()
        if not originals or draw < 0.5:
            originals.append(len(items))
            items.append(_original(number, rng))
            papers.append(number)
            kinds.append("")
            continue
        source = originals[int(rng.integers(len(originals)))]
        kind = str(rng.choice(TWINS if draw < 0.8 else STRANGERS))
        made = _twin(items[source], kind, rng) if draw < 0.8 else _stranger(items[source], kind, number, rng)
        items.append(made)
        papers.append(papers[source] if draw < 0.8 else number)
        kinds.append(kind)
    return Library(items, np.array(papers), kinds)


def _original(number: int, rng: np.random.Generator) -> Identity:
    def pick(words: list[str]) -> str:
        return words[int(rng.integers(len(words)))]

    title = (
        f"{pick(_SUBJECTS).capitalize()} of {pick(_OBJECTS)} and {pick(_OBJECTS)} in {pick(_PLACES)} by {pick(_WAYS)}"
    )
    title += f" under {pick(_TIMES)}" if rng.random() < 0.7 else ""
    names = [
        f"{pick(_SURNAMES)}{pick(_SYLLABLES) if rng.random() < 0.7 else ''}, {pick(list('ABCDEFG'))}."
        for _ in range(rng.integers(1, 6))
    ]
    words = _WORDS[rng.integers(len(_WORDS), size=90)].tolist()
    return _made(
        title,
        names,
        doi=f"10.5555/j.{number}" if rng.random() < 0.7 else None,
        year=int(rng.integers(2000, 2025)),
        venue=f"journal{rng.integers(300)}",
        place=f"{rng.integers(1, 60)}/{rng.integers(1, 12)}/{rng.integers(1, 900)}" if rng.random() < 0.8 else "",
        sketch=sketch_of(words) if rng.random() < 0.8 else b"",
    )


def _made(title: str, names: list[str], **facts: object) -> Identity:
    return Identity(title_key(title), title=title, surnames=surnames(names), **facts)  # type: ignore[arg-type]


def _renamed(item: Identity, title: str, **facts: object) -> Identity:
    return replace(item, key=title_key(title), title=title, **facts)  # type: ignore[arg-type]


def _twin(item: Identity, kind: str, rng: np.random.Generator) -> Identity:
    title, bare = item.title, {"doi": None if rng.random() < 0.5 else item.doi}
    if kind == "capitals":
        return _renamed(item, title.upper(), **bare)
    if kind == "american":
        for british, american in _AMERICAN:
            title = title.replace(british, american).replace(british.capitalize(), american.capitalize())
        return _renamed(item, title.replace(" and ", " & "), **bare)
    if kind == "slip":
        words = title.split()
        long = [number for number, word in enumerate(words) if len(word) > 6]
        if long:
            chosen = long[int(rng.integers(len(long)))]
            at = int(rng.integers(2, len(words[chosen]) - 3))
            words[chosen] = words[chosen][:at] + words[chosen][at + 1 :]
        return _renamed(item, " ".join(words), **bare)
    if kind == "preprint":
        year = None if item.year is None else item.year - int(rng.integers(0, 2))
        return replace(item, doi=f"10.31235/osf.io/{rng.integers(10**9)}", year=year, venue="", place="")
    if kind == "doi alone":
        return replace(item, surnames=frozenset() if item.doi else item.surnames, sketch=b"", place="")
    if kind == "translated" and item.doi:
        return _renamed(
            item,
            f"Estudio de las {' y los '.join(_OBJECTS[int(i)] + 'os' for i in rng.integers(20, size=3))}",
            sketch=b"",
        )
    if kind == "no authors":
        return replace(item, surnames=frozenset(), doi=None)
    if kind == "retracted":
        return _renamed(item, f"RETRACTED: {title}", **bare)
    return replace(item, **bare)  # type: ignore[arg-type]


def _stranger(item: Identity, kind: str, number: int, rng: np.random.Generator) -> Identity:
    """Return another paper of the same authors, year and journal, or one that shares an identifier by mistake."""
    own = {"doi": f"10.5555/s.{number}" if rng.random() < 0.3 else None, "place": f"7/7/{number % 900}x"}
    other = {
        "sketch": sketch_of(_WORDS[rng.integers(len(_WORDS), size=90)].tolist()) if rng.random() < 0.5 else b""
    } | own
    if kind == "part":
        return _renamed(item, f"{item.title}, part {rng.choice(['II', 'two', '2'])} {number}", **other)
    if kind == "opposite":
        return _renamed(item, item.title.replace(" by ", " without ", 1) + f" {number}", **other)
    if kind == "place":
        word = next((word for word in item.title.split() if word in _PLACES), "")
        elsewhere = [place for place in _PLACES if place != word]
        # the number keeps two strangers of one paper apart
        return _renamed(
            item, item.title.replace(word, f"{elsewhere[int(rng.integers(len(elsewhere)))]} {number}", 1), **other
        )
    if kind == "erratum":
        return _renamed(item, f"Erratum {number}: {item.title}", **(own | {"sketch": b""}))
    if kind == "editorial":
        return _renamed(item, "Editorial", **(other | {"venue": f"journal{number}"}))
    if kind == "supplement":
        fresh = _original(number, rng)
        return replace(fresh, doi=item.doi, venue=item.venue, year=item.year)
    if kind == "wrong id":
        return replace(_original(number, rng), doi=None, pmid=item.pmid, arxiv_id="1011.1669")
    if kind == "reply":
        return _renamed(item, f"A reply to {number}: {item.title}", **(own | {"sketch": b""}))
    year = None if item.year is None else item.year + 1
    return _renamed(item, f"Annual report {number} of {item.title}", **(own | {"year": year}))


def scores(drawn: Library, first: np.ndarray) -> dict[str, float]:
    """Return precision and recall over pairs of records, and recall by kind of twin."""
    pairs = {"both": 0, "found": 0, "true": 0}
    for groups, name in ((first, "found"), (drawn.paper, "true")):
        sizes = np.unique(groups, return_counts=True)[1].astype(np.int64)
        pairs[name] = int((sizes * (sizes - 1) // 2).sum())
    together = first.astype(np.int64) * (int(drawn.paper.max()) + 1) + drawn.paper
    sizes = np.unique(together, return_counts=True)[1].astype(np.int64)
    pairs["both"] = int((sizes * (sizes - 1) // 2).sum())
    leader = {paper: position for position, paper in reversed(list(enumerate(drawn.paper.tolist())))}
    kinds = np.array(drawn.kinds)
    found = {"precision": pairs["both"] / max(pairs["found"], 1), "recall": pairs["both"] / max(pairs["true"], 1)}
    for kind in TWINS:
        members = np.flatnonzero(kinds == kind)
        home = np.array([first[leader[drawn.paper[position]]] for position in members])
        found[kind] = float((first[members] == home).mean()) if len(members) else float("nan")
    return found
