"""Steps of long work, told through logging: silent until somebody listens, as the command does.

In a notebook: ``logging.basicConfig(); logging.getLogger("topictrends").setLevel("INFO")``.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

LOGGER = logging.getLogger("topictrends")
Item = TypeVar("Item")


@dataclass(frozen=True)
class Step:
    """A step of a stage.

    Attributes
    ----------
    text : str
        What is done, in words.
    done, count : int
        How many of how many pieces are done; 0 where they are not counted.
    left : float or None
        Seconds that the rest will take.
    """

    text: str
    done: int = 0
    count: int = 0
    left: float | None = None

    def __str__(self) -> str:
        return f"{self.text}: {self.done:,} of {self.count:,}" if self.count else self.text


def tell(text: str, done: int = 0, count: int = 0) -> None:
    """Say which step begins, or how far a counted one is."""
    told = Step(text, done, count)
    LOGGER.info("%s", told, extra={"step": told})


def told_each(text: str, items: Iterable[Item], count: int) -> Iterator[Item]:
    """Yield items, of which there are `count`, and say how many are done."""
    for number, item in enumerate(items):
        tell(text, number, count)
        yield item
    tell(text, count, count)


class StepHandler(logging.Handler):
    """Hands steps to a function."""

    def __init__(self, hear: Callable[[Step], None]) -> None:
        super().__init__(logging.INFO)
        self._hear = hear

    def emit(self, record: logging.LogRecord) -> None:
        """Hand on a record that is a step."""
        told = getattr(record, "step", None)
        if isinstance(told, Step):
            self._hear(told)
