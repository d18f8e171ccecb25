"""Tables in, a survey section out, every number of it traceable to its table, row and column."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.survey.section import write as write
    from analysis.survey.tables import survey_tables as survey_tables

_HOMES = {"write": "analysis.survey.section", "survey_tables": "analysis.survey.tables"}
__all__ = ["survey_tables", "write"]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"analysis.survey has no {name!r}; it has: {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted(__all__)
