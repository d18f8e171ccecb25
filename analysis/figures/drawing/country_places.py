"""Where countries lie: the middle of their time zones' cities, as the time zone database gives them."""

import functools
import re
from importlib.resources import files

import numpy as np

_COORDINATES = re.compile(r"([+-])(\d{2,3})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?$")


@functools.cache
def country_places() -> dict[str, tuple[float, float]]:
    """Return longitude (-180 to 180) and latitude (-90 to 90) by country code.

    Examples
    --------
    >>> longitude, latitude = country_places()["PE"]
    >>> round(longitude), round(latitude)
    (-77, -12)
    """
    found: dict[str, list[tuple[float, float]]] = {}
    text = files("tzdata").joinpath("zoneinfo/zone.tab").read_text("utf-8")
    for line in text.splitlines():
        code, _, rest = line.partition("\t")
        match = _COORDINATES.match(rest.partition("\t")[0])
        if match is not None and len(code) == 2:
            found.setdefault(code, []).append((_degrees(*match.group(5, 6, 7, 8)), _degrees(*match.group(1, 2, 3, 4))))
    middles = {code: np.median(np.array(cities), axis=0) for code, cities in found.items()}
    return {code: (float(longitude), float(latitude)) for code, (longitude, latitude) in middles.items()}


def _degrees(sign: str, degrees: str, minutes: str, seconds: str | None) -> float:
    value = int(degrees) + int(minutes) / 60 + int(seconds or 0) / 3600
    return -value if sign == "-" else value
