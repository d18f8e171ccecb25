"""Words that join words, by language, and words of scripts that write none apart."""

import functools
import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

# what stands in a function word's place: it parts phrases, as the word did
_GAP = ","
_WORD = re.compile(r"[^\W\d_]+")
# little words that are written onto the next
_ELIDED = re.compile(r"\b(?:l|d|j|c|m|n|s|t|qu|dell|all|nell|sull|dall|un)['’](?=\w)", re.IGNORECASE)
_ELIDING = frozenset({"fr", "it", "ca"})
# of a language that the record tells and the text is not in, only short words are taken away: longer ones mean something else
_SHORT = 4
_UNSPACED = re.compile(r"[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆]+|[\u0e00-\u0e7f]+")
_KANA, _THAI = re.compile(r"[\u3040-\u30ff]"), re.compile(r"[\u0e00-\u0e7f]")
# Japanese writes what a word does in its sentence behind it
_ENDING = re.compile(r"(?<=[\u30a0-\u30ff\u3400-\u9fff々])[\u3040-\u309f]{1,4}$")
# a translated title in brackets behind the title, of three words at least
_TRANSLATION = re.compile(r"(?<=\S)\s*[\[(]([^\[\]()]+)[\])]\s*\.?$")
_SECOND = re.compile(r"(?<=\S)\s*;\s*\[([^\[\]]+)\]\s*\.?$")
_FEWEST_WORDS = 3


def content_of(text: str, spoken: str, stated: str = "", ignored: Collection[str] = ()) -> str:
    """Return a text without the function words of its language; those of English are left to whoever counts its words.

    Each is replaced by a comma, so that words which it parted are no phrase. Words of Chinese, Japanese and Thai, which
    write none apart, are parted by spaces.

    Parameters
    ----------
    text : str
    spoken, stated : str
        Codes of the language that the text is in, and that its record tells; empty where unknown.
    ignored : collection of str
        A reader's own words, in lower case, that are to count as function words.

    Examples
    --------
    >>> content_of("Die Bienen und der Honig", "de")
    ', Bienen , , Honig'
    >>> content_of("Bees and honey", "en", ignored={"honey"})
    'Bees and ,'
    """
    own, other = _words_of(spoken), _words_of(stated) if stated != spoken else frozenset()
    spaced = _UNSPACED.sub(_parted, text) if is_unspaced(text) else text
    if not own and not other and not ignored:
        return spaced
    if spoken in _ELIDING:
        spaced = _ELIDED.sub(f"{_GAP} ", spaced)

    def kept(match: "re.Match[str]") -> str:
        word = match.group().lower()
        return _GAP if word in own or word in ignored or (len(word) <= _SHORT and word in other) else match.group()

    return _WORD.sub(kept, spaced)


def contents_of(
    texts: Sequence[str], spoken: Sequence[str], stated: Sequence[str], ignored: Collection[str] = ()
) -> list[str]:
    """Return what `content_of` does of each text; English in Latin letters stays as it is."""
    plain = {code for code in {*spoken, *stated} if not ignored and not _words_of(code)}
    return [
        text if own in plain and told in plain and text.isascii() else content_of(text, own, told, ignored)
        for text, own, told in zip(texts, spoken, stated, strict=True)
    ]


def is_unspaced(text: str) -> bool:
    """Return whether a text holds a script that writes no spaces between words."""
    return not text.isascii() and _UNSPACED.search(text) is not None


def without_translation(title: str, is_english: bool) -> str:
    """Return a title without its translation in brackets behind it.

    An English title keeps what it has in brackets, unless a semicolon parts the two, as databases write a title in two languages.

    Examples
    --------
    >>> without_translation("Über die Bienen im Garten [On bees in the garden]", is_english=False)
    'Über die Bienen im Garten'
    >>> without_translation("Bees in the garden; [Las abejas del jardín]", is_english=True)
    'Bees in the garden'
    """
    match = _SECOND.search(title) or (None if is_english else _TRANSLATION.search(title))
    if match is None or len(match.group(1).split()) < _FEWEST_WORDS:
        return title
    before = title[: match.start()]
    return before if len(before.split()) >= _FEWEST_WORDS else title


@functools.cache
def _words_of(language: str) -> frozenset[str]:
    """Return the function words of a language other than English, from a kept list; none where there is no list."""
    import stopwordsiso

    if language in ("", "en") or not stopwordsiso.has_lang(language):
        return frozenset()
    return frozenset(word.lower() for word in stopwordsiso.stopwords(language))


def _parted(match: "re.Match[str]") -> str:
    run = match.group()
    script = "th" if _THAI.match(run) else "ja" if _KANA.search(run) else "zh"
    words = _parser(script)(run)
    if script == "ja":
        words = [part for word in words for part in (_ENDING.sub("", word), "".join(_ENDING.findall(word))) if part]
    return f" {' '.join(words)} "


@functools.cache
def _parser(script: str) -> Callable[[str], list[str]]:
    """Load the segmenter of a script, whose small model its wheel carries."""
    import budoux

    loaders: dict[str, Any] = {
        "zh": budoux.load_default_simplified_chinese_parser,
        "ja": budoux.load_default_japanese_parser,
        "th": budoux.load_default_thai_parser,
    }
    parse: Callable[[str], list[str]] = loaders[script]().parse
    return parse
