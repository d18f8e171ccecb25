"""Cleaning of titles and abstracts, and the key under which titles are compared."""

import re
import unicodedata

from analysis.escaping import one_line
from analysis.validation import whole_text

_COMMANDS_WITH_TEXT = re.compile(
    r"\\(?:textbf|textit|texttt|textsc|textrm|emph|underline|mathbf|mathrm|text)\s*\{([^{}]*)\}"
)
_HREF = re.compile(r"\\?href\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_COLOURED = re.compile(r"\\?(?:textcolor\s*\{[^{}]*\}|\b(?:blue|red|magenta|cyan|purple|green|orange))\s*\{([^{}]*)\}")
_URL = re.compile(r"\\?url\s*\{\s*([^{}]*?)\s*\}")
_BRACED_ADDRESS = re.compile(r"\{\s*(https?://[^\s{}]+)\s*(?:\{[^{}]*\})?\s*\}")
_ADDRESS_TAIL = re.compile(r"(https?://[^\s{}]+)\}?\{[^{}]*(?:\}|$)")
_ESCAPED = re.compile(r"\\([&%$#_{}])")
_SYMBOLS = {r"\pm": "±", r"\times": "×", r"\sim": "~", r"\approx": "≈", r"\leq": "≤", r"\geq": "≥", r"\mu": "µ"}
_SYMBOL = re.compile("|".join(re.escape(name) + r"(?![A-Za-z])" for name in _SYMBOLS))
# what databases write where they have no abstract
_NO_ABSTRACT = re.compile(
    r"^\W*(?:no abstract(?: available| is available.*)?|abstract not available|n/?a|none|null|nan)?\W*$", re.IGNORECASE
)
_MARKS_OF_ADDRESSES = ("://", "www.", "github.com/", "huggingface.co/")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ANY_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b(?:github\.com|huggingface\.co)/\S+")


def clean_text(text: str) -> str:
    r"""Undo what LaTeX and web pages leave in titles and abstracts; the wording stays.

    Escapes (``\&``), ``\url{...}`` and ``\href`` remnants, colour and font commands,
    control characters and overrides of direction go; runs of white space become one space; half a character becomes U+FFFD.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        The same text in plain Unicode (NFC), stripped.
    """
    text = _CONTROL.sub(" ", unicodedata.normalize("NFC", whole_text(text)))
    text = _HREF.sub(r"\2 (\1)", text)
    text = _URL.sub(r"\1", text)
    text = _COMMANDS_WITH_TEXT.sub(r"\1", text)
    text = _COLOURED.sub(r"\1", text)
    text = _ADDRESS_TAIL.sub(r"\1", _BRACED_ADDRESS.sub(r"\1", text))
    text = _SYMBOL.sub(lambda match: _SYMBOLS[match.group()], text)
    text = _ESCAPED.sub(r"\1", text)
    return one_line(text)


def without_addresses(text: str) -> str:
    """Return a cleaned text without web addresses, which name hosts and not topics."""
    # most texts hold none, and a million of them are asked several times
    for mark in _MARKS_OF_ADDRESSES:
        if mark in text:
            return " ".join(_ANY_ADDRESS.sub(" ", text).split())
    return text


def is_abstract(text: str) -> bool:
    """Return whether `text` says something: it is not empty, and not a database's word for an abstract that it lacks."""
    return _NO_ABSTRACT.match(text) is None


def title_key(title: str) -> str:
    """Return the form under which two titles are the same title.

    Letters and digits of every script, compatibility-folded and without case or accents;
    punctuation and white space do not count. A title of punctuation alone keeps its text.
    """
    folded = unicodedata.normalize("NFKD", clean_text(title)).casefold()
    kept = "".join(char for char in folded if char.isalnum())
    return kept or folded.strip()
