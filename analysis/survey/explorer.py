"""The explorer: one self-contained page with the topic map, a table of papers, and what each topic does."""

import json
import tomllib
from collections.abc import Hashable, Mapping, Sequence
from importlib.resources import files
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis.concepts.mentions import Concepts
from analysis.corpus.paper import Corpus
from analysis.errors import SettingsError
from analysis.escaping import html_text, identifier_text, one_line, url_text
from analysis.figures.drawing import share_panels
from analysis.figures.drawing.style import OUTLIER, Style
from analysis.figures.specs import topic_similarity
from analysis.io.display import counted
from analysis.io.files import hash_bytes
from analysis.survey.references import citation_keys
from analysis.topics.edits import checked_edits, reader_marks
from analysis.topics.named import PaperFinder
from analysis.topics.result import Topics
from analysis.topics.shown import shown_papers
from analysis.trends.groups.reading import PaperGroups, read_groups
from analysis.trends.periods import calendar_periods, period_of
from analysis.trends.result import Trends

Host = Literal["file", "server", "notebook"]
# the page's script, in the order of its parts
_PARTS = ("core", "search", "choose", "timeline", "map", "card", "table", "save", "curate", "host", "main")
# how each kind of page keeps edits: in words, and on its button
_SAVING = {
    "file": (
        "Open a topic, or mark papers in the table. Edits are shown at once as far as a page can tell; download them into the "
        "study's data folder, and the next run applies them and tests trends anew.",
        "Save edits",
    ),
    "server": (
        "Open a topic, or mark papers in the table. Edits are shown at once as far as a page can tell; saving them applies them "
        "and runs what follows.",
        "Save edits and run",
    ),
    "notebook": (
        "Open a topic, or mark papers in the table. Edits are shown at once as far as a page can tell and stand in view.edits.",
        "Save edits",
    ),
}
# abstracts are carried, and searched, up to this many characters in all
_MOST_TEXT = 12_000_000
# countries and venues that are offered as filters; the smallest are gathered
_MOST_CHOICES = 60
# a topic's nearest others that its card names, if their papers are together at least so often
_MOST_NEAR, _NEAR = 3, 0.02
# key phrases that its card tells
_MOST_ABOUT = 6


def explorer_page(
    corpus: Corpus,
    topics: Topics,
    trends: Trends,
    concepts: Concepts | None = None,
    title: str = "A literature study",
    *,
    edits: str = "",
    host: Host = "file",
) -> str:
    """Return the explorer as one HTML page that asks the network for nothing.

    Parameters
    ----------
    corpus, topics, trends
    concepts : Concepts, optional
        For the filter by concept.
    title : str
    edits : str
        The text of ``topic_edits.toml``: its stars and notes are shown, and what is saved goes on from it.
    host : {"file", "server", "notebook"}
        Where the page will stand, which decides how it saves edits: as a file, to the server that it comes from, or into
        the cell of a notebook.

    Returns
    -------
    str
        The same tables give the same page. All text of papers is data, never markup.
    """
    from plotly.offline import get_plotlyjs

    papers = corpus.rows(_shown(topics))
    with_abstracts = int(papers["abstract"].str.len().sum()) <= _MOST_TEXT
    places = {
        name: read_groups(corpus, papers.index, by, fewest=1, most=_MOST_CHOICES)
        for name, by in (("countries", "country"), ("venues", "venue"))
    }
    content = _content(papers, corpus.strata.loc[papers.index], topics, trends, concepts, places, with_abstracts)
    content |= _marks(papers, edits) | {"host": host, "base": state_of(topics, edits), "edits": edits}
    # drafts of edits in a browser are of these papers in these topics
    content["key"] = state_of(topics, "")[:24]
    unapplied = topics.edits[~topics.edits["applied"].astype(bool)]
    content["unapplied"] = [f"{row.number} ({row.action}): {one_line(row.outcome)}" for row in unapplied.itertuples()]
    whole = len(topics.assignments)
    content["whole"] = whole
    drawn = (
        f" The page holds {len(papers):,} of the papers, drawn evenly from every topic, with those that represent it; its "
        "counts are of these."
        if len(papers) < whole
        else ""
    )
    summary = (
        f"{counted(whole, 'paper')} in {counted(int((topics.table.index >= 0).sum()), 'topic')} and "
        f"{counted(len(topics.themes), 'theme')}. Choose papers, read their topics, save the selection; "
        f"the address keeps search and filters.{drawn}"
    )
    parts = {
        "TITLE": html_text(title),
        "SUMMARY": html_text(summary),
        "SEARCHED": " and abstracts" if with_abstracts else "",
        "SAVING": html_text(_SAVING[host][0]),
        "SAVE": html_text(_SAVING[host][1]),
        "CONNECT": "'self'" if host == "server" else "'none'",
        "LIMITS": "".join(f"<li>{html_text(text)}</li>" for text in trends.limits["text"]),
        "STYLE": _template("page.css"),
        "PLOTLY": str(get_plotlyjs()),
        "SCRIPT": '"use strict";\n(() => {\n' + "\n".join(_template(f"{name}.js") for name in _PARTS) + "\n})();",
        "DATA": _embedded(content),
    }
    page = _template("page.html")
    # split once, so that nothing inside a part is taken for a marker of another
    pieces = page.split("@@")
    return "".join(piece if number % 2 == 0 else parts[piece] for number, piece in enumerate(pieces))


def state_of(topics: Topics, edits: str) -> str:
    """Return a hash of topics and of the file of edits: what a page must know to add to them."""
    assigned = pd.util.hash_pandas_object(topics.assignments["topic"].astype("int64"))
    return hash_bytes(assigned.to_numpy().tobytes() + edits.encode())


def _marks(papers: pd.DataFrame, edits: str) -> dict[str, Any]:
    """Return the papers that edits star, and their notes, by id."""
    try:
        listed = tomllib.loads(edits.removeprefix("\ufeff")).get("edit", [])
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"the edits cannot be read: {error}") from error
    starred, notes = reader_marks(checked_edits(listed, "the file of edits"))
    finder = PaperFinder(papers.index, papers["title"].tolist())
    ids = [str(paper) for paper in papers.index]
    found = {paper: finder.find(paper) for paper in (*starred, *notes)}
    return {
        "starred": [ids[row] for paper in starred if (row := found[paper]) is not None],
        "notes": [[ids[row], text] for paper, text in notes.items() if (row := found[paper]) is not None],
    }


def _shown(topics: Topics) -> pd.Index:
    """Return the papers that the page holds: of a large corpus an even draw, with those that represent topics."""
    representatives = pd.Index(topics.representatives["paper_id"].unique())
    rows = shown_papers(topics.assignments["topic"], representatives)
    return topics.assignments.index[rows]


def _template(name: str) -> str:
    return files("analysis.survey").joinpath(f"templates/explorer/{name}").read_text("utf-8")


def _embedded(content: Mapping[str, Any]) -> str:
    """Return JSON that cannot end the script element it stands in."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _content(
    papers: pd.DataFrame,
    strata: pd.Series,
    topics: Topics,
    trends: Trends,
    concepts: Concepts | None,
    places: Mapping[str, PaperGroups],
    with_abstracts: bool,
) -> dict[str, Any]:
    assignments, layout = topics.assignments.loc[papers.index], topics.layout.loc[papers.index]
    sources = sorted(set(strata))
    number_of = {name: number for number, name in enumerate(sources)}
    named = [] if concepts is None else concepts.table.index[concepts.table["n"] > 0].tolist()
    said = (
        np.zeros((len(papers), 0), dtype=bool)
        if concepts is None
        else concepts.mentions.loc[papers.index, named].to_numpy()
    )
    periods, period = _periods(papers)
    keys = citation_keys(papers)
    rows = [
        {
            "id": str(paper),
            "title": one_line(row.title),
            "date": "" if pd.isna(row.date) else f"{row.date:%Y-%m-%d}",
            "precision": row.date_precision,
            "period": period[number],
            "topic": int(assigned.topic),
            "membership": _rounded(assigned.membership, 4),
            "source": number_of[strata.iloc[number]],
            "x": round(float(point.x), 4),
            "y": round(float(point.y), 4),
            "concepts": np.flatnonzero(said[number]).tolist(),
            **{name: np.flatnonzero(groups.weights[number]).tolist() for name, groups in places.items()},
            "arxiv": identifier_text(_text(row.arxiv_id)),
            "doi": identifier_text(_text(row.doi)),
            "url": url_text(_text(row.url)),
            "authors": _authors(row.authors),
            "key": keys[paper],
            **({"abstract": one_line(row.abstract)} if with_abstracts else {}),
        }
        for number, (paper, row, assigned, point) in enumerate(
            zip(papers.index, papers.itertuples(), assignments.itertuples(), layout.itertuples(), strict=True)
        )
    ]
    return {
        "papers": rows,
        "topics": _topics(topics, trends, {paper: number for number, paper in enumerate(papers.index)}),
        "themes": topics.themes["label"].tolist(),
        # the last colour is that of papers without a theme
        "colours": [*(Style().colour_of(number) for number in range(len(topics.themes))), OUTLIER],
        "periods": periods,
        "sources": [one_line(source) for source in sources],
        "concepts": named,
        **{name: [one_line(group) for group in groups.names] for name, groups in places.items()},
    }


def _topics(topics: Topics, trends: Trends, position: Mapping[Hashable, int]) -> list[dict[str, Any]]:
    theme_of, beside = topics.theme_of_topic, set(topics.beside_outline)
    courses, near = _courses(topics, trends), _nearest(topics)
    about = topics.key_phrases.groupby("topic")["phrase"].agg(list)
    return [
        {
            "label": one_line(row["label"]),
            "theme": int(theme_of[topic]),
            "size": int(row["size"]),
            "keywords": list(row["keywords"]),
            "about": about.get(topic, [])[:_MOST_ABOUT],
            "sure": bool(topics.topic_quality.loc[topic, "label_sure"]),
            "beside": topic in beside,
            "stability": _rounded(row["stability"], 3),
            "verdict": trends.tests["verdict"].get(topic, "inconclusive"),
            "note": trends.tests["note"].get(topic, ""),
            "representatives": [position[paper] for paper in row["representative_papers"]],
            "series": courses.get(int(topic), []),
            "near": near.get(int(topic), []),
        }
        for topic, row in topics.table[topics.table.index >= 0].iterrows()
    ]


def _courses(topics: Topics, trends: Trends) -> dict[int, list[dict[str, Any]]]:
    """Return each topic's share over time, thin periods told together, as the figure of shares has it."""
    frame = share_panels.data(topics, trends, "topics")
    return {
        int(topic): [
            {
                "period": str(row.period),
                "at": _rounded(row.at, 3),
                "n": int(row.n_topic),
                "total": int(row.n_total),
                "partial": bool(row.partial),
                **{name: _rounded(getattr(row, name), 4) for name in ("share", "low", "high", "fitted")},
            }
            for row in part.itertuples()
        ]
        for topic, part in frame.groupby("group", sort=False)
    }


def _nearest(topics: Topics) -> dict[int, list[list[float]]]:
    """Return each topic's nearest others and how often redrawn clusterings keep papers of both together."""
    frame = topic_similarity.data(topics).dropna(subset="together")
    frame = frame[(frame["topic"] != frame["other"]) & (frame["together"] >= _NEAR)]
    first = frame.sort_values("together", ascending=False, kind="stable").groupby("topic", sort=False).head(_MOST_NEAR)
    return {
        int(topic): [[int(row.other), round(float(row.together), 3)] for row in part.itertuples()]
        for topic, part in first.groupby("topic")
    }


def _rounded(value: float, digits: int) -> float | None:
    """Return a number as JSON knows it: none where it is unknown."""
    return None if pd.isna(value) else round(float(value), digits)


def _periods(papers: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the years of the corpus, and the year of each paper; "undated" where it has none."""
    dates = papers["date"]
    if not dates.notna().any():
        return ["undated"], ["undated"] * len(papers)
    names = calendar_periods(dates, "year", (dates.min(), dates.max()))["period"].tolist()
    numbers = period_of(dates, "year", dates.min())
    of_papers = [names[number] if number >= 0 else "undated" for number in numbers.tolist()]
    return [*names, *(["undated"] if "undated" in of_papers else [])], of_papers


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)


def _authors(value: object) -> list[str]:
    return [one_line(author) for author in value] if isinstance(value, Sequence) and not isinstance(value, str) else []
