"""Cleaning of titles and abstracts, and the key under which titles are compared."""

import re
import unicodedata

from analysis.corpus.boilerplate import is_notice
from analysis.corpus.latex import holds_latex, latex_to_text
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
# marks that a program has escaped, which LaTeX would read as accents: \"as it is\", don\'t, patients\' wishes
_QUOTED = re.compile(r"(?<![^\s(\[])\\([\"'])(?=\w)([^\"'\\]{1,200})\\\1(?!\w)")
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])\\'(?=(?:s|t|d|m|re|ve|ll)\b|\s|$)")
_ESCAPED = re.compile(r"\\([&%$#_{}])")
_SYMBOLS = {r"\pm": "±", r"\times": "×", r"\sim": "~", r"\approx": "≈", r"\leq": "≤", r"\geq": "≥", r"\mu": "µ"}
_SYMBOL = re.compile("|".join(re.escape(name) + r"(?![A-Za-z])" for name in _SYMBOLS))
# what databases write where they have no abstract, in the languages of the databases
_NO_ABSTRACT = re.compile(
    r"""^\W*(?:
    (?:there\ is\ |has\ |with(?:out)?\ |contains\ )?(?:no|without)\ (?:abstract|summary)s?
        (?:\ (?:is\ |was\ |were\ )?(?:available|provided|supplied|found|given|included|present|submitted|recorded))?
        (?:\ (?:for|of|in|with|on|from)\ (?:this|the)\ [\w\ ]{1,30})?
    |(?:this|the)\ (?:article|paper|item|record|document|content|publication|entry)\ (?:has|contains|does\ not\ have|is\ without)
        \ (?:no|an|any)?\ ?abstract
    |(?:an?\ |the\ )?(?:abstract|summary)\ (?:is\ |was\ )?(?:not|un)\ ?
        (?:available|provided|included|found|supplied|given)[\w\ ]{0,40}
    |(?:not|un)\ ?(?:available|applicable|provided)|n/?\.?a|none|null|nan|nil|unknown|missing|abstract|summary|tba|tbd
    |(?:to\ be\ (?:added|announced))|figure\W+see\ text|see\ (?:text|pdf|full\ text|article)
    |(?:no\ hay|sin|no\ tiene)\ resumen(?:\ disponible)?|resumen\ no\ disponible|no\ disponible|resumen
    |sem\ resumo(?:\ dispon[ií]vel)?|resumo\ (?:n[aã]o\ dispon[ií]vel|indispon[ií]vel)|n[aã]o\ dispon[ií]vel|resumo
    |(?:pas\ de|sans|aucun)\ r[ée]sum[ée](?:\ disponible)?|r[ée]sum[ée]\ (?:non|in)\ ?disponible|non\ disponible|r[ée]sum[ée]
    |(?:kein|ohne)e?\ (?:abstract|zusammenfassung)(?:\ (?:verf[üu]e?gbar|vorhanden))?|nicht\ verf[üu]e?gbar|zusammenfassung
    |(?:nessun|senza)\ (?:abstract|riassunto)|(?:abstract|riassunto)\ non\ disponibile|riassunto
    |(?:нет|без)\ аннотации|аннотация\ (?:отсутствует|недоступна)|аннотация
    |(?:暂无|無|无|没有)(?:中文)?摘要|摘要|(?:要旨|抄録|要約)(?:なし|無し)|(?:초록|요약)\ ?없음
    )?\W*$""",
    re.IGNORECASE | re.VERBOSE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# signs that are not seen, and letters that printers tie together
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
# letters that no decomposition brings near their plain ones, and names of Greek letters
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n"}
    | dict(
        zip(
            "αβγδεζηθικλμνξοπρστυφχψω",
            "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi "
            "psi omega".split(),
            strict=True,
        )
    )
    | {"ς": "sigma", "ϵ": "epsilon", "ϕ": "phi", "ϑ": "theta"}
)


def clean_text(text: str) -> str:
    r"""Undo what LaTeX and web pages leave in titles and abstracts; the wording stays.

    Escapes (``\&``), ``\url{...}`` and ``\href`` remnants, colour and font commands, control characters, soft hyphens and
    overrides of direction go, ligatures are taken apart; accents, symbols and formulas that are written as LaTeX become Unicode,
    whatever the source; runs of white space become one space; half a character becomes U+FFFD.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        The same text in plain Unicode (NFC), stripped.
    """
    if not text.isprintable():
        text = _CONTROL.sub(" ", whole_text(text))
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if not text.isascii():
        text = _LIGATURE.sub(lambda match: unicodedata.normalize("NFKC", match.group()), _UNSEEN.sub("", text))
    # most texts hold neither commands, nor braces, nor formulas
    if "\\" not in text and "{" not in text and "$" not in text:
        return one_line(text)
    text = _HREF.sub(r"\2 (\1)", text)
    text = _URL.sub(r"\1", text)
    text = _COMMANDS_WITH_TEXT.sub(r"\1", text)
    text = _COLOURED.sub(r"\1", text)
    text = _ADDRESS_TAIL.sub(r"\1", _BRACED_ADDRESS.sub(r"\1", text))
    text = _SYMBOL.sub(lambda match: _SYMBOLS[match.group()], text)
    text = _APOSTROPHE.sub("'", _QUOTED.sub(r"\1\2\1", text))
    if holds_latex(text):
        return one_line(latex_to_text(text))
    return one_line(_ESCAPED.sub(r"\1", text))


def is_abstract(text: str) -> bool:
    """Return whether `text` says something: it is not empty, and not a database's word for an abstract that it lacks."""
    return _NO_ABSTRACT.match(text) is None and not is_notice(text)


def title_key(title: str) -> str:
    """Return the form under which two titles are the same title.

    Letters and digits of every script, compatibility-folded and without case or accents, Greek letters by their names;
    punctuation and white space do not count. A title of punctuation alone keeps its text.
    """
    folded = plain_letters(clean_text(title))
    kept = "".join(filter(str.isalnum, folded))
    return kept or folded.strip()


def plain_letters(text: str) -> str:
    """Return a text without case, accents and strokes and Greek letters by their names."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text).casefold()
    if folded.isascii():
        return folded
    return "".join(char for char in folded if not unicodedata.combining(char)).translate(_PLAIN_LETTERS)
