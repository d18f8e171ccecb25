"""What a run found, in the words a person wants at its end."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from analysis.escaping import one_line
from analysis.io.display import counted
from analysis.study.workspace import Workspace
from analysis.trends.verdict import MOVED

# labels that one line names
_NAMED = 4


def run_summary(workspace: Workspace, seconds: float | None = None) -> list[str]:
    """Return what was read, which topics there are, what rises and falls, and where to look first.

    Parameters
    ----------
    workspace : Workspace
    seconds : float, optional
        How long the run took.

    Returns
    -------
    list of str
        Lines, of the stages that have run.
    """
    have_run = workspace.manifest().stages
    told = {"corpus": _corpus_line, "topics": _topics_line, "trends": _trends_line}
    lines = [line(workspace) for stage, line in told.items() if stage in have_run]
    seen = [path for path in _first_looks(workspace) if path.is_file()]
    if seen:
        shown = ", ".join(path.relative_to(workspace.folder).as_posix() for path in seen)
        lines.append(f"Look first at {shown}; `topictrends explore` opens the explorer")
    lines += [f"{name} lies here, and study.toml names it among no sources" for name in workspace.unnamed_exports()]
    if seconds is not None:
        lines.append(f"Took {_duration(seconds)}")
    return [one_line(line) for line in lines]


def _corpus_line(workspace: Workspace) -> str:
    counts = workspace.corpus.counts
    facts = workspace.corpus.facts("date", "date_precision").dropna(subset="date")
    form = "%Y" if (facts["date_precision"] == "year").all() else "%Y-%m"
    span = f", {facts['date'].min():{form}} to {facts['date'].max():{form}}" if len(facts) else ""
    said = f"Read {counted(counts['records_read'], 'record')}: {counted(counts['papers'], 'paper')}{span}"
    parts = [
        (counts["records_merged"], "merged"),
        (counts["records_rejected"], "rejected"),
        (counts["papers_undated"], "without a date"),
        (counts["papers_without_abstract"], "without an abstract"),
    ]
    aside = [f"{count:,} {what}" for count, what in parts if count]
    return said + (f" ({', '.join(aside)})" if aside else "")


def _topics_line(workspace: Workspace) -> str:
    topics = workspace.topics
    real = topics.table[topics.table.index >= 0]
    largest = _listed(f"{row.label} ({row.size})" for row in real.itertuples())
    return f"{counted(len(real), 'topic')} in {counted(len(topics.themes), 'theme')}; the largest: {largest}"


def _trends_line(workspace: Workspace) -> str:
    topics, trends = workspace.topics, workspace.trends
    said = []
    for verdict in MOVED:
        names = [
            *(f"{label} (theme)" for label in _with_verdict(trends.theme_tests, trends.themes["label"], verdict)),
            *_with_verdict(trends.tests, topics.table["label"], verdict),
            *(f"{label} (concept)" for label in _with_verdict(trends.concept_tests, None, verdict)),
        ]
        if names:
            said.append(f"{verdict.capitalize()}: {_listed(names)}")
    unclear = int((trends.tests["verdict"] == "inconclusive").sum())
    rest = f"{unclear} of {counted(len(trends.tests), 'topic')} inconclusive"
    return "; ".join([*said, rest]) if said else f"Nothing rises or falls beyond doubt; {rest}"


def _with_verdict(tests: pd.DataFrame, labels: pd.Series | None, verdict: str) -> list[str]:
    found = tests.index[tests["verdict"] == verdict]
    return [str(name) if labels is None else str(labels[name]) for name in found]


def _first_looks(workspace: Workspace) -> list[Path]:
    figures = workspace.figures_folder
    return [figures / "index.html", figures / "survey" / "section.md", figures / "README.md"]


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    return ", ".join(every[:_NAMED]) + (f" and {len(every) - _NAMED} more" if len(every) > _NAMED else "")


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.1f} min"
