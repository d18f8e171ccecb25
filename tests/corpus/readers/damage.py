"""Exports damaged at random, and an independent count of what they hold."""

import random
import re

# what begins a record, counted without any reader
COUNTED = {
    "ris": re.compile(r"^TY {1,2}- ", re.MULTILINE),
    "web_of_science": re.compile(r"^PT [A-Z]\s*$", re.MULTILINE),
    "medline": re.compile(r"^PMID- ", re.MULTILINE),
    "bibtex": re.compile(r"^[ \t]*@?(?:article|inproceedings|misc|book)\s*[{(]", re.MULTILINE),
    "endnote": re.compile(r"^%0 ", re.MULTILINE),
}
# a title on a line of its own, whole
TITLED = {
    "ris": re.compile(r"^T[I1] {1,2}- (.+)$", re.MULTILINE),
    "web_of_science": re.compile(r"^TI (.+(?:\n   .+)*)$", re.MULTILINE),
    "medline": re.compile(r"^TI  - (.+(?:\n      .+)*)$", re.MULTILINE),
    "bibtex": re.compile(r"^[ \t]*title = \{([^{}]+)\},$", re.MULTILINE),
    "endnote": re.compile(r"^%T (.+)$", re.MULTILINE),
}
_STRANGE = '\x00\r\t"{}@%<>&\\|;,éß€漢🧠\u2028 \n'


def lost_in_silence(name: str, text: str, titles: list[str], told: bool) -> str:
    """Return what of a damaged file neither stands among the titles that were read nor was told of; empty where nothing is."""
    if told:
        return ""
    counted = len(COUNTED[name].findall(text))
    if len(titles) < counted:
        return f"{counted} records, {len(titles)} read"
    read = {"".join(filter(str.isalnum, title)).casefold() for title in titles}
    for title in TITLED[name].findall(text):
        letters = "".join(filter(str.isalnum, title)).casefold()
        if letters and not any(letters[:20] in one for one in read):
            return f"the title {title!r}"
    return ""


def damaged(text: str, rng: random.Random) -> str:
    """Return a text with one to four faults: lines or letters lost, doubled, changed, or the end cut off."""
    for _ in range(rng.randint(1, 4)):
        kind = rng.randrange(7)
        at = rng.randrange(max(len(text), 1))
        if kind == 0:
            text = text[:at] + text[at + rng.randint(1, 3) :]
        elif kind == 1:
            text = text[:at] + rng.choice(_STRANGE) + text[at:]
        elif kind == 2:
            text = text[:at]
        elif kind in (3, 4):
            lines = text.split("\n")
            number = rng.randrange(len(lines))
            lines[number : number + 1] = [] if kind == 3 else [lines[number]] * 2
            text = "\n".join(lines)
        elif kind == 5:
            text = text[:at] + text[at : at + 40].upper() + text[at + 40 :]
        else:
            text = text[:at] + text[at:].replace("\n\n", "\n", 1)
    return text
