"""A study with new exports: what came, where it went, what the topics do not know, and which statements changed."""

import difflib
import json
import re
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import ArtefactError
from analysis.io.display import counted
from analysis.io.files import hash_json, write_text
from analysis.study.execution import is_current, perform, run_stages, stage_inputs
from analysis.study.stages import STAGES, RunContext, stage_named
from analysis.study.workspace import Workspace

if TYPE_CHECKING:
    from analysis.io.runner import CheckpointedRunner

# papers of a candidate that are printed
_SHOWN = 5
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z*])")


@dataclass(frozen=True)
class StudyUpdate:
    """What an update did.

    Attributes
    ----------
    new : DataFrame, index paper_id
        title, topic, label, membership of the papers that were placed.
    gone : list of str
        Papers that the corpus does not hold any more.
    candidates : DataFrame
        As `Topics.candidates`: groups of papers that may be a new topic.
    stale : DataFrame, index topic
        As `analysis.topics.update.stale_topics`: topics that new papers pass by.
    statements : list of str
        Sentences of the survey section that went ("- ...") and came ("+ ...").
    titles : dict of paper_id to str
        Of the papers that candidates and stale topics name.
    """

    new: pd.DataFrame
    gone: list[str]
    candidates: pd.DataFrame
    stale: pd.DataFrame
    statements: list[str]
    titles: dict[str, str]

    def __str__(self) -> str:
        lines = [f"{counted(len(self.new), 'new paper')}, {len(self.gone)} gone."]
        for label, count in self.new["label"].value_counts().items():
            lines.append(f"  {label}: {count}")
        for row in self.candidates.itertuples():
            words = ", ".join(row.keywords[:5])
            lines.append(f"Candidate for a new topic, near {row.nearest_label}: {counted(row.size, 'paper')} ({words})")
            lines += [f"  {paper} {self.titles[paper]}" for paper in row.papers[:_SHOWN]]
        for row in self.stale.itertuples():
            lines.append(
                f"Gone stale: {row.label}, {row.new} new where {row.expected:.1f} were expected; its last papers:"
            )
            lines += [f"  {paper} {self.titles[paper]}" for paper in row.last_papers]
        if self.statements:
            lines += ["What changed in the survey's statements:", *(f"  {statement}" for statement in self.statements)]
        return "\n".join(lines)


@dataclass(frozen=True)
class _PendingUpdate:
    """What an update has to tell at its end; it lies on disk until then, so that an interrupted one tells it all.

    Attributes
    ----------
    fit : str
        Hash of the papers in which the topics were found: a new fit has nothing to tell of updates before it.
    statements : list of str
        Sentences of the survey section before.
    new, gone : list of str
        Papers that came and went.
    """

    fit: str
    statements: list[str]
    new: list[str]
    gone: list[str]

    @classmethod
    def of(cls, workspace: Workspace) -> "_PendingUpdate":
        """Return the update that was interrupted, or one that begins now."""
        fit, path = hash_json(workspace.topics.landmarks["paper_id"].tolist()), _pending_path(workspace)
        if path.is_file():
            try:
                pending = cls(**json.loads(path.read_text(encoding="utf-8")))
            except (ValueError, TypeError) as error:
                raise ArtefactError(f"{path} is damaged; delete it, and call `topictrends update` again") from error
            if pending.fit == fit:
                return pending
        return cls(fit, _statements(_section(workspace)), [], [])

    def write(self, workspace: Workspace) -> None:
        """Keep what is to be told."""
        write_text(_pending_path(workspace), json.dumps(asdict(self), ensure_ascii=False))

    def with_papers(self, before: pd.Index, now: pd.Index) -> "_PendingUpdate":
        """Return what is to be told where the papers `before` are about to become those of `now`."""
        new = now.difference(before).union(now.intersection(pd.Index(self.new, dtype=object)))
        gone = before.difference(now).union(pd.Index(self.gone, dtype=object).difference(now))
        return replace(self, new=new.tolist(), gone=gone.tolist())


def _pending_path(workspace: Workspace) -> Path:
    return workspace.data / "update.json"


def _section(workspace: Workspace) -> Path:
    return workspace.figures_folder / "survey" / "section.md"


def update(workspace: Workspace, context: RunContext) -> StudyUpdate:
    """Take in new exports; see `Study.update`."""
    record, stage = workspace.manifest().stages.get("topics"), stage_named("topics")
    if record is None:
        raise ArtefactError(
            "this study has no topics yet; `topictrends run` finds them, later exports are taken in by `update`"
        )
    workspace.check_folders()
    pending = _PendingUpdate.of(workspace)
    pending.write(workspace)
    run_stages(workspace, ["corpus"], context)
    inputs = stage_inputs(workspace, stage)
    changed = sorted(
        name for name, content in inputs.items() if name != "corpus" and record.inputs.get(name) != content
    )
    gone = sorted(name for name in record.inputs if name not in inputs)
    if changed or gone:
        raise ArtefactError(
            f"since the topics were found, {', '.join([*changed, *gone])} changed, so they must be found again: `topictrends run`"
        )
    if not is_current(workspace, stage):
        perform(workspace, stage, context, partial(_update_topics, pending))
    run_stages(workspace, [stage.name for stage in STAGES], context)
    done = _summarise(workspace, _PendingUpdate.of(workspace))
    _pending_path(workspace).unlink(missing_ok=True)
    return done


def _summarise(workspace: Workspace, pending: _PendingUpdate) -> StudyUpdate:
    from analysis.topics.update import stale_topics

    topics, papers = workspace.topics, workspace.corpus.facts("title", "date")
    stale = stale_topics(topics, pd.Index(pending.new, dtype=object), papers["date"])
    new = topics.assignments.loc[pending.new, ["topic", "membership"]]
    placed = pd.DataFrame(
        {
            "title": papers["title"].loc[new.index],
            "topic": new["topic"],
            "label": new["topic"].map(topics.table["label"]),
            "membership": new["membership"],
        }
    )
    named = {paper for rows in (topics.candidates["papers"], stale["last_papers"]) for row in rows for paper in row}
    titles = papers["title"][papers.index.isin(named)].to_dict()
    statements = _difference(pending.statements, _statements(_section(workspace)))
    return StudyUpdate(placed, pending.gone, topics.candidates, stale, statements, titles)


def _update_topics(
    pending: _PendingUpdate, workspace: Workspace, context: RunContext, runner: "CheckpointedRunner"
) -> list[Path]:
    from analysis.topics.grown import placed_before
    from analysis.topics.saved import write_topics
    from analysis.topics.update import update_topics

    previous = workspace.topics
    workspace.forget("corpus")
    corpus, before = workspace.corpus, placed_before(previous)
    ids = corpus.in_topics.index[corpus.in_topics].sort_values()
    pending.with_papers(before, ids).write(workspace)
    # what a fit keeps of its partitions, or an update of other papers, is something else
    name = "update-" + hash_json([pending.fit, ids.difference(before).tolist()])[:16]
    done = update_topics(corpus, previous, workspace.fit_options, runner.under(name).run)
    # what workspace.topics held is read again from what is written now
    workspace.forget("topics", "trends")
    written = write_topics(workspace.data / "topics", done)
    return [workspace.embeddings_path, *written]


def _statements(section: Path) -> list[str]:
    """Return the sentences of a survey section; none where there is no section."""
    if not section.is_file():
        return []
    text = _COMMENT.sub("", section.read_text(encoding="utf-8"))
    return [part.strip() for line in text.splitlines() for part in _SENTENCE_END.split(line) if part.strip()]


def _difference(before: list[str], after: list[str]) -> list[str]:
    return [line for line in difflib.ndiff(before, after) if line[:2] in ("- ", "+ ")]
