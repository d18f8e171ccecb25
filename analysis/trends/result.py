"""What a trend analysis found."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.display import html_card
from analysis.latex_table import latex_table

SERIES_COLUMNS = ["topic", "period", "start", "end", "partial", "n_topic", "n_total", "share", "low", "high"]


@dataclass(frozen=True)
class Trends:
    """Shares over time and the verdict on each topic and theme.

    Attributes
    ----------
    series : DataFrame
        One row a topic and period: topic, period, start, end, partial (bool), n_topic,
        n_total (papers with a date in the period), share (n_topic / n_total; NaN only where
        n_total is 0), low, high (95 % Jeffreys interval).
    tests : DataFrame, index topic
        n, odds_ratio (per year), low, high, p, q, robustness, verdict,
        minimum_detectable_odds_ratio, note; see `analysis.trends.tests.trend_tests`.
    theme_series, theme_tests : DataFrame
        The same for themes, a family of its own; the column topic holds the theme's number.
    themes : DataFrame, index theme number
        label, size.
    notes : DataFrame
        name, value: what the corpus is and how it was tested, as figures and prose quote it.
    """

    series: pd.DataFrame
    tests: pd.DataFrame
    theme_series: pd.DataFrame
    theme_tests: pd.DataFrame
    themes: pd.DataFrame
    notes: pd.DataFrame

    @property
    def note(self) -> dict[str, Any]:
        """The notes as a mapping from name to text."""
        return dict(zip(self.notes["name"], self.notes["value"], strict=True))

    def to_latex(self) -> str:
        """Return the topics' tests as a booktabs table."""
        return latex_table(self.tests.drop(columns="note").reset_index())

    def _repr_html_(self) -> str:
        return html_card("Trends", self.theme_tests.drop(columns="note"), self.tests.drop(columns="note"))
