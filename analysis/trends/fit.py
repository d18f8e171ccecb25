"""From a corpus and its topics to series, tests, events and notes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis.alignment import matching_papers
from analysis.concepts.crosstab import concept_crosstab
from analysis.concepts.mentions import Concepts
from analysis.concepts.pairs import rare_pairs
from analysis.corpus.author_groups import author_groups
from analysis.corpus.dates import read_dates
from analysis.corpus.paper import Corpus
from analysis.errors import TrendsError
from analysis.io.steps import tell
from analysis.io.threads import one_thread
from analysis.topics.describe.words import count_words
from analysis.topics.result import Topics
from analysis.topics.tables import TopicTables
from analysis.topics.texts import Texts
from analysis.trends.calibration import null_calibration
from analysis.trends.coverage import Dated
from analysis.trends.families import Timeline, family_trends, overlapping_trends
from analysis.trends.family import TestSettings
from analysis.trends.groups.reading import check_grouping
from analysis.trends.groups.study import group_table
from analysis.trends.language import drift_table, papers_to_compare, words_table
from analysis.trends.limits import corpus_limitations
from analysis.trends.named_pairs import read_pairs
from analysis.trends.notes import note_table
from analysis.trends.overlap import no_overlap, overlapping_members, resampled_members, told_of_overlap
from analysis.trends.pairs import pair_table
from analysis.trends.periods import MONTHS_IN, Period, decimal_year
from analysis.trends.result import Trends
from analysis.trends.sensitivity import PaperFacts, sensitivity
from analysis.trends.strata import by_language
from analysis.trends.tests import judged_by
from analysis.trends.timeline import Calendar, burst_table, change_table, composition_table, emergence_table
from analysis.validation import expect, renamed_arguments

# concepts that fewer papers mention are not tested
FEWEST_MENTIONS = 5
# families whose shares add up to one
_WHOLE = ("topics", "themes")
# of so large a share of the papers authors must be known before papers are counted by author group
_LEAST_KNOWN = 1 / 3


@renamed_arguments(granularity="period")
def fit_trends(
    corpus: Corpus,
    topics: Topics,
    *,
    concepts: Concepts | None = None,
    variants: pd.DataFrame | None = None,
    period: Period = "year",
    events: dict[str, Any] | None = None,
    groups: Sequence[str] = (),
    pairs: Sequence[tuple[Any, Any]] | Literal["screen"] = (),
    alpha: float = 0.1,
    seed: int = 0,
    settings: TestSettings | None = None,
) -> Trends:
    """Measure each topic's and theme's share over time and test it for a trend.

    A paper is eligible in the period of its date; papers without a date are left out and
    counted in the notes. Where no paper has one, the series is empty, every test says that
    it cannot be assessed, and nothing else is asked. The first source that lists a paper is its stratum.

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
    events : dict of str to date, optional
        Names and dates at which every group is tested for a step beside its slope.
    groups : sequence of str
        What papers are grouped by, such as "source", "country" and "venue": topics are compared between groups, where a third of
        the papers have one and two are large enough; see `analysis.compare_groups`.
    pairs : sequence of pairs, or "screen"
        A concept and a topic (is there more segmentation within pathology?), or two topics (does one grow faster than the
        other?), by name or number: a family of their own. The screen proposes the few that the papers can tell most of; see
        `analysis.trends.named_pairs`.
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
    judged, grouped = judged_by(settings, alpha, seed), _group_names(groups)
    for name in grouped:
        check_grouping(name)
    with one_thread():
        trends = _fit_trends(corpus, topics, concepts, variants, period, _events(events), pairs, judged)
        return replace(trends, groups=group_table(corpus, topics, grouped, judged))


def _fit_trends(
    corpus: Corpus,
    topics: Topics,
    concepts: Concepts | None,
    variants: pd.DataFrame | None,
    period: Period,
    events: dict[str, pd.Timestamp],
    pairs: Any,
    judged: TestSettings,
) -> Trends:
    # in the order of ids: what chance decides does not hang on the order of the papers
    topics = replace(topics, assignments=topics.assignments.sort_index(), draws=topics.draws.sort_index())
    dated = Dated.of(corpus, topics.assignments.index)
    papers, covered = dated.papers, dated.covered
    sources = corpus.strata.loc[papers.index].to_numpy()
    strata = by_language(corpus, papers.index, sources)
    calendar, fine = Calendar.of(papers, period, covered), Calendar.fine(papers, covered)
    time = decimal_year(papers["date"])
    series = _author_groups(corpus, papers.index, time)
    when = Timeline(time, pd.factorize(strata, sort=True)[0], calendar, covered, series)
    labels = topics.assignments["topic"].to_numpy()
    themes, redrawn, redrawn_themes = _themes(topics, labels)
    mentions = _mentions(concepts, papers.index)
    # what is asked wrongly is refused before minutes of tests
    asked_pairs = read_pairs(pairs, topics, labels, redrawn, mentions)
    numbers, theme_numbers = np.unique(labels[labels >= 0]), np.unique(themes[themes >= 0])
    tell("testing topics, themes and concepts")
    found = {
        "topics": family_trends("topics", numbers, labels, redrawn, when, events, judged),
        "themes": family_trends("themes", theme_numbers, themes, redrawn_themes, when, events, judged),
        "concepts": overlapping_trends("concepts", mentions, when, events, judged),
    }
    tell("testing topics that share papers")
    overlap = _overlap(numbers, redrawn, papers.index, when, judged)
    tests = found["topics"].tests
    slopes = np.log(tests["odds_ratio"])
    tell("reading how words move")
    drift, period_words = _language(corpus, papers.index, labels, when, strata, judged.seed)
    precision, membership = (
        column.to_numpy() for column in (papers["date_precision"], topics.assignments["membership"])
    )
    facts = PaperFacts(labels, time, strata, precision.astype(object), calendar.numbers, membership, redrawn)
    asked = pd.DataFrame(index=papers.index) if variants is None else variants.loc[papers.index]
    of_themes = replace(facts, labels=themes, draws=redrawn_themes)
    other_choices = (
        sensitivity(facts, tests, asked, judged, "topics"),
        sensitivity(of_themes, found["themes"].tests, asked.iloc[:, :0], judged, "themes"),
    )
    tell("looking for bursts, steps and chance")
    return Trends(
        series=found["topics"].series.rename(columns={"group": "topic"}),
        tests=tests,
        theme_series=found["themes"].series.rename(columns={"group": "theme"}),
        theme_tests=found["themes"].tests.rename_axis("theme"),
        concept_series=found["concepts"].series.rename(columns={"group": "concept"}),
        concept_tests=found["concepts"].tests.rename_axis("concept"),
        curves=pd.concat([family.curves for family in found.values()], ignore_index=True),
        events=pd.concat([family.events for family in found.values()], ignore_index=True),
        topic_concepts=concept_crosstab(topics.assignments["topic"], mentions),
        bursts=burst_table(labels, strata, fine, slopes, judged.seed),
        change_points=change_table(labels, strata, fine, slopes, judged.seed),
        emergence=emergence_table(labels, papers["date"], calendar, tests),
        composition=pd.concat([composition_table(found[name].tests, name) for name in _WHOLE], ignore_index=True),
        drift=drift,
        period_words=period_words,
        sensitivity=pd.concat(other_choices, ignore_index=True),
        calibration=_calibration(labels, when, tests.index, judged.seed),
        themes=topics.themes,
        notes=note_table(dated, strata, period, judged, topics.draws.shape[1], found["topics"].ends, series),
        limits=corpus_limitations(corpus, dated, sources, concepts),
        overlap_tests=overlap,
        pairs=pair_table(asked_pairs, time, when.strata, judged, series),
        concept_pairs=rare_pairs(mentions),
    )


def _author_groups(corpus: Corpus, ids: pd.Index, time: np.ndarray) -> np.ndarray | None:
    """Return the author group of each paper; nothing where fewer than a third have known authors."""
    authors = [names if isinstance(names, list) else [] for names in corpus.facts("authors").loc[ids, "authors"]]
    if not authors or np.mean([bool(names) for names in authors]) < _LEAST_KNOWN:
        return None
    return author_groups(authors, time)


def _themes(topics: Topics, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return each paper's theme, the redrawn topics, and the redrawn themes."""
    theme_of = topics.theme_of_topic
    themes = np.array([theme_of.get(int(label), -1) for label in labels])
    redrawn = topics.draws.to_numpy().T.reshape(topics.draws.shape[1], len(labels)).astype(np.int64)
    lookup = np.array([theme_of.get(topic, -1) for topic in range(-1, len(topics.table))])
    return themes, redrawn, lookup[redrawn + 1]


def _overlap(
    topics: np.ndarray, redrawn: np.ndarray, ids: pd.Index, when: Timeline, judged: TestSettings
) -> pd.DataFrame:
    """Return the tests of topics that share papers, a family of its own; no rows where nothing was redrawn."""
    if not len(redrawn) or not len(topics):
        return no_overlap()
    members = pd.DataFrame(overlapping_members(redrawn, topics), index=ids, columns=topics)
    resampled = resampled_members(redrawn, topics, judged.seed)
    return told_of_overlap(overlapping_trends("overlap", members, when, {}, judged, resampled).tests)


def _calibration(labels: np.ndarray, when: Timeline, topics: pd.Index, seed: int) -> pd.DataFrame:
    dated = np.isfinite(when.time)
    members = labels[dated, None] == topics.to_numpy()[None, :]
    return null_calibration(members, when.time[dated], when.strata[dated], seed)


def _language(
    corpus: Corpus, ids: pd.Index, labels: np.ndarray, when: Timeline, strata: np.ndarray, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return how topics' words moved, and each period's words; numbers of papers count all of them."""
    time, calendar = when.time, when.calendar
    read = papers_to_compare(labels, time)
    words = count_words(Texts.at(corpus.texts, ids[read]).whole)
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


def _group_names(groups: Any) -> Sequence[str]:
    if isinstance(groups, str) or not isinstance(groups, Sequence) or not all(isinstance(name, str) for name in groups):
        raise TrendsError("groups must be a list of names, such as ['source', 'country']")
    return tuple(groups)


def _events(events: dict[str, Any] | None) -> dict[str, pd.Timestamp]:
    """Return the first day of each event."""
    if events is None:
        return {}
    expect(
        events,
        dict,
        "events",
        'they map names to dates, such as {"ChatGPT": "2022-11-30"}',
        TrendsError,
    )
    days, _ = read_dates(list(events.values()), TrendsError)
    if days.isna().any():
        raise TrendsError("every event needs a date, such as 2022-11-30")
    return {str(name): day for name, day in zip(events, days, strict=True)}
