"""Markup of web pages and journals to plain text: HTML, JATS and MathML, also where it was escaped once or twice."""

import html
import re

from analysis.corpus.latex import math_text

# tags that stand between words; all others stand inside them and leave nothing behind
_BLOCKS = frozenset(
    "p br div li ul ol dl dt dd h1 h2 h3 h4 h5 h6 hr table tr td th thead tbody tfoot caption blockquote pre section article "
    "sec title list list-item def-list def-item abstract abstracttext disp-formula disp-quote para label break center "
    "simplesect statement boxed-text fig table-wrap".split()
)
_INLINE = frozenset(
    "a abbr acronym address b bdi bdo big bold cite code del dfn em font i img inf ins italic kbd mark monospace named-content "
    "nobr overline q roman s samp sans-serif sc small span strike strong styled-content sub sup tt u underline var wbr "
    "ext-link email uri xref inline-formula inline-graphic alternatives tex-math fn sec-title math semantics annotation "
    "annotation-xml mi mn mo ms mtext mrow msub msup msubsup mfrac msqrt mroot mover munder munderover mtable mtr mtd mfenced "
    "mstyle mspace mpadded mphantom menclose merror mmultiscripts mprescripts none maction jats-math".split()
)
# one letter between angle brackets may be a variable; it is a tag where it is closed again
_LETTERS = frozenset("abipqsu")
_ATTRIBUTE = r"(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+))"
_TAG = re.compile(rf"<(?P<close>/?)(?P<name>(?:[a-zA-Z]{{2,8}}:)?[a-zA-Z][\w-]*){_ATTRIBUTE}*\s*/?>")
_COMMENT = re.compile(r"<!--.*?-->|<!\[CDATA\[|\]\]>|<\?[\w-]+[^<>]*\?>", re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# a formula's other forms, beside the one that is read
_ANNOTATION = re.compile(
    r"<(?P<name>(?:\w+:)?annotation(?:-xml)?)\b[^<>]*>.*?</(?P=name)\s*>", re.DOTALL | re.IGNORECASE
)
_MATH = re.compile(r"<(?P<name>(?:\w+:)?math)\b[^<>]*>(?P<inner>.*?)</(?P=name)\s*>", re.DOTALL | re.IGNORECASE)
_FORMULA = re.compile(
    r"<(?P<name>(?:\w+:)?(?:inline-formula|disp-formula|alternatives))\b[^<>]*>(?P<inner>.*?)</(?P=name)\s*>",
    re.DOTALL | re.IGNORECASE,
)
_TEX = re.compile(r"<(?P<name>(?:\w+:)?tex-math)\b[^<>]*>(?P<inner>.*?)</(?P=name)\s*>", re.DOTALL | re.IGNORECASE)
_DOCUMENT = re.compile(r"\\documentclass.*?\\begin\{document\}(?P<inner>.*?)\\end\{document\}", re.DOTALL)
_MOST_ESCAPES = 3


def plain_text(text: str) -> str:
    """Return a text without markup and entities; an angle bracket that begins no known tag is text.

    A subscript or an emphasis inside a word leaves the word whole, a paragraph or a list item stands apart.

    Examples
    --------
    >>> plain_text("CO<sub>2</sub> at p &lt; 0.05, if k <n holds and q> 10")
    'CO2 at p < 0.05, if k <n holds and q> 10'
    """
    if "\\documentclass" in text:
        text = _DOCUMENT.sub(_typeset, text)
    for _ in range(_MOST_ESCAPES):
        before = text
        if "<" in text:
            text = _without_tags(text)
        if "&" in text:
            text = _ENTITY.sub(lambda match: html.unescape(match.group()), text)
        if text == before:
            break
    return text


def _without_tags(text: str) -> str:
    if "math" in text.lower():
        text = _FORMULA.sub(_one_form, text)
        text = _ANNOTATION.sub("", text)
        text = _MATH.sub(lambda match: "".join(_TAG.sub("", match["inner"]).split()), text)
        text = _TEX.sub(lambda match: math_text(_formula_of(match["inner"])), text)
    text = _COMMENT.sub(" ", text)
    tags = [(match["name"].lower(), bool(match["close"])) for match in _TAG.finditer(text)]
    # what is closed, or stands there twice as paragraphs of old pages do, is a tag
    closed = {name for name, closes in tags if closes} | {name for name, _ in tags if tags.count(("p", False)) > 1}
    return _TAG.sub(lambda match: _left_by(match, closed), text)


def _left_by(match: "re.Match[str]", closed: set[str]) -> str:
    """Return what a tag leaves behind: nothing inside a word, a space between words, itself where it is no tag."""
    whole = match["name"].lower()
    prefix, _, name = whole.rpartition(":")
    if name in _BLOCKS:
        alone = name == "p" and not match["close"] and whole not in closed and not _begins_anew(match)
        return match.group() if alone else " "
    if name in _LETTERS and whole not in closed:
        return match.group()
    if name in _INLINE or prefix in ("jats", "mml", "m", "ce", "sb"):
        return ""
    return match.group()


def _begins_anew(match: "re.Match[str]") -> bool:
    """Return whether what stands before a tag ends a sentence or nothing does, so that a paragraph may begin."""
    ahead = match.string[: match.start()].rstrip()
    return not ahead or ahead[-1] in ".!?:;>" or match.string[match.start() - 1].isspace()


def _one_form(match: "re.Match[str]") -> str:
    """Return a formula in one of the forms that it is given in: MathML before TeX."""
    inner = match["inner"]
    if _MATH.search(inner) is not None:
        inner = _TEX.sub("", inner)
    return f" {inner} " if "disp-formula" in match["name"].lower() else inner


def _typeset(match: "re.Match[str]") -> str:
    r"""Return a formula that stands as a whole LaTeX document; Springer's follow the same formula in plain letters."""
    before = match.string[: match.start()]
    if before and not before[-1].isspace():
        return ""
    return math_text(_formula_of(match["inner"]))


def _formula_of(tex: str) -> str:
    document = _DOCUMENT.search(tex)
    return (document["inner"] if document is not None else tex).strip().strip("$").strip()
