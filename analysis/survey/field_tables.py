"""What the section says of a field before it tells of tests: what topics are about, when they came up, what is missing."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.topics.result import Topics
from analysis.trends.result import Trends
from analysis.trends.shares import jeffreys_interval
from analysis.trends.verdict import UP

# phrases that a topic and a theme are told by
_TOPIC_WORDS, _THEME_WORDS = 3, 5
# the last periods that together hold this part of the papers are the latest
_LATEST = 0.25
# gaps of each kind that are told, and the false-discovery rate of pairs
_MOST_GAPS, _ALPHA = 3, 0.1


def topic_words(topics: Topics) -> pd.Series:
    """Return what each topic is about (str, index topic): phrases, none of which its name holds."""
    numbers = topics.table.index[topics.table.index >= 0]
    told = [_telling(topics, topic, str(topics.table.loc[topic, "label"]))[:_TOPIC_WORDS] for topic in numbers]
    return pd.Series(map(enumerated, told), index=numbers, dtype="str")


def theme_words(topics: Topics) -> pd.Series:
    """Return what each theme is about (str, index theme): phrases of its topics in turn, none of which their names hold."""
    told = []
    for row in topics.themes.itertuples():
        names = " ".join([str(row.label), *topics.table.loc[row.topics, "label"].astype(str)])
        lists = [_telling(topics, topic, names) for topic in row.topics]
        turns = [
            words[place] for place in range(max(map(len, lists), default=0)) for words in lists if place < len(words)
        ]
        told.append(enumerated(_apart(turns)[:_THEME_WORDS]))
    return pd.Series(told, index=topics.themes.index, dtype="str")


def _telling(topics: Topics, topic: int, name: str) -> list[str]:
    """Return a topic's key phrases, or its keywords where it has none, that say more than a name does."""
    rows = topics.key_phrases["topic"] == topic
    words = topics.key_phrases.loc[rows, "phrase"].tolist() or topics.table.loc[topic, "keywords"]
    known = set(_folded(name).split())
    return _apart([word for word in words if not known.issuperset(_folded(word).split())])


def _apart(words: Sequence[str]) -> list[str]:
    """Return words without those that another holds, each once; phrases and names before plain words, which say less."""
    forms = {_folded(word): word for word in reversed(words)}
    order = sorted(forms, key=lambda form: words.index(forms[form]))
    apart = [forms[form] for form in order if not any(form != other and f" {form} " in f" {other} " for other in order)]
    return sorted(apart, key=lambda word: word.isalpha() and word.islower())


def _folded(text: str) -> str:
    return " ".join(part.removesuffix("s") for part in text.casefold().replace("-", " ").split())


def enumerated(words: Sequence[str]) -> str:
    """Return words as prose lists them: one, two and three."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def dates_of_groups(corpus: Corpus, topics: Topics) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return first_seen and half_since of topics and of themes: the years of the first and of the middle paper, as text."""
    years = corpus.facts("date")["date"].dt.year.reindex(topics.assignments.index)
    labels = topics.assignments["topic"]
    themes = labels.map(topics.theme_of_topic)
    return tuple(
        years.groupby(groups)
        .agg(first_seen="min", half_since=lambda values: values.median() if values.notna().any() else np.nan)
        .map(lambda value: "" if pd.isna(value) else f"{value:.0f}")
        .reindex(index, fill_value="")
        for groups, index in ((labels, topics.table.index[topics.table.index >= 0]), (themes, topics.themes.index))
    )


def gaps_table(topics: Topics, trends: Trends) -> pd.DataFrame:
    """Return what is missing: kind, label, other, n, whole, expected, percent, q.

    kind "passed by": a topic whose share among the latest papers is below what it was before, interval and all; n of whole
    latest papers, expected as before. kind "pair": concepts that meet in n papers where `expected` would be chance.
    """
    frame = pd.concat([_passed_by(topics, trends), _seldom(trends)], ignore_index=True)
    columns = {"kind": "str", "label": "str", "other": "str", "n": "int64", "whole": "int64"}
    return frame.reindex(columns=[*columns, "expected", "percent", "q"]).astype(columns)


def _passed_by(topics: Topics, trends: Trends) -> pd.DataFrame:
    series = trends.series
    totals = series.drop_duplicates("period")["n_total"].to_numpy()
    if len(totals) < 2:
        return pd.DataFrame()
    # from the last period back until a quarter of all papers is there
    after = np.cumsum(totals[::-1])[::-1]
    first = int(np.flatnonzero(after >= _LATEST * totals.sum()).max())
    counts = series.pivot_table(index="topic", columns="period", values="n_topic", sort=False).to_numpy()
    late, early = counts[:, first:].sum(axis=1), counts[:, :first].sum(axis=1)
    n_late, n_early = int(totals[first:].sum()), int(totals[:first].sum())
    if not n_early or not n_late:
        return pd.DataFrame()
    high = jeffreys_interval(late, np.full(len(late), n_late))[1]
    order = series["topic"].drop_duplicates().to_numpy()
    frame = pd.DataFrame({"topic": order, "n": late, "expected": early / n_early * n_late, "high": high})
    rising = trends.tests.index[trends.tests["verdict"].isin(UP)]
    missed = frame[(frame["high"] < frame["expected"] / n_late) & ~frame["topic"].isin(rising)]
    missed = missed.assign(ratio=missed["n"] / missed["expected"]).nsmallest(_MOST_GAPS, "ratio", keep="first")
    labels = missed["topic"].map(topics.table["label"])
    told = missed.assign(kind="passed by", label=labels, other="", whole=n_late, percent=100 * missed["n"] / n_late)
    return told.assign(q=np.nan)[["kind", "label", "other", "n", "whole", "expected", "percent", "q"]]


def _seldom(trends: Trends) -> pd.DataFrame:
    pairs = trends.concept_pairs
    rare = pairs[pairs["q"] < _ALPHA].head(_MOST_GAPS)
    named = rare.rename(columns={"concept": "label"}).assign(kind="pair", whole=0, percent=np.nan)
    return named[["kind", "label", "other", "n", "whole", "expected", "percent", "q"]]
