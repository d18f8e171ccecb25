"""Countries named in authors' addresses, as ISO codes of two letters."""

import functools
import re
from collections.abc import Iterable

from babel import Locale
from babel.core import get_global

from analysis.corpus.text import plain_letters

_LOCALES = ("en", "es", "fr", "de", "pt", "it")
# how addresses name countries beside the names of today
_ALIASES = {
    "usa": "US",
    "u s a": "US",
    "united states of america": "US",
    "uk": "GB",
    "u k": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "north ireland": "GB",
    "northern ireland": "GB",
    "great britain": "GB",
    "peoples r china": "CN",
    "peoples republic of china": "CN",
    "pr china": "CN",
    "p r china": "CN",
    "mainland china": "CN",
    "korea": "KR",
    "republic of korea": "KR",
    "south korea": "KR",
    "republic korea": "KR",
    "north korea": "KP",
    "russian federation": "RU",
    "iran": "IR",
    "islamic republic of iran": "IR",
    "viet nam": "VN",
    "czech republic": "CZ",
    "the netherlands": "NL",
    "holland": "NL",
    "turkiye": "TR",
    "turkey": "TR",
    "u arab emirates": "AE",
    "uae": "AE",
    "saudi arabia": "SA",
    "ivory coast": "CI",
    "republic of ireland": "IE",
    "hong kong": "HK",
    "macau": "MO",
    "taiwan": "TW",
    "brasil": "BR",
    "deutschland": "DE",
    "espana": "ES",
    "mexico": "MX",
    "bosnia herceg": "BA",
    "north macedonia": "MK",
    "macedonia": "MK",
    "swaziland": "SZ",
    "burma": "MM",
    "cote ivoire": "CI",
    "rep congo": "CG",
    "dem rep congo": "CD",
    "palestine": "PS",
    "kingdom of saudi arabia": "SA",
}
_STATES = frozenset(
    "al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc "
    "nd oh ok or pa ri sc sd tn "
    "tx ut vt va wa wv wi wy dc".split()
)
_CODE = re.compile(r"^[A-Za-z]{2}$")


def countries_of(addresses: Iterable[str]) -> list[str]:
    """Return the countries of addresses, each once, in their order; an address without a known one adds none.

    Examples
    --------
    >>> countries_of(["Dept. of Trees, Univ. of Lima, Lima, Perú", "MIT, Cambridge, MA 02139 USA", "IIT, Delhi, India."])
    ['PE', 'US', 'IN']
    """
    found = (_country(part) for address in addresses for part in address.split(";"))
    return list(dict.fromkeys(code for code in found if code is not None))


def country_code(text: str) -> str | None:
    """Return a country's code from its code or name; None where it is none."""
    text = text.strip()
    if _CODE.match(text) and text.upper() in _codes():
        return text.upper()
    return _names().get(_folded(text))


def country_name(code: str) -> str:
    """Return the English name of a country's code; what is no code as it is.

    Examples
    --------
    >>> country_name("PE"), country_name("Atlantis")
    ('Peru', 'Atlantis')
    """
    return str(Locale("en").territories.get(code, code))


def _country(address: str) -> str | None:
    # an e-mail address may stand behind the country
    parts = [
        part for part in re.split(r"[,\n]", re.sub(r"\S+@\S+|electronic address:.*$", "", address)) if part.strip(" .")
    ]
    for part in reversed(parts[-2:]):
        folded = _folded(part)
        code = _names().get(folded)
        if code is not None:
            return code
        words = folded.split()
        # "MA 02139 USA", "60439 Argonne": the country ends the part, a state with its number stands alone
        for length in (3, 2, 1):
            code = _names().get(" ".join(words[-length:])) if len(words) > length else None
            if code is not None:
                return code
        if len(words) == 2 and words[0] in _STATES and words[1].isdigit():
            return "US"
    return None


def _folded(text: str) -> str:
    return " ".join(re.findall(r"[^\W\d_]+|\d+", re.sub(r"\(.*?\)", " ", plain_letters(text))))


@functools.cache
def _codes() -> frozenset[str]:
    return frozenset(str(code) for code in Locale("en").territories if len(str(code)) == 2 and str(code).isalpha())


@functools.cache
def _names() -> dict[str, str]:
    names = {
        _folded(name): code
        for locale in reversed(_LOCALES)
        for code, name in Locale(locale).territories.items()
        if code in _codes() and code not in ("ZZ", "EU", "UN", "QO", "XA", "XB", "EZ")
    }
    return names | _ALIASES


def is_place(words: str) -> bool:
    """Return whether words name a country, a continent or a large city, in one of the languages of the databases.

    Examples
    --------
    >>> is_place("Latin America"), is_place("Lima"), is_place("kidney")
    (True, True, False)
    """
    folded = _folded(words)
    return folded in _names() or folded in _regions()


@functools.cache
def _regions() -> frozenset[str]:
    """Return continents and their parts, and the cities that time zones are called after."""
    territories = {
        _folded(name) for locale in _LOCALES for code, name in Locale(locale).territories.items() if str(code).isdigit()
    }
    cities = {
        _folded(zone.rpartition("/")[2].replace("_", " ")) for zone in get_global("zone_territories") if "/" in zone
    }
    return frozenset(territories | cities)
