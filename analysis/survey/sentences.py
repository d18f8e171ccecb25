"""Sentences of running text."""

import re

from analysis.escaping import one_line

_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“(])")


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text, in order, each on one line.

    Examples
    --------
    >>> sentences_of("Bees matter. We propose hives, e.g. of straw.")
    ['Bees matter.', 'We propose hives, e.g. of straw.']
    """
    return [part.strip() for part in _END.split(one_line(text)) if part.strip()]
