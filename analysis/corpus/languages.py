"""The language that a text is in, told by a small kept detector where it is long enough."""

import functools
import re
from collections.abc import Callable, Iterable
from typing import Any

# as much of a text as the detector looks at, and the letters that it needs: those of scripts without spaces tell more
_LOOKED_AT, _FEWEST_LETTERS, _FEWEST_IDEOGRAPHS = 400, 40, 6
_SURE = 0.8
_LETTER = re.compile(r"[^\W\d_]")
# scripts of one language each, asked in this order: Japanese writes Chinese characters, too
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("zh", re.compile(r"[\u3400-\u9fff]")),
)
# of the letters of a text, technical terms in Latin ones among them
_SCRIPT_SHARE = 0.15
# a text of which this share of words are these is English without asking: most are, and a million are asked
_ENGLISH = frozenset("the of and in to is for with that we are by this on from".split())
_ENGLISH_SHARE = 0.2
# what the detector knows apart and no reader's settings do
_SAME = {"yue": "zh", "wuu": "zh", "nn": "no", "arz": "ar", "ary": "ar", "grc": "el", "hbo": "he"}


def detect_languages(texts: Iterable[str]) -> list[str | None]:
    """Return the two-letter code of the language that each text is in; None where it is too short or the detector is unsure.

    Examples
    --------
    >>> detect_languages(["The bees of a hive are fed with honey, and the queen is seen in the spring by all of them."])
    ['en']
    >>> detect_languages(["Die Bienen eines Stockes werden mit Honig gefüttert, die Königin sieht man im Frühjahr.", "On bees"])
    ['de', None]
    """
    # its 70 MB are loaded where a text asks for them, and let go after the last one
    detector = functools.cache(_load_detector)
    return [_language_of(text, detector) for text in texts]


def _language_of(text: str, detector: Callable[[], Any]) -> str | None:
    start = text[:_LOOKED_AT]
    letters = len(_LETTER.findall(start))
    if not start.isascii():
        for code, script in _SCRIPTS:
            if len(script.findall(start)) >= max(_FEWEST_IDEOGRAPHS, _SCRIPT_SHARE * letters):
                return code
    if letters < _FEWEST_LETTERS:
        return None
    words = start.lower().split()
    if sum(word in _ENGLISH for word in words) >= _ENGLISH_SHARE * len(words):
        return "en"
    code, sure = detector().classify(start)
    if sure < _SURE:
        return None
    known = _SAME.get(code, code)
    return known if len(known) == 2 else None


def language_sample(title: str, abstract: str) -> str:
    """Return what tells the language of a paper's text: its abstract, or its title where that is short."""
    return abstract if len(abstract) > _FEWEST_LETTERS else f"{title} {abstract}"


def spoken_language(detected: object, stated: object) -> str:
    """Return the language that a paper's text is in: as detected, else as its record tells; empty where nobody knows.

    Databases write an English abstract to a Spanish paper, and call it Spanish.
    """
    for code in (detected, stated):
        if isinstance(code, str) and code:
            return code
    return ""


def _load_detector() -> Any:
    """Load the detector's model (Lui and Baldwin 2012), which its wheel carries."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
