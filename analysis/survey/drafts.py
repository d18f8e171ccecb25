"""Drafts of all topics: what a drafter is shown, asked for and checked."""

from collections.abc import Mapping

import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.survey.dossiers import claim_of, listed_papers
from analysis.survey.draft_check import Draft, checked_draft
from analysis.survey.drafter import CitedPaper, DraftBrief, Drafter, Fact
from analysis.survey.number_book import shown
from analysis.survey.references import citation_keys
from analysis.topics.result import Topics

# column of the table of topics, what it is, decimals, unit; {first_end} and {last_end} are cells of the settings
_FACTS = (
    ("size", "papers of the topic", None, "papers"),
    ("percent", "share of all papers in percent", 1, "%"),
    ("first_seen", "year of the first paper", None, "year"),
    ("half_since", "half of the papers are of this year or later", None, "year"),
    ("since", "year from which it is new, or after which it has ended", None, "year"),
    ("first_percent", "fitted share of the papers in {first_end}, in percent", 1, "%"),
    ("last_percent", "fitted share of the papers in {last_end}, in percent", 1, "%"),
)
# verdicts that claim no change lend a draft no shares to tell one by
_UNSAID = ("inconclusive", "")


def drafted(
    corpus: Corpus, topics: Topics, tables: Mapping[str, pd.DataFrame], cited: pd.DataFrame, drafter: Drafter
) -> dict[int, Draft]:
    """Ask for a draft of every topic and check it.

    Parameters
    ----------
    corpus, topics
    tables : mapping of name to DataFrame
        The section's.
    cited : DataFrame
        The papers that have a citation key.
    drafter : callable
        Given a `DraftBrief`, returns a paragraph.
    """
    keys = citation_keys(cited)
    drafts = {}
    for topic in topics.table.index[topics.table.index >= 0]:
        brief = _brief(corpus, topics, tables, int(topic), keys)
        drafts[int(topic)] = checked_draft(drafter(brief), brief, list(keys.values()))
    return drafts


def _brief(
    corpus: Corpus, topics: Topics, tables: Mapping[str, pd.DataFrame], topic: int, keys: Mapping[object, str]
) -> DraftBrief:
    row = topics.table.loc[topic]
    listed = [paper for paper in listed_papers(topics, topic) if paper in keys]
    facts = corpus.rows(pd.Index(listed, dtype=topics.assignments.index.dtype))
    papers = [
        CitedPaper(keys[paper], str(title), claim_of(abstract if isinstance(abstract, str) else ""))
        for paper, title, abstract in zip(facts.index, facts["title"], facts["abstract"], strict=True)
    ]
    told = _facts(tables["topics"].loc[str(topic)], tables["settings"]["value"])
    return DraftBrief(str(row["label"]), tuple(row["keywords"]), tuple(told), tuple(papers))


def _facts(row: pd.Series, settings: pd.Series) -> list[Fact]:
    """Return what the tables say of a topic; its course only where a change, or a steady share, is claimed."""
    facts = []
    verdict = str(row.get("verdict", ""))
    for column, name, digits, unit in _FACTS:
        value = row.get(column)
        is_course = column in ("since", "first_percent", "last_percent")
        if value is None or pd.isna(value) or value == "" or (is_course and verdict in _UNSAID):
            continue
        ends = {end: str(settings.get(end, "")) for end in ("first_end", "last_end")}
        number = float(str(value)[:4]) if unit == "year" else float(value)
        text = str(value)[:4] if unit == "year" else shown(value, digits)
        facts.append(Fact(name.format(**ends), text, number, unit))
        if "{" in name:
            [end] = [end for end in ends if f"{{{end}}}" in name]
            year = ends[end][:4]
            facts += [Fact(f"{end.removesuffix('_end')} period of the fitted shares", year, float(year), "year")]
    return facts
