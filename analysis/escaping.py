"""One escaping for each language that results are written in; every writer uses these.

Texts come from exports, settings and file names of strangers. What is escaped here reads as it was written, and does
nothing: no command, no markup, no formula, no control of the terminal.
"""

import functools
import html
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    # the command's own messages are escaped, too, and should not wait for heavy packages
    import pandas as pd

# control characters, overrides of the direction of writing, and code points that are no characters
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
    "|[\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe\U0003ffff\U0010fffe\U0010ffff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
# what may stand in a URL as it is: RFC 3986, and a % that begins an escape
_IN_URLS = "-._~:/?#[]@!$&'()*+,;=%"
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# characters of Markdown and of the HTML in it
_MARKDOWN = re.compile(r"[\\`*_\[\]<>|#$~^]")
_ENTITY = re.compile(r"&(?=#?\w+;)")
# letters that the encoder knows by commands of other fonts, or not at all
_CYRILLIC, _ACCENTED = re.compile("[\u0400-\u052f]"), re.compile("[\u01cd-\u0233\u1e00-\u1eff]")
_ACCENTS = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "=",
    "\u0306": "u",
    "\u0307": ".",
    "\u0308": '"',
    "\u030a": "r",
    "\u030b": "H",
    "\u030c": "v",
    "\u0323": "d",
    "\u0327": "c",
    "\u0328": "k",
    "\u0331": "b",
}
_KEY = re.compile(r"[^A-Za-z0-9_.:-]")


# the signs that XML 1.0 leaves out of its texts
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def one_line(text: object) -> str:
    r"""Return a text without control characters and overrides of direction, its white space single spaces.

    Examples
    --------
    >>> one_line("a\x1b[31mb\n\u202ec")
    'a[31mb c'
    """
    shown = str(text)
    if shown.isprintable():
        # the only white space left is the space
        return " ".join(shown.split()) if "  " in shown else shown.strip()
    return " ".join(_UNPRINTABLE.sub("", _SURROGATE.sub("\ufffd", shown)).split())


def latex_text(text: object) -> str:
    r"""Return a text for LaTeX: every special character escaped, accents, stacked ones too, and symbols as commands.

    A character that LaTeX has no command for (another script, an emoji) stays as it is: lualatex and xelatex print it, and
    `beyond_latex` finds it.

    Examples
    --------
    >>> latex_text("50 % of {x}")
    '50 \\% of \\{x\\}'
    >>> latex_text("Nguyễn"), latex_text("王")
    ('Nguy\\~{\\^{e}}n', '王')
    """
    return str(_encoder().unicode_to_latex(one_line(text)))


def beyond_latex(latex: str) -> list[str]:
    """Return the characters of a text made by `latex_text` that pdflatex cannot print, each once, sorted."""
    return sorted({char for char in latex if not char.isascii()})


def url_text(text: object) -> str:
    r"""Return a URL in which what URLs may not hold is percent-encoded; it has neither braces nor backslashes.

    Examples
    --------
    >>> url_text("https://x.org/}, note={\\input{/etc/passwd}")
    'https://x.org/%7D,%20note=%7B%5Cinput%7B/etc/passwd%7D'
    """
    return quote(_LONE_PERCENT.sub("%25", one_line(text)), safe=_IN_URLS)


def identifier_text(text: object) -> str:
    """Return an identifier, such as a DOI, in which braces, backslashes and white space are percent-encoded."""
    return "".join(quote(char) if char in "{}\\ " else char for char in one_line(text))


def bibtex_text(text: object) -> str:
    """Return a text for a BibTeX field, where braces count in pairs even behind a backslash."""
    return latex_text(text).replace("\\{", "\\textbraceleft{}").replace("\\}", "\\textbraceright{}")


def bibtex_key(text: object) -> str:
    """Return a text as part of an entry's key: other characters than letters, digits and _.:- as their code."""
    return _KEY.sub(lambda match: f"-{ord(match.group()):x}-", one_line(text))


def html_text(text: object) -> str:
    """Return a text for HTML and XML, in elements and in quoted attributes."""
    return html.escape(one_line(text), quote=True)


def markdown_text(text: object) -> str:
    """Return a text so that Markdown, and HTML made from it, shows it as it is."""
    return _ENTITY.sub("&amp;", _MARKDOWN.sub(lambda match: f"\\{match.group()}", one_line(text)))


def figure_text(text: object) -> str:
    """Return a text for plotly, which reads a few HTML tags and draws SVG."""
    return html.escape(one_line(text), quote=False)


def csv_cell(text: str) -> str:
    """Return a text as a cell that a spreadsheet shows and does not run: what looks like a formula gets an apostrophe.

    What looks so treated already gets one more, so that reading can take one away.
    """
    return f"'{text}" if text.lstrip("'")[:1] in _FORMULA else text


def csv_text(frame: "pd.DataFrame", *, index: bool = False) -> str:
    """Return a table as CSV whose texts, names of rows and columns among them, no spreadsheet runs."""
    import pandas as pd

    safe = frame.copy(deep=False)
    for position, name in enumerate(frame.columns):
        if not pd.api.types.is_numeric_dtype(frame[name]) and not pd.api.types.is_datetime64_any_dtype(frame[name]):
            safe.isetitem(position, frame[name].map(_cell))
    safe.columns = [_cell(name) for name in frame.columns]
    if index and not pd.api.types.is_numeric_dtype(frame.index.dtype):
        safe.index = pd.Index([_cell(name) for name in frame.index], name=frame.index.name)
    return str(safe.to_csv(index=index))


def xml_text(text: object) -> str:
    """Return `text` without the signs that XML cannot hold, such as most control characters; each becomes a blank."""
    return _NOT_XML.sub(" ", str(text))


def terminal_text(text: object) -> str:
    """Return a text for the terminal: no escape sequences, no line breaks, nothing that turns the writing around."""
    return one_line(text)


@functools.cache
def _encoder() -> Any:
    from pylatexenc.latexencode import RULE_CALLABLE, UnicodeToLatexConversionRule, UnicodeToLatexEncoder

    own = UnicodeToLatexConversionRule(RULE_CALLABLE, _latex_letter)
    return UnicodeToLatexEncoder(
        conversion_rules=[own, "defaults"], unknown_char_policy="keep", unknown_char_warning=False
    )


def _latex_letter(text: str, position: int) -> tuple[int, str] | None:
    """Return a letter with stacked accents as commands, and one of Cyrillic as it is: its commands need fonts of their own."""
    char = text[position]
    if _CYRILLIC.match(char):
        return 1, char
    if not _ACCENTED.match(char):
        return None
    parts = unicodedata.normalize("NFD", char)
    base, marks = parts[0], parts[1:]
    if not base.isascii() or not all(mark in _ACCENTS for mark in marks):
        return None
    for mark in marks:
        base = f"\\{_ACCENTS[mark]}{{{base}}}"
    return 1, base


def _cell(value: object) -> object:
    return csv_cell(one_line(value)) if isinstance(value, str) else value


def toml_text(text: str) -> str:
    r"""Return a text as a TOML string, quotation marks included.

    Examples
    --------
    >>> print(toml_text('a "b" \\ c'))
    "a \"b\" \\ c"
    """
    # JSON's escapes are TOML's; TOML also asks for that of DEL
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
