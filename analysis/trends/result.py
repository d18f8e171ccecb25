"""What a trend analysis found."""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.concepts.pairs import no_concept_pairs
from analysis.errors import ArtefactError
from analysis.io.display import html_card
from analysis.io.latex_table import latex_table
from analysis.io.results import read_result, write_result
from analysis.trends.groups.compare import no_groups
from analysis.trends.overlap import no_overlap
from analysis.trends.pairs import no_pairs
from analysis.trends.sensitivity import survival
from analysis.validation import expect_path

_KIND = "trends"
_LATER = ("groups", "overlap_tests", "pairs")
SERIES_COLUMNS = ["topic", "period", "start", "end", "partial", "n_topic", "n_total", "share", "low", "high"]


@dataclass(frozen=True, eq=False, repr=False)
class Trends:
    """Shares over time and the verdict on each topic and theme.

    Attributes
    ----------
    series : DataFrame
        One row per topic and period: topic, period, start, end, partial (bool), n_topic,
        n_total (papers with a date in the period), share (n_topic / n_total; NaN only where
        n_total is 0), low, high (95 % Jeffreys interval).
    tests : DataFrame, index topic
        n, odds_ratio (per year), low, high, p, q, robustness, verdict,
        course, fitted shares at both ends, detectable trends, wandering and more; see `analysis.trends.tests.trend_tests`.
    theme_series, theme_tests : DataFrame
        The same for themes, a family of its own; by the theme's number, in the column theme.
    concept_series, concept_tests : DataFrame
        The same for concepts that five papers or more mention, named by concept; without rows
        where none were looked for.
    overlap_tests : DataFrame, index topic
        The same for topics that share papers: one counts in every topic that a quarter of redrawn clusterings put it in, its
        first or second. A family of its own; without rows where nothing was redrawn.
    pairs : DataFrame
        kind, first, second, n, n_first, odds_ratio, low, high, share_first, share_last, p, q, robustness, verdict, note: pairs
        that were asked for; see `analysis.trends.pairs.pair_table`.
    curves : DataFrame
        family ("topics", "themes", "concepts"), group (str), period, fitted (share that the
        fitted course gives for the period's own papers, their dates and sources), low, high (95 %); NaN for what cannot be
        assessed.
    events : DataFrame
        event, date, family, group (str), n_before, n_after, share_before, share_after, odds_ratio (of the step), low, high,
        p, q, note; see `analysis.trends.events`. Without rows where no event was named.
    groups : DataFrame
        by, group, topic, n, n_group, share, difference, verdict and more, as of
        `analysis.trends.groups.result.GroupComparison`, one grouping below the other. Without rows where none was asked for.
    topic_concepts : DataFrame
        topic, concept, n, expected, residual, p; see `analysis.concepts.crosstab`.
    concept_pairs : DataFrame
        concept, other, n, expected, p, q: pairs of concepts, those that meet more seldom than chance first.
    bursts : DataFrame
        topic, start, end, n, expected, weight, p, q: bursts that neither chance nor a topic's fitted course explains.
    change_points : DataFrame
        topic, period, start, before, after, p; without rows where there are fewer than twelve periods.
    emergence : DataFrame, index topic
        n, first_seen, last_seen, persistence, recent_share, growth, growth_low, growth_high.
    composition : DataFrame
        family, group, ratio, low, high: each group's yearly odds ratio over that of the middle group,
        which no other group's boom can move alone.
    drift : DataFrame, index topic
        n, distance, usual, p, q, gained, lost: how far the topic's words moved.
    period_words : DataFrame
        topic, period, n, words: what set a period's papers apart.
    sensitivity : DataFrame
        family, group, choice, overlap, n, odds_ratio, low, high, q, verdict, agrees, told: every test
        under every other choice; see `analysis.trends.sensitivity`.
    calibration : DataFrame
        test, level, share, low, high, corpora, topics: how often these tests find a trend in these
        papers when dates mean nothing; see `analysis.trends.calibration`.
    themes : DataFrame, index theme number
        label, size.
    notes : DataFrame
        name, value: what the corpus is and how it was tested, as figures and prose quote it.
    limits : DataFrame
        about, text: what the sample is, and what that forbids to conclude.
    """

    series: pd.DataFrame
    tests: pd.DataFrame
    theme_series: pd.DataFrame
    theme_tests: pd.DataFrame
    concept_series: pd.DataFrame
    concept_tests: pd.DataFrame
    curves: pd.DataFrame
    events: pd.DataFrame
    topic_concepts: pd.DataFrame
    bursts: pd.DataFrame
    change_points: pd.DataFrame
    emergence: pd.DataFrame
    composition: pd.DataFrame
    drift: pd.DataFrame
    period_words: pd.DataFrame
    sensitivity: pd.DataFrame
    calibration: pd.DataFrame
    themes: pd.DataFrame
    notes: pd.DataFrame
    limits: pd.DataFrame
    groups: pd.DataFrame = field(default_factory=no_groups)
    overlap_tests: pd.DataFrame = field(default_factory=no_overlap)
    pairs: pd.DataFrame = field(default_factory=no_pairs)
    concept_pairs: pd.DataFrame = field(default_factory=no_concept_pairs)

    @property
    def survival(self) -> pd.DataFrame:
        """How many other choices were asked of each verdict, and what they gave."""
        return survival(self.sensitivity)

    @property
    def note(self) -> dict[str, Any]:
        """The notes as a mapping from name to text."""
        return dict(zip(self.notes["name"], self.notes["value"], strict=True))

    def to_latex(self) -> str:
        """Return the topics' tests as a booktabs table."""
        return latex_table(self.tests.drop(columns="note").reset_index())

    def save(self, folder: str | Path) -> list[Path]:
        """Save every table in a folder; `at.load_trends` reads it.

        Returns
        -------
        list of Path
            The files.

        Raises
        ------
        ArtefactError
            The folder cannot be written.
        """
        return write_result(
            expect_path(folder, "folder", ArtefactError),
            _KIND,
            {item.name: getattr(self, item.name) for item in fields(self)},
        )

    def __repr__(self) -> str:
        verdicts = ", ".join(f"{count} {verdict}" for verdict, count in self.tests["verdict"].value_counts().items())
        periods = self.series["period"].nunique()
        return f"Trends({len(self.tests)} topics and {len(self.theme_tests)} themes over {periods} periods: {verdicts})"

    def _repr_html_(self) -> str:
        shown = ["n", "share_first", "share_last", "odds_ratio", "low", "high", "q", "robustness", "verdict", "course"]
        return html_card("Trends", self.theme_tests[shown], self.tests[shown], self.limits)


def load_trends(folder: str | Path) -> Trends:
    """Load trends that `Trends.save` wrote, or those of a study's folder ``data/trends``.

    Raises
    ------
    ArtefactError
        The folder holds no trends, was saved in another format, or is damaged.
    """
    path = expect_path(folder, "folder", ArtefactError)
    # trends that were saved before there were such tables have none
    names = [
        item.name for item in fields(Trends) if item.name not in _LATER or (path / f"{item.name}.parquet").is_file()
    ]
    return Trends(**read_result(path, _KIND, names))
