"""What the section's template decides by: which sentences apply, and the rows that they quote."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.figures.drawing.ordering import date_kind
from analysis.survey.group_tables import told_groupings
from analysis.survey.references import citation_keys
from analysis.survey.tables import UNSTABLE
from analysis.topics.describe.layout import FEWEST_ON_MAP
from analysis.topics.outline.report import APART
from analysis.topics.result import Topics
from analysis.trends.result import Trends
from analysis.trends.verdict import DOWN, MOVED, UP, VERDICTS

# countries, venues and authors that the prose names
_WHO_TOLD = 3
_LONGEST_SOURCES_TABLE = 30


def template_context(
    corpus: Corpus,
    topics: Topics,
    trends: Trends,
    tables: Mapping[str, pd.DataFrame],
    cited: pd.DataFrame,
    versions: list[str],
) -> dict[str, Any]:
    """Return what the template decides by; the values that it shows are all quoted from tables."""
    verdicts = tables["verdicts"]
    testable = bool((verdicts["assessable"] > 0).any())
    alpha = float(tables["settings"]["value"]["alpha_percent"]) / 100
    return {
        **_of_corpus(tables),
        "dates_of": date_kind(corpus.pages),
        **_of_topics(len(corpus), topics, tables, cited),
        **_of_trends(trends, tables, alpha),
        **_of_groups(tables),
        "gaps": {kind: tables["gaps"].index[tables["gaps"]["kind"] == kind].tolist() for kind in ("passed by", "pair")},
        "testable": testable,
        "versions": versions,
        "who": _told_who(tables["who"]),
        # without trends nothing needs to be said of what they compare
        "limits": [
            row
            for row in ("windows", "texts", "languages", *(["shares"] if testable else []))
            if row in tables["limits"].index
        ],
    }


def _of_corpus(tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    flow, periods = tables["flow"]["count"], tables["periods"]["value"]
    return {
        "n": {name: int(value) for name, value in flow.items()},
        "one": lambda name, single, several: single if flow[name] == 1 else several,
        "several_sources": flow["sources"] > 1,
        "has_sources_table": 1 < flow["sources"] <= _LONGEST_SOURCES_TABLE,
        "has_periods": periods["count"] > 0,
        "one_period": periods["count"] == 1,
        "one_thin": periods["thin"] == 1,
        "one_in_fullest": periods["most_papers"] == 1,
        "has_thin": periods["thin"] > 0,
        "has_imprecise": flow["papers_month_precise"] + flow["papers_year_precise"] > 0,
    }


def _of_topics(
    n_papers: int, topics: Topics, tables: Mapping[str, pd.DataFrame], cited: pd.DataFrame
) -> dict[str, Any]:
    quality, themes = tables["quality"]["value"], _themes(topics, cited, tables["topics"])
    return {
        "themes": themes,
        "about": {name: tables[name]["about"].to_dict() for name in ("themes", "topics")},
        "first_seen": tables["themes"]["first_seen"].to_dict(),
        "came": {name: tables[name]["verdict"].to_dict() for name in ("themes", "topics")},
        "assessed": {name: tables[name]["first_percent"].notna().to_dict() for name in ("themes", "topics")},
        "unstable": [row for row, value in tables["topics"]["stability"].items() if value < UNSTABLE],
        "sizes": {name: tables[name]["size"].to_dict() for name in ("themes", "topics")},
        "one_topic": quality["topics"] == 1,
        "method": topics.method,
        "sentences": _by_sentences(topics),
        "recorded": _by_records(topics),
        "checked": len(tables["reader"]) > 0,
        "title_only": len(topics.title_only),
        "copies": len(topics.copies),
        **_outline(topics),
        "redrawn": topics.draws.shape[1] > 0,
        "mapped": n_papers >= FEWEST_ON_MAP,
        "edited": quality["edits"] > 0,
    }


def _of_trends(trends: Trends, tables: Mapping[str, pd.DataFrame], alpha: float) -> dict[str, Any]:
    verdicts, groups = tables["verdicts"], str(tables["settings"]["value"]["author_groups"])
    has_concepts = len(tables["concepts"]) > 0
    families = [_family(name, tables[name], alpha) for name in ("themes", "topics", "concepts")[: 2 + has_concepts]]
    return {
        "families": families,
        "any_verdict": any(
            family["rows"][verdict] for family in families[:2] for verdict in VERDICTS if verdict != "inconclusive"
        ),
        "has_concepts": has_concepts,
        "has_choices": len(trends.sensitivity) > 0,
        "bursts": list(tables["bursts"].index),
        "calibrated": len(tables["calibration"]) > 0,
        "calibrated_pooled": "sources pooled" in tables["calibration"].index,
        "wandering": bool((verdicts["wandering_asked"] > 0).any()),
        "author_groups": groups not in ("0", "unknown"),
        "one_author_group": groups == "1",
        "any_directed": any(verdicts["directed"] > 0),
        "pairs": _told_pairs(tables["pairs"]),
        "overlap": tables["overlap"].index.tolist(),
        "overlap_up": (tables["overlap"]["odds_ratio"] > 1).to_dict(),
        "overlapping": len(trends.overlap_tests) > 0,
        "events": _events(tables["events"], alpha),
        "powers": {
            family: {
                "rise": bool(np.isfinite(verdicts.loc[family, "median_detectable_rise"])),
                "fall": bool(verdicts.loc[family, "median_detectable_fall"] > 0),
            }
            for family in ("themes", "topics")
        },
    }


def _of_groups(tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    return {
        "groupings": told_groupings(tables["groupings"], tables["groups"]),
        "group_way": tables["groups"]["verdict"].to_dict(),
        "slope_way": tables["groups"]["slope_verdict"].to_dict(),
    }


def _told_pairs(table: pd.DataFrame) -> dict[str, Any]:
    """Return the rows of pairs that moved, by kind, and how many were asked."""
    moved = table[table["verdict"] != "inconclusive"]
    rows = {kind: moved.index[moved["kind"] == kind].tolist() for kind in ("concept in topic", "topic against topic")}
    unheld = moved.index[~moved["series_holds"].fillna(True).astype(bool)].tolist()
    return {
        "asked": len(table),
        "unheld": unheld,
        "rows": rows,
        "up": (table["odds_ratio"] > 1).to_dict(),
        "moved": len(moved),
    }


def _told_who(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of what several papers list most often, by kind."""
    told = table[table["papers"] > 1].groupby("kind", sort=False).head(_WHO_TOLD)
    plurals = {"country": "countries", "venue": "venues", "author": "authors"}
    return [{"kind": plurals[str(kind)], "rows": list(rows.index)} for kind, rows in told.groupby("kind", sort=False)]


def _family(name: str, table: pd.DataFrame, alpha: float) -> dict[str, Any]:
    rows = {verdict: table.index[table["verdict"] == verdict].tolist() for verdict in VERDICTS}
    aside = table.index[(table["q"] < alpha) & table["verdict"].isin(["steady", "inconclusive"])].tolist()
    asked = name != "concepts"
    beyond = table.index[table["beyond_wandering"].fillna(False) & table["verdict"].isin(MOVED)].tolist()
    directed = table["verdict"].isin([*UP, *DOWN])
    return {
        "name": name,
        "unheld": table.index[directed & ~table["series_holds"].fillna(True)].tolist(),
        "noun": name.removesuffix("s"),
        "aside": aside,
        "rows": rows,
        "beyond": beyond,
        "up": (table["odds_ratio"] > 1).to_dict(),
        "course": table["course"].to_dict(),
        "doubling": {row: bool(0.05 < years < 100) for row, years in table["doubling_years"].items()},
        "choices": table["choices"].to_dict() if asked else {},
        "reversed": table["choices_reversed"].to_dict() if asked else {},
    }


def _events(table: pd.DataFrame, alpha: float) -> list[dict[str, Any]]:
    """Return the events that were asked about, and the rows of the steps that are beyond chance."""
    return [
        {
            "first": rows.index[0],
            "steps": rows.index[rows["q"] < alpha].tolist(),
            "up": (rows["odds_ratio"] > 1).to_dict(),
        }
        for _, rows in table.groupby("event", sort=False)
    ]


def _outline(topics: Topics) -> dict[str, Any]:
    """Return what the section tells of a reader's outline: rows of what is weak, missed, and hardly told apart."""
    told = topics.outline
    near = told.index[(told["margin"] < APART) & (told["neighbour"] != "") & (told["told"] != "unsupported")]
    return {
        "outline": len(told) > 0,
        "one_supported": (told["told"] == "supported").sum() == 1,
        "weak": told.index[told["told"] == "unsupported"].tolist(),
        "alike": near.tolist(),
        "beside": topics.beside_outline,
        "beside_none": len(told) > 0 and not topics.beside_outline,
    }


def _by_sentences(topics: Topics) -> bool:
    """Return whether a sentence model made some of the vectors."""
    options = None if topics.origin is None else topics.origin.options
    return options is not None and options.transformer is not None


def _by_records(topics: Topics) -> str:
    """Return which records made views beside the texts, in words; empty where none did."""
    words = {
        "keywords": "author keywords",
        "index terms": "the databases' index terms",
        "coupling": "the works that papers cite in common",
        "co-citation": "the papers that cite them together",
    }
    used = topics.views.index[topics.views["views"] > 0]
    told = [words[name] for name in used if name in words]
    return " and ".join(", ".join(told).rsplit(", ", 1))


def _themes(topics: Topics, papers: pd.DataFrame, told: pd.DataFrame) -> list[dict[str, Any]]:
    keys = citation_keys(papers)
    cited = {
        topic: [keys[paper] for paper in papers[:2]] for topic, papers in topics.table["representative_papers"].items()
    }
    return [
        {
            "row": str(number),
            "split": len(row["topics"]) > 1,
            "topics": [{"row": str(topic), "cites": cited[topic]} for topic in row["topics"]],
            "doubtful": [str(topic) for topic in row["topics"] if told.loc[str(topic), "stability"] < UNSTABLE],
        }
        for number, row in topics.themes.iterrows()
    ]
