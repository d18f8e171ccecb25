"""Identifiers of papers in one form: DOI, arXiv and PubMed ids, whatever address, query or escape they come in."""

import html
import re
from urllib.parse import unquote

# the older form of a DOI holds angle brackets: 10.1175/1520-0469(1963)020<0130:DNF>2.0.CO;2
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"{}|\\^`\ud800-\udfff]+", re.IGNORECASE)
_SICI = re.compile(r"<[^<>\s]+>")
# what a publisher's address has behind the DOI
_PAGE_OF_PUBLISHER = re.compile(
    r"(?:/(?:full(?:text)?|abstract|e?pdf|meta|summary|html?|references|suppinfo|xml|epub|download|tables|figures|text|issuetoc|"
    r"full-text|pdfft|tab-[\w-]+)|(?:\.v?\d+)?(?:\.full-text|\.full|\.abstract|\.short|\.long|\.pdf|\.html?|\.xml))+$"
)
_TRAILING = ".,;:'\"”’*"
_PAIRS = {")": "(", "]": "[", ">": "<"}
# servers that give each version of a paper a DOI, and how they write it
_VERSIONED = (
    ("10.1101/", re.compile(r"v\d+$")),
    ("10.64898/", re.compile(r"v\d+$")),
    ("10.48550/", re.compile(r"v\d+$")),
    ("10.21203/", re.compile(r"/v\d+$")),
    ("10.20944/", re.compile(r"\.v\d+$")),
    ("10.26434/", re.compile(r"[-.]v\d+$")),
    ("10.31234/", re.compile(r"_v\d+$")),
    ("10.31235/", re.compile(r"_v\d+$")),
    ("10.31219/", re.compile(r"_v\d+$")),
    ("10.36227/", re.compile(r"[./]v\d+$")),
    ("10.22541/", re.compile(r"/v\d+$")),
    ("10.1002/essoar.", re.compile(r"\.\d$")),
    ("10.12688/", re.compile(r"(?<=\d)\.(?:v)?\d{1,2}$")),
    ("10.7287/", re.compile(r"v\d+$")),
    ("10.6084/", re.compile(r"\.v\d+$")),
    ("10.7554/elife.", re.compile(r"(?<=\d{5})\.\d$")),
    ("10.2196/preprints.", re.compile(r"v\d+$")),
    ("10.33774/", re.compile(r"-v\d+$")),
    ("10.14293/", re.compile(r"\.v\d+$")),
)
_PREPRINTS = (
    "10.48550/ 10.1101/ 10.64898/ 10.21203/ 10.2139/ssrn 10.20944/ 10.31234/ 10.31219/ 10.36227/ "
    "10.26434/ 10.31235/ 10.1002/essoar "
    "10.22541/ 10.3386/w 10.31222/ 10.31223/ 10.31224/ 10.31225/ 10.31226/ 10.31228/ 10.31229/ 10.31230/ 10.31231/ 10.31232/ "
    "10.31233/ 10.31236/ 10.31237/ 10.35542/ 10.33767/ 10.33774/ 10.32942/ 10.51094/ 10.32388/ 10.14293/s2199 10.7287/ "
    "10.2196/preprints. 10.5194/egusphere- 10.1590/scielopreprints 10.12074/ 10.34055/ 10.47340/ "
    "10.17605/osf 10.31730/ 10.35543/ "
    "10.36399/ 10.3310/nihropenres 10.55458/ 10.2172/ 10.18653/preprint 10.55277/ 10.18148/srm/preprint 10.26226/"
).split()
# suffixes that templates and forms put where a DOI is still to come
_PLACEHOLDER = re.compile(
    r"^10\.\d{4,9}/(?:[x0n._/\-]+|.*x{3,}.*|.*n{4,}.*|.*\b(?:your|to be|tbd|tba)\b.*|doi|123[._]?4|1122445\.1122456"
    r"|access\.\d{4}\.doi|s\d*0{4,}-0{2,}-0+[\dx-]*)$"
)
_ARXIV = re.compile(
    r"(?:arxiv[:./ ]*(?:org/)?(?:abs/|pdf/|html/)?|^)\s*(\d{4}\.\d{4,5}|[a-z][a-z.-]+/\d{7})(?:v\d+)?(?:\.pdf)?\b",
    re.IGNORECASE,
)
_PMID = re.compile(r"^(?:https?://\S*?/)?(?:PMID:?\s*)?(\d{1,9})(?:\.0+)?/?$", re.IGNORECASE)


def normal_doi(text: str) -> str | None:
    """Return a DOI in lower case, without address, query, publisher's page and escapes; None where there is none.

    Examples
    --------
    >>> normal_doi("https://onlinelibrary.wiley.com/doi/full/10.1002/Ab.1%282%29?af=R")
    '10.1002/ab.1(2)'
    >>> normal_doi("10.1000/xxxx") is None
    True
    """
    if "10." not in text:
        return None
    whole = html.unescape(text) if "&" in text else text
    for _ in range(2):
        if "%" not in whole:
            break
        whole = unquote(whole)
    whole = re.sub(r"(?<=/)\s+", "", whole.replace("\\_", "_").replace("\u200b", "").replace("\u00ad", ""))
    match = _DOI.search(whole)
    if match is None:
        return None
    doi = match.group().lower()
    if _SICI.search(doi) is None:
        doi = re.split(r"[<>]", doi, maxsplit=1)[0]
    # a DOI seldom holds a query or an anchor, an address often does
    doi = re.split(r"[?#]|&(?=\w+=)", doi, maxsplit=1)[0]
    doi = _PAGE_OF_PUBLISHER.sub("", _trimmed(doi))
    if doi.startswith(("10.1101/", "10.64898/")):
        doi = re.sub(r"v\d+$", "", doi)
    doi = _trimmed(doi)
    return None if doi.endswith("/") or "/" not in doi or _PLACEHOLDER.match(doi) else doi


def work_doi(doi: str) -> str:
    """Return a DOI in one form without the version that preprint servers write into it: the same for all versions."""
    for prefix, version in _VERSIONED:
        if doi.startswith(prefix):
            return version.sub("", doi)
    return doi


def is_preprint(doi: str) -> bool:
    """Return whether a DOI is that of a preprint server, whose paper may have another one when published."""
    return doi.startswith(tuple(_PREPRINTS))


def normal_arxiv(text: str) -> str | None:
    """Return an arXiv id without version and prefix; None where there is none."""
    match = _ARXIV.search(text.strip())
    return match[1].lower() if match else None


def normal_pmid(text: str) -> str | None:
    """Return a PubMed id, digits alone; None where there is none."""
    match = _PMID.match(text.strip())
    return match[1].lstrip("0") or None if match else None


def arxiv_of_doi(doi: str | None) -> str | None:
    """Return the arXiv id that an arXiv DOI names; None for any other."""
    return (
        normal_arxiv(doi.removeprefix("10.48550/")) if doi is not None and doi.startswith("10.48550/arxiv.") else None
    )


def _trimmed(doi: str) -> str:
    """Return a DOI without punctuation of the sentence that it stood in: an unpaired bracket, a full stop."""
    while doi:
        last = doi[-1]
        if last in _TRAILING or (last in _PAIRS and doi.count(last) > doi.count(_PAIRS[last])):
            doi = doi[:-1]
        else:
            break
    return doi
