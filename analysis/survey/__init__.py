"""Tables in, a survey section out, every number of it traceable to its table, row and column."""

from importlib import import_module
from typing import Any

_HOMES = {"write": "analysis.survey.section", "survey_tables": "analysis.survey.tables"}
__all__ = ["survey_tables", "write"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"analysis.survey has no {name!r}; it has: {', '.join(__all__)}")
