"""From a corpus and its topics to series, tests, events and notes."""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.alignment import matching_papers
from analysis.concepts.crosstab import concept_crosstab
from analysis.concepts.mentions import Concepts
from analysis.corpus.paper import Corpus
from analysis.corpus.text import without_addresses
from analysis.embedding.lexical import weighted_texts
from analysis.errors import TrendsError
from analysis.io.threads import one_thread
from analysis.topics.describe.words import count_words
from analysis.topics.result import Topics
from analysis.topics.tables import TopicTables
from analysis.trends.calibration import null_calibration
from analysis.trends.coverage import coverage
from analysis.trends.family import TestSettings
from analysis.trends.language import drift_table, papers_to_compare, words_table
from analysis.trends.limits import corpus_limitations
from analysis.trends.notes import note_table
from analysis.trends.periods import MONTHS_IN, Period, decimal_year
from analysis.trends.result import Trends
from analysis.trends.sensitivity import PaperFacts, sensitivity
from analysis.trends.series import share_series
from analysis.trends.tests import judged_by, mention_tests, trend_tests
from analysis.trends.timeline import Calendar, burst_table, change_table, composition_table, emergence_table
from analysis.validation import expect, renamed_arguments

# concepts that fewer papers mention are not tested
FEWEST_MENTIONS = 5


@renamed_arguments(granularity="period")
def fit_trends(
    corpus: Corpus,
    topics: Topics,
    *,
    concepts: Concepts | None = None,
    variants: pd.DataFrame | None = None,
    period: Period = "year",
    alpha: float = 0.1,
    seed: int = 0,
    settings: TestSettings | None = None,
) -> Trends:
    """Measure each topic's and theme's share over time and test it for a trend.

    A paper is eligible in the period of its date; papers without a date are left out and
    counted in the notes. Where no paper has one, the series is empty and every test says that
    it cannot be assessed. The first source that lists a paper is its stratum.

    Parameters
    ----------
    corpus : Corpus
    topics : Topics
        Fitted to this corpus.
    concepts : Concepts, optional
        Mentions in this corpus, a third family of tests; see `analysis.concepts.mentions`.
    variants : DataFrame of int, index paper_id, optional
        Other clusterings that verdicts must survive; see `analysis.topics.variants`.
    period : {"year", "half", "quarter", "month"}
        Width of the periods of the series; the tests do not bin.
    alpha : float
        False-discovery rate, for each family on its own.
    seed : int
    settings : TestSettings, optional

    Returns
    -------
    Trends

    Raises
    ------
    TrendsError
        A setting is out of range, or topics, concepts or variants are of another corpus.

    Examples
    --------
    >>> import analysis as at, pandas as pd
    >>> rows = [{"title": f"On bees {i}", "abstract": "A hive.", "date": 2015 + i % 5, "kind": "bees"} for i in range(20)]
    >>> rows += [{"title": f"On ice {i}", "abstract": "Floes.", "date": 2015 + i % 5, "kind": "ice"} for i in range(20)]
    >>> frame = pd.DataFrame(rows)
    >>> corpus = at.Corpus.from_frame(frame)
    >>> at.fit_trends(corpus, at.Topics.from_labels(corpus, frame["kind"])).tests["verdict"].tolist()
    ['inconclusive', 'inconclusive']
    """
    expect(corpus, Corpus, "corpus", "at.load_corpus or at.Corpus.from_frame makes one", TrendsError)
    expect(topics, TopicTables, "topics", "at.fit_topics or at.Topics.from_labels makes them", TrendsError)
    if period not in MONTHS_IN:
        raise TrendsError(f"period must be one of {', '.join(map(repr, MONTHS_IN))}, not {period!r}")
    topics.check_papers(corpus, TrendsError)
    ids = topics.assignments.index
    if concepts is not None:
        expect(concepts, Concepts, "concepts", "at.find_concepts makes them", TrendsError)
        matching_papers(ids, concepts.mentions.index, "topics", TrendsError, within="the concepts")
    if variants is not None:
        expect(variants, pd.DataFrame, "variants", "analysis.topics.variants.topic_variants makes them", TrendsError)
        matching_papers(ids, variants.index, "topics", TrendsError, within="the variants")
        if not all(pd.api.types.is_integer_dtype(kind) for kind in variants.dtypes):
            raise TrendsError("variants must hold topics as whole numbers, one column per clustering")
    judged = judged_by(settings, alpha, seed)
    with one_thread():
        return _fit_trends(corpus, topics, concepts, variants, period, judged)


def _fit_trends(
    corpus: Corpus,
    topics: Topics,
    concepts: Concepts | None,
    variants: pd.DataFrame | None,
    period: Period,
    judged: TestSettings,
) -> Trends:
    alpha, seed = judged.alpha, judged.seed
    # in the order of ids: what chance decides does not hang on the order of the papers
    topics = replace(topics, assignments=topics.assignments.sort_index(), draws=topics.draws.sort_index())
    papers = corpus.facts("date", "date_precision").loc[topics.assignments.index]
    labels = topics.assignments["topic"].to_numpy()
    themes, resampled, resampled_themes = _themes(topics, labels)
    strata = corpus.strata.loc[papers.index].to_numpy()
    covered = coverage(corpus)
    calendar = Calendar.of(papers, period, covered)
    fine = Calendar.fine(papers, covered)
    dates = papers["date"]
    tests = trend_tests(labels, dates, strata, alpha, seed, draws=resampled, settings=judged)
    theme_tests = trend_tests(themes, dates, strata, alpha, seed, draws=resampled_themes, settings=judged)
    mentions = _mentions(concepts, papers.index)
    concept_series = share_series(mentions.to_numpy(dtype=bool), mentions.columns, calendar)
    time = decimal_year(dates)
    drift, period_words = _language(corpus, papers.index, labels, time, strata, calendar, seed)
    notes = note_table(papers, strata, covered, period, alpha, judged, topics.draws.shape[1])
    return Trends(
        series=share_series(labels[:, None] == tests.index.to_numpy()[None, :], tests.index, calendar),
        tests=tests,
        theme_series=share_series(
            themes[:, None] == theme_tests.index.to_numpy()[None, :], theme_tests.index, calendar
        ).rename(columns={"topic": "theme"}),
        theme_tests=theme_tests.rename_axis("theme"),
        concept_series=concept_series.rename(columns={"topic": "concept"}),
        concept_tests=mention_tests(mentions, dates, strata, alpha, seed, settings=judged).rename_axis("concept"),
        topic_concepts=concept_crosstab(topics.assignments["topic"], mentions),
        bursts=burst_table(labels, strata, fine, seed),
        change_points=change_table(labels, strata, fine, seed),
        emergence=emergence_table(labels, dates, calendar, tests),
        composition=pd.concat(
            [composition_table(group, dates, strata, name) for group, name in ((labels, "topics"), (themes, "themes"))],
            ignore_index=True,
        ),
        drift=drift,
        period_words=period_words,
        sensitivity=_sensitivity(
            papers, topics, (labels, tests), (themes, theme_tests), strata, calendar, variants, judged
        ),
        calibration=_calibration(labels, time, strata, tests.index, seed),
        themes=topics.themes,
        notes=notes,
        limits=corpus_limitations(corpus, papers, strata, concepts),
    )


def _themes(topics: Topics, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None]:
    """Return each paper's theme, the resampled topics, and the resampled themes."""
    theme_of = topics.theme_of_topic
    themes = np.array([theme_of.get(int(label), -1) for label in labels])
    if not topics.draws.shape[1]:
        return themes, None, None
    resampled = topics.draws.to_numpy().T
    lookup = np.array([theme_of.get(topic, -1) for topic in range(-1, len(topics.table))])
    return themes, resampled, lookup[resampled + 1]


def _calibration(labels: np.ndarray, time: np.ndarray, strata: np.ndarray, topics: pd.Index, seed: int) -> pd.DataFrame:
    dated = np.isfinite(time)
    members = labels[dated, None] == topics.to_numpy()[None, :]
    return null_calibration(members, time[dated], strata[dated], seed)


def _language(
    corpus: Corpus,
    ids: pd.Index,
    labels: np.ndarray,
    time: np.ndarray,
    strata: np.ndarray,
    calendar: Calendar,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return how topics' words moved, and each period's words; numbers of papers count all of them."""
    read = papers_to_compare(labels, time)
    shown = corpus.rows(ids[read], "title", "abstract")
    words = count_words(
        weighted_texts(shown["title"].tolist(), [without_addresses(text) for text in shown["abstract"]], 1)
    )
    drift = drift_table(words, labels[read], time[read], strata[read], seed)
    periods = words_table(words, labels[read], calendar.numbers[read], calendar.periods)
    if len(read) == len(labels):
        return drift, periods
    dated = pd.Series(labels[np.isfinite(time)]).value_counts()
    by_period = pd.DataFrame({"topic": labels, "period": calendar.numbers}).value_counts()
    position = dict(zip(calendar.periods["period"], range(len(calendar.periods)), strict=True))
    every = [
        by_period[topic, position[period]] for topic, period in zip(periods["topic"], periods["period"], strict=True)
    ]
    return drift.assign(n=dated.reindex(drift.index, fill_value=0)), periods.assign(n=every)


def _mentions(concepts: Concepts | None, index: pd.Index) -> pd.DataFrame:
    """Return who mentions each concept that enough papers mention."""
    if concepts is None:
        return pd.DataFrame(index=index)
    mentions = concepts.mentions.loc[index]
    return mentions.loc[:, mentions.sum() >= FEWEST_MENTIONS]


def _sensitivity(
    papers: pd.DataFrame,
    topics: Topics,
    of_topics: tuple[np.ndarray, pd.DataFrame],
    of_themes: tuple[np.ndarray, pd.DataFrame],
    strata: np.ndarray,
    calendar: Calendar,
    variants: pd.DataFrame | None,
    settings: TestSettings,
) -> pd.DataFrame:
    """Return both families under every choice; other clusterings speak of topics alone."""
    none = pd.DataFrame(index=papers.index)
    others = none if variants is None else variants.loc[papers.index]
    frames = []
    for (labels, tests), clusterings, family in ((of_topics, others, "topics"), (of_themes, none, "themes")):
        facts = PaperFacts(
            labels,
            decimal_year(papers["date"]),
            strata,
            papers["date_precision"].to_numpy(dtype=object),
            calendar.numbers,
            topics.assignments["membership"].to_numpy(),
        )
        frames.append(sensitivity(facts, tests, clusterings, settings, family))
    return pd.concat(frames, ignore_index=True)
