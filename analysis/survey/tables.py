"""The survey's tables: all that its prose may quote, one named row and column per value."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.corpus.schema import KEPT_APART
from analysis.figures.drawing.inputs import checked
from analysis.listings.result import listed_counts
from analysis.survey.field_tables import dates_of_groups, gaps_table, theme_words, topic_words
from analysis.survey.group_tables import differences_table, groupings_table
from analysis.topics.reader_sample import ReaderCheck
from analysis.topics.result import Topics
from analysis.trends.overlap import LEAST_SHARE, beyond_first_topics
from analysis.trends.result import Trends
from analysis.trends.verdict import DOWN, MOVED, UP, VERDICTS

# periods with fewer dated papers than this are called thin
THIN_PERIOD = 20
# topics whose mean Jaccard index with their resampled selves is below this are called unstable (Hennig 2007)
UNSTABLE = 0.5
# the level at which the section tells of the tests' calibration
CALIBRATED = 0.1
# countries, venues and authors that the section's table holds
_MOST_NAMED = 10
_TREND_COLUMNS = [
    "odds_ratio",
    "low",
    "high",
    "p",
    "q",
    "robustness",
    "verdict",
    "course",
    "since",
    "detectable_rise",
    "detectable_fall",
    "beyond_wandering",
    "q_series",
    "series_holds",
    "turning_point",
    "set_aside",
]
_SHARES = ["first", "first_low", "first_high", "last", "last_low", "last_high"]


@checked
def survey_tables(
    corpus: Corpus, topics: Topics, trends: Trends, *, seed: int = 0, versions: Mapping[str, str] | None = None
) -> dict[str, pd.DataFrame]:
    """Build every table that the survey section quotes.

    Parameters
    ----------
    corpus, topics, trends
    seed : int
        The seed of the fit, for the methods paragraph.
    versions : mapping of package to version, optional

    Returns
    -------
    dict of name to DataFrame
        flow, sources, who, periods, themes, topics, gaps, outline, reader, concepts, overlap, pairs, bursts, events, groupings,
        groups, verdicts, calibration, limits, quality, settings; each with a string index that names its rows.

    Raises
    ------
    InputError
        One of the three is something else, or was made from other papers or topics.
    """
    return section_tables(corpus, topics, trends, seed, versions)


def section_tables(
    corpus: Corpus,
    topics: Topics,
    trends: Trends,
    seed: int,
    versions: Mapping[str, str] | None,
    check: ReaderCheck | None = None,
) -> dict[str, pd.DataFrame]:
    """Return the tables of `survey_tables`, of results that go together."""
    of_topics, of_themes = dates_of_groups(corpus, topics)
    tables = {
        "flow": _flow(corpus, topics),
        "sources": _sources(corpus),
        "who": _who(corpus, topics),
        "periods": _periods(corpus, trends),
        "themes": _themes(topics, trends).assign(about=theme_words(topics), **of_themes),
        "topics": _topics(corpus, topics, trends).assign(about=topic_words(topics), **of_topics),
        "gaps": gaps_table(topics, trends),
        "outline": topics.outline.assign(label=topics.outline["name"]),
        "reader": _reader(check),
        "concepts": _concepts(trends),
        "overlap": _overlap(topics, trends),
        "pairs": _pairs(trends),
        "bursts": _bursts(topics, trends),
        "events": _events(topics, trends),
        "groupings": groupings_table(trends.groups),
        "groups": differences_table(trends.groups, topics),
        "verdicts": _verdicts(trends),
        "calibration": _calibration(trends),
        "limits": trends.limits.set_index("about")[["text"]],
        "quality": _quality(topics),
        "settings": _settings(topics, trends, seed, versions or {}),
    }
    for name, table in tables.items():
        table.index = table.index.astype("str").rename(name)
    return tables


def _flow(corpus: Corpus, topics: Topics) -> pd.DataFrame:
    papers = corpus.facts("date", "date_precision", "date_inferred", "arxiv_id")
    records = corpus.occurrence_facts("file", "paper_id", "date")
    precision = papers["date_precision"].value_counts()
    sources, apart = corpus.source_of(records["file"]), corpus.conflicts["field"] == KEPT_APART
    listed = records.assign(source=sources)[["paper_id", "source"]].drop_duplicates()
    by_page = records.dropna(subset="date")["paper_id"].nunique()
    extra = {
        "sources": int(sources.nunique()),
        "papers_dated_by_source": int(by_page),
        "papers_dated_by_supplement": int(papers["date"].notna().sum() - by_page),
        "papers_day_precise": int(precision.get("day", 0)),
        "papers_month_precise": int(precision.get("month", 0)),
        "papers_year_precise": int(precision.get("year", 0)),
        "papers_on_several_sources": int((listed["paper_id"].value_counts() > 1).sum()),
        "papers_with_arxiv_id": int(papers["arxiv_id"].notna().sum()),
        "conflicting_facts": int((~apart).sum()),
        "records_kept_apart": int(apart.sum()),
        "files_unread": int((corpus.rejects["scope"] == "file").sum()),
        "dates_rejected": int((corpus.rejects["scope"] == "date").sum()),
        "dates_with_inferred_year": int(papers["date_inferred"].sum()),
        "sources_with_bounded_year": int((corpus.pages["taken_status"] == "bounded").sum()) if len(corpus.pages) else 0,
        "papers_unclaimed": int((topics.assignments["topic"] < 0).sum()),
    }
    return pd.DataFrame({"count": {**corpus.counts.to_dict(), **extra}})


def _sources(corpus: Corpus) -> pd.DataFrame:
    occurrences = corpus.occurrence_facts("file", "paper_id")
    dates = corpus.facts("date")["date"]
    occurrences = occurrences.assign(file=corpus.source_of(occurrences["file"]))
    frame = occurrences.groupby("file").agg(records=("paper_id", "size"), papers=("paper_id", "nunique"))
    frame["first_listed"] = corpus.strata.value_counts().reindex(frame.index).fillna(0).astype(int)
    spans = occurrences.assign(paper_date=occurrences["paper_id"].map(dates)).groupby("file")["paper_date"]
    frame["earliest"] = spans.min().dt.strftime("%Y-%m-%d").fillna("unknown")
    frame["latest"] = spans.max().dt.strftime("%Y-%m-%d").fillna("unknown")
    # of several files of a source the last day counts
    taken = corpus.pages.groupby("source")["taken"].max() if len(corpus.pages) else pd.Series(dtype=str)
    frame["taken"] = taken.reindex(frame.index).replace("", None).fillna("unknown")
    return frame


def _who(corpus: Corpus, topics: Topics) -> pd.DataFrame:
    """Return the countries, venues and authors of most papers with a topic, as the sources list them."""
    table, known = listed_counts(corpus, topics, _MOST_NAMED)
    listed = pd.Series([known[kind] for kind in table["kind"]], index=table.index, dtype="int64")
    columns = {name: table[name] for name in ("kind", "name", "papers", "fractional")}
    return pd.DataFrame({**columns, "known": listed, "percent": 100 * table["papers"] / listed})


def _periods(corpus: Corpus, trends: Trends) -> pd.DataFrame:
    dates = corpus.facts("date")["date"].dropna()
    frame = trends.series.drop_duplicates("period").set_index("period")[["n_total", "partial"]]
    summary: dict[str, object] = {
        "first": frame.index[0] if len(frame) else "none",
        "last": frame.index[-1] if len(frame) else "none",
        "count": len(frame),
        "thin": int((frame["n_total"] < THIN_PERIOD).sum()),
        "thin_limit": THIN_PERIOD,
        "partial": ", ".join(frame.index[frame["partial"]]) or "none",
        "most_papers": int(frame["n_total"].max()) if len(frame) else 0,
        "fullest": str(frame["n_total"].idxmax()) if len(frame) else "none",
        "earliest": dates.min().date().isoformat() if len(dates) else "none",
        "latest": dates.max().date().isoformat() if len(dates) else "none",
        "earliest_year": str(dates.min().year) if len(dates) else "none",
        "latest_year": str(dates.max().year) if len(dates) else "none",
        "covered_until": trends.note["last_day"],
    }
    return pd.DataFrame({"value": pd.Series(summary, dtype=object)})


def _themes(topics: Topics, trends: Trends) -> pd.DataFrame:
    frame = topics.themes[["label", "size"]].copy()
    frame["percent"] = 100 * frame["size"] / len(topics.assignments)
    frame["topics"] = topics.themes["topics"].map(len)
    return frame.join(_tested(trends.theme_tests)).join(_survival(trends, "themes"))


def _topics(corpus: Corpus, topics: Topics, trends: Trends) -> pd.DataFrame:
    table = topics.table[topics.table.index >= 0]
    frame = table[["label", "theme", "size"]].copy()
    frame["percent"] = 100 * table["share"]
    frame["stability"], frame["npmi"] = table["stability"], table["npmi"]
    frame["keywords"] = table["keywords"].map(lambda words: ", ".join(words[:5]))
    frame["label_sure"] = topics.topic_quality["label_sure"]
    first = [papers[0] if papers else None for papers in table["representative_papers"]]
    titles = corpus.rows(pd.Index([paper for paper in first if paper is not None], dtype=object), "title")["title"]
    frame["representative"] = ["" if paper is None else titles[paper] for paper in first]
    return frame.join(_tested(trends.tests)).join(_survival(trends, "topics"))


def _tested(tests: pd.DataFrame) -> pd.DataFrame:
    """Return a family's tests with what a reader thinks in: percentages at both ends, points, years to double or halve."""
    frame = tests[_TREND_COLUMNS].copy()
    for name in _SHARES:
        frame[f"{name}_percent"] = 100 * tests[f"share_{name}"]
    frame["points"] = (frame["last_percent"] - frame["first_percent"]).abs()
    slope = np.log(tests["odds_ratio"]).abs()
    frame["doubling_years"] = np.log(2) / slope.where(slope > 0)
    return frame


def _survival(trends: Trends, family: str) -> pd.DataFrame:
    """Return how many other choices were asked of each topic, how many agree, and how many turn its verdict around."""
    asked = trends.sensitivity[trends.sensitivity["family"] == family]
    tests = trends.theme_tests if family == "themes" else trends.tests
    reported = asked["group"].map(tests["verdict"])
    up, down = asked["verdict"].isin(UP), asked["verdict"].isin(DOWN)
    turned = (reported.isin(UP) & down) | (reported.isin(DOWN) & up)
    counted = asked.assign(choices_agreeing=asked["agrees"], choices_reversed=turned, choices_up=up, choices_down=down)
    columns = ["choices_agreeing", "choices_reversed", "choices_up", "choices_down"]
    whole = counted.groupby("group")[columns].agg("sum")
    whole["choices"] = asked.groupby("group").size()
    return whole.reindex(tests.index, fill_value=0).astype("int64")


def _overlap(topics: Topics, trends: Trends) -> pd.DataFrame:
    """Return topics that move when papers count in every topic that enough redrawn clusterings put them in, and not without."""
    rows = beyond_first_topics(trends.tests, trends.overlap_tests, (*UP, *DOWN))
    tests = trends.overlap_tests.loc[rows]
    labels = topics.table["label"].reindex(rows).astype("str")
    return pd.DataFrame({"label": labels, "size": tests["n"]}).join(_tested(tests))


def _pairs(trends: Trends) -> pd.DataFrame:
    frame = trends.pairs.reset_index(drop=True)
    percents = {f"{end}_percent": 100 * frame[f"share_{end}"] for end in ("first", "last")}
    names = ["kind", "first", "second", "n", "odds_ratio", "low", "high", "q", "q_series", "series_holds", "verdict"]
    return pd.DataFrame({**{name: frame[name] for name in names}, **percents})


def _concepts(trends: Trends) -> pd.DataFrame:
    tests = trends.concept_tests.reset_index(drop=True)
    named = pd.DataFrame({"label": trends.concept_tests.index.to_numpy(), "size": tests["n"]})
    return named.join(_tested(tests))


def _bursts(topics: Topics, trends: Trends) -> pd.DataFrame:
    frame = trends.bursts.sort_values(["start", "topic"], kind="stable").reset_index(drop=True)
    return pd.DataFrame(
        {
            "label": frame["topic"].map(topics.table["label"]),
            "start": frame["start"].dt.strftime("%Y-%m"),
            "end": frame["end"].dt.strftime("%Y-%m"),
            "size": frame["n"],
            "expected": frame["expected"],
            "p": frame["p"],
            "q": frame["q"],
        }
    )


def _events(topics: Topics, trends: Trends) -> pd.DataFrame:
    """Return every step that was asked about, the surest first, with its group's name."""
    frame = trends.events.sort_values(["event", "p"], kind="stable").reset_index(drop=True)
    names = {
        "topics": {str(topic): label for topic, label in topics.table["label"].items()},
        "themes": {str(theme): label for theme, label in topics.themes["label"].items()},
    }
    labels = [
        names.get(family, {}).get(group, group) for family, group in zip(frame["family"], frame["group"], strict=True)
    ]
    return pd.DataFrame(
        {
            "event": frame["event"],
            "date": frame["date"].dt.strftime("%Y-%m-%d"),
            "family": frame["family"].str.removesuffix("s"),
            "label": pd.Series(labels, dtype="str"),
            "before_percent": 100 * frame["share_before"],
            "after_percent": 100 * frame["share_after"],
            "odds_ratio": frame["odds_ratio"],
            "low": frame["low"],
            "high": frame["high"],
            "p": frame["p"],
            "q": frame["q"],
        }
    )


def _calibration(trends: Trends) -> pd.DataFrame:
    """Return the share of corpora and tests, in per cent, that find a trend where there is none, at a level of 10 %."""
    frame = trends.calibration[trends.calibration["level"] == CALIBRATED].set_index("test")
    percents = {f"{name}_percent": 100 * frame[name] for name in ("level", "share", "low", "high")}
    return pd.DataFrame({**percents, "corpora": frame["corpora"]})


def _verdicts(trends: Trends) -> pd.DataFrame:
    families = {"themes": trends.theme_tests, "topics": trends.tests, "concepts": trends.concept_tests}
    rows = {}
    for family, tests in families.items():
        counts = tests["verdict"].value_counts()
        row: dict[str, int] = {verdict: int(counts.get(verdict, 0)) for verdict in VERDICTS}
        rise, fall = tests["detectable_rise"], tests["detectable_fall"]
        assessable = int((~tests["note"].str.startswith("Not assessable")).sum())
        nominal = int((tests["q"] < float(trends.note["alpha"])).sum())
        directed = sum(row[verdict] for verdict in (*UP, *DOWN))
        moved = sum(row[verdict] for verdict in MOVED)
        rows[family] = {
            "tests": len(tests),
            **{verdict.replace(" ", "_"): count for verdict, count in row.items()},
            "small": row["small rise"] + row["small fall"],
            "turned": row["peak"] + row["trough"],
            "moved": moved,
            "beyond_wandering": int(tests["beyond_wandering"].fillna(False).sum()),
            "wandering_asked": int(tests["beyond_wandering"].notna().sum()),
            "directed": directed,
            "series_held": int((tests["verdict"].isin([*UP, *DOWN]) & tests["series_holds"].fillna(False)).sum()),
            "assessable": assessable,
            "below_alpha": nominal,
            "median_detectable_rise": float(rise.median()) if len(tests) else np.inf,
            "median_detectable_fall": float(fall.median()) if len(tests) else 0.0,
            "without_detectable_rise": int(np.isinf(rise).sum()),
            "without_detectable_fall": int((fall == 0).sum()),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def _reader(check: ReaderCheck | None) -> pd.DataFrame:
    """Return what a reader who sorted a sample says, shares in per cent; without rows where nobody did."""
    if check is None:
        return pd.DataFrame({"value": pd.Series(dtype=object)})
    share, low, high = (100 * value for value in check.misplaced)
    values: dict[str, object] = {
        "papers_read": len(check.answers),
        "unanswered": check.unanswered,
        "misplaced_percent": share,
        "misplaced_low_percent": low,
        "misplaced_high_percent": high,
        "kappa": check.kappa,
    }
    return pd.DataFrame({"value": pd.Series(values, dtype=object)})


def _quality(topics: Topics) -> pd.DataFrame:
    frame = topics.quality.set_index("name")[["value"]].copy()
    members = topics.assignments["membership"]
    real = topics.table[topics.table.index >= 0]
    frame.loc["topics", "value"] = len(real)
    frame.loc["themes", "value"] = len(topics.themes)
    frame.loc["unstable_topics", "value"] = int((real["stability"] < UNSTABLE).sum())
    frame.loc["unstable_limit", "value"] = UNSTABLE
    frame.loc["sure_papers_percent", "value"] = float(100 * (members >= 0.8).mean())
    frame.loc["sure_limit", "value"] = 0.8
    frame.loc["coverage_percent", "value"] = float(100 * frame.loc["coverage", "value"])
    frame.loc["largest_percent", "value"] = float(100 * real["share"].max())
    frame.loc["smallest_size", "value"] = int(real["size"].min())
    frame.loc["title_only", "value"] = len(topics.title_only)
    frame.loc["copies", "value"] = len(topics.copies)
    frame.loc["outline_topics", "value"] = len(topics.outline)
    frame.loc["outline_supported", "value"] = int((topics.outline["told"] == "supported").sum())
    frame.loc["edits", "value"] = len(topics.edits)
    frame.loc["edits_applied", "value"] = int(topics.edits["applied"].sum())
    return frame


def _settings(topics: Topics, trends: Trends, seed: int, versions: Mapping[str, str]) -> pd.DataFrame:
    chosen = topics.granularity.loc[topics.granularity["chosen"], "reason"]
    note = trends.note
    values: dict[str, object] = {
        "seed": seed,
        "alpha_percent": f"{100 * float(note['alpha']):g}",
        "interval_percent": 95,
        "power_percent": 80,
        "permutations": int(note["permutations"]),
        "draws": int(note["draws"]),
        "robustness_percent": f"{100 * float(note['robustness_required']):g}",
        "equivalence_change": f"{float(note['equivalence_change']):.3g}",
        "first_end": note["first_end"],
        "last_end": note["last_end"],
        "periods": note["period"],
        "strata": int(note["strata"]),
        "overlap_percent": f"{100 * LEAST_SHARE:g}",
        "author_groups": note.get("author_groups", "unknown"),
        "papers_in_author_groups": note.get("papers_in_author_groups", "unknown"),
        "why_this_many_topics": chosen.iloc[0] if len(chosen) else "",
        "first_test": trends.tests["note"].iloc[0].rstrip(".") if len(trends.tests) else "",
        **{f"version_{name}": version for name, version in versions.items()},
    }
    return pd.DataFrame({"value": pd.Series(values, dtype=object)})
