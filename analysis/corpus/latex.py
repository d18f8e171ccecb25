r"""LaTeX in titles and abstracts to Unicode: accents, Greek letters, sub- and superscripts.

A dollar sign opens a formula as pandoc reads it: a letter follows it, none but a letter precedes the one that closes it,
and no digit stands behind that; any other is a price.
"""

import re
from typing import Any

from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

_SUPERSCRIPTS = dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
_SUBSCRIPTS = dict(zip("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_SCRIPT = re.compile(r"(?<!\\)(?P<kind>[_^])\s*(?:\{(?P<braced>[^{}]*)\}|(?P<one>\\[A-Za-z]+|[^\s{}\\$]))")
_FORMULA = re.compile(
    r"\$\$(?P<display>[^$]+)\$\$|(?<!\\)\$(?P<tex>(?![\d.,]+\s+[A-Za-z]{2})(?=[^\s$])[^$]{0,300}?(?:\\[A-Za-z]|[_^])[^$]{0,300}?(?<=[^\s\\]))\$"
    r"|(?<!\\)\$(?P<inline>(?![\d.,]+\s+[A-Za-z]{2})(?=[^\s$])[^$]{0,300}?(?<=[^\s\\]))\$(?!\d)|\\\((?P<round>.+?)\\\)"
    r"|\\\[(?P<square>.+?)\\\]",
    re.DOTALL,
)
_RAISED = re.compile(r"\\text(?P<kind>sub|super)script\s*\{(?P<braced>[^{}]*)\}")
# upright letters, and their kind, are letters
_UPRIGHT = re.compile(r"\\(?:mathrm|mathit|mathbf|mathsf|text|textrm|textit|textbf|operatorname|rm)\s*\{([^{}]*)\}")
_MARKS = frozenset("\\{}$~`'^_")
# what pylatexenc leaves out, and symbols of running text
_OTHER_MACROS = {
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textbackslash": "\\",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textdollar": "$",
    "textunderscore": "_",
    "textquotedbl": '"',
    "textmu": "µ",
    "textdegree": "°",
    "degree": "°",
    "micro": "µ",
    "ohm": "Ω",
    "celsius": "°C",
    "percent": "%",
    "deg": "°",
    "LaTeX": "LaTeX",
    "TeX": "TeX",
    # switches of the font, which change no letter
    **dict.fromkeys(("em", "it", "bf", "tt", "sc", "sl", "sf", "rm", "cal"), ""),
    "textpm": "±",
    "texttimes": "×",
}


# an accent over a letter, and the name of a command
_ACCENT = re.compile(r"\\[\"'`^~=.][{\\]?\s?[A-Za-z]|\\[uvHckr]\{[A-Za-z]\}")
_SPACES, _SPECIAL = re.compile(r"(\s+)"), re.compile(r"[\\{}~$&#%^_`']|--|[?!]`")
_ENDS_IN_COMMAND = re.compile(r"\\(?:[A-Za-z]+|[^A-Za-z])$")
_COMMAND = re.compile(r"\\([A-Za-z]{2,})(?![A-Za-z])")


def _context() -> Any:
    known = get_default_latex_context_db()
    known.add_context_category(
        "records",
        prepend=True,
        macros=[MacroTextSpec(name, simplify_repl=symbol) for name, symbol in _OTHER_MACROS.items()],
    )
    return known


_CONTEXT: Any = _context()
_CONVERTER: Any = LatexNodes2Text(latex_context=_CONTEXT, math_mode="text", keep_comments=True)
_KNOWN_MACROS = frozenset(
    spec.macroname for category in _CONTEXT.categories() for spec in _CONTEXT.iter_macro_specs([category])
)


def holds_latex(text: str) -> bool:
    r"""Return whether a text of any source is written in LaTeX: an accent, a known command or a formula stands in it.

    Examples
    --------
    >>> [holds_latex(text) for text in (r"Schr\"odinger", r"$\alpha$", "$5 or $6", r"C:\new folder", "{a, b}")]
    [True, True, False, False, False]
    """
    if "\\" in text and (_ACCENT.search(text) or any(name in _KNOWN_MACROS for name in _COMMAND.findall(text))):
        return True
    return "$" in text and _FORMULA.search(text) is not None


def latex_to_text(text: str) -> str:
    r"""Return LaTeX as Unicode; what is no LaTeX stands as it is, without its braces.

    Examples
    --------
    >>> latex_to_text(r"Caf{\'e}: {$\alpha$}-rays cost $5 in Cu$_2$O & 20\% of GDP")
    'Café: α-rays cost $5 in Cu₂O & 20% of GDP'
    """
    if not _MARKS.intersection(text):
        return text
    parts: list[Any] = []
    last = 0
    for match in _FORMULA.finditer(text):
        parts += [text[last : match.start()], match]
        last = match.end()
    parts.append(text[last:])
    # formulas first, behind signs that no text holds, since braces may enclose them
    formulas = [
        math_text(next(group for group in part.groups() if group)) for part in parts if isinstance(part, re.Match)
    ]
    held = "".join(chr(0xE000) if isinstance(part, re.Match) else part.replace(chr(0xE000), " ") for part in parts)
    plain = _converted_words(_prose(held))
    for formula in formulas:
        plain = plain.replace(chr(0xE000), formula, 1)
    return plain


def math_text(formula: str) -> str:
    r"""Return a formula as Unicode, scripts as such where there are letters for them.

    Examples
    --------
    >>> math_text(r"10^{-3}\,\mu m_{ij}")
    '10⁻³ μ mᵢⱼ'
    """
    formula = _UPRIGHT.sub(r"\1", formula)
    for _ in range(4):
        changed = _SCRIPT.sub(_script, formula)
        if changed == formula:
            break
        formula = changed
    # pylatexenc reads a formula only between dollar signs
    plain = _converted(f"${formula}$")
    return " ".join(plain.split())


def _script(match: "re.Match[str]") -> str:
    inner = match["braced"] if match["braced"] is not None else match["one"]
    inner = re.sub(r"\\(?:rm|it|bf)\b\s*", "", inner).strip()
    raised = _raised(inner, match["kind"] == "^")
    if raised:
        return raised
    if match["kind"] == "^" and inner in ("\\circ", "∘"):
        return "°"
    return f"{{{inner}}}" if len(inner) > 1 else inner


def _raised(text: str, above: bool) -> str:
    """Return a text in letters above or below the line; empty where there are none for it."""
    table = _SUPERSCRIPTS if above else _SUBSCRIPTS
    return "".join(table[char] for char in text) if text and all(char in table for char in text) else ""


def _prose(text: str) -> str:
    """Return running text in which signs that LaTeX would take for its own are escaped."""
    text = _RAISED.sub(lambda match: _raised(match["braced"], match["kind"] == "super") or match["braced"], text)
    # a dollar left over is a price, an ampersand parts no columns, a tilde before a number means "about"
    text = re.sub(r"(?<!\\)([$&#])", r"\\\1", text)
    text = re.sub(r"(?:(?<=\s)|(?<=\()|^)~(?=[\d.])", r"\\textasciitilde{}", text)
    return re.sub(r"(?<!\\)%", r"\\%", text)


def _converted_words(text: str) -> str:
    """Return text in which the words that hold LaTeX are converted: a parser that reads letter by letter is slow."""
    done: list[str] = []
    group: list[str] = []
    depth, waits = 0, False
    for part in _SPACES.split(text):
        if not group and _SPECIAL.search(part) is None:
            done.append(part)
            continue
        group.append(part)
        depth += part.count("{") - part.count("}") - part.count("\\{") + part.count("\\}")
        if not part.isspace():
            # a command's argument may be the next word
            waits = _ENDS_IN_COMMAND.search(part) is not None
        if depth <= 0 and not waits:
            done.append(_converted("".join(group)))
            group, depth = [], 0
    return "".join([*done, _converted("".join(group)) if group else ""])


def _converted(text: str) -> str:
    try:
        return str(_CONVERTER.latex_to_text(text, tolerant_parsing=True))
    except (ValueError, RecursionError, IndexError, TypeError, AttributeError):
        return text.replace("{", "").replace("}", "").strip("$")
