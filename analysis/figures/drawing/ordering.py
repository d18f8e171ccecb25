"""In which order topics stand in every figure, and which sources are told apart."""

import pandas as pd

# what sources beyond the largest are called together
OTHERS = "other sources"


def topic_order(table: pd.DataFrame, themes: pd.DataFrame) -> list[int]:
    """Return topics in the order of every figure: by theme, then by size; outliers last."""
    listed = [topic for topics in themes["topics"] for topic in topics]
    return [*listed, *(topic for topic in table.index if topic not in set(listed))]


def largest_sources(sources: pd.Series, most: int) -> pd.Series:
    """Return each paper's source, or `OTHERS` where it is not among the `most` largest ones."""
    common = sources.value_counts().sort_values(ascending=False, kind="stable").index
    return sources.where(sources.isin(common[:most]), OTHERS)
