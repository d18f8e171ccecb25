"""Ten weekly updates beside one fit of everything."""

import json
import sys
import tempfile
import warnings
from pathlib import Path

import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score

from analysis.study.face import Study
from tests.benchmarks.samples import ABSENT, CORPORA, sample
from tests.benchmarks.tables import markdown

_FIRST, _WEEKS, _A_WEEK = 1_000, 10, 60
_SETTINGS = 'title = "Weekly"\n[trends]\nsensitivity = false\npermutations = 99\n[figures]\nformats = []\n'


def report() -> str:
    """Fit 1,000 abstracts, take in sixty a week for ten weeks, and compare with fits of all 1,600 with two seeds."""
    if not CORPORA.is_dir():
        return f"## Weekly updates\n\n{ABSENT}"
    warnings.simplefilter("ignore")
    rows = []
    for name in ("arxiv30", "newsgroups20", "bbc_news"):
        papers = sample(name, _FIRST + _WEEKS * _A_WEEK, 0)
        with tempfile.TemporaryDirectory() as folder:
            weekly = _updated(Path(folder) / "weekly", papers)
            once, again = (_fitted(Path(folder) / f"seed-{seed}", papers, seed) for seed in (0, 1))
            truth, titles = papers.groupby("title")["label"].first(), once.corpus.papers["title"]
            found = pd.DataFrame(
                {
                    kind: study.topics.assignments["topic"]
                    for kind, study in (("weekly", weekly), ("once", once), ("again", again))
                }
            ).dropna()
        labels = truth.reindex(titles.loc[found.index]).to_numpy().astype(str)
        scores = [
            adjusted_mutual_info_score(found["weekly"], found["once"]),
            adjusted_mutual_info_score(found["again"], found["once"]),
            *(adjusted_mutual_info_score(labels, found[kind]) for kind in ("weekly", "once", "again")),
        ]
        rows.append([name, *(f"{score:.3f}" for score in scores)])
        sys.stderr.write(f"{rows[-1]}\n")
    head = [
        "corpus",
        "AMI of updates with the refit",
        "of another seed's refit with it",
        "AMI with labels, updates",
        "refit",
        "another seed's refit",
    ]
    intro = f"{_FIRST:,} papers, then {_A_WEEK} a week for {_WEEKS} weeks, beside fits of all."
    return f"## Weekly updates\n\n{intro}\n\n{markdown(head, rows)}"


def _updated(folder: Path, papers: pd.DataFrame) -> Study:
    study = _study(folder, 0)
    _write(study, 0, papers.iloc[:_FIRST])
    study.run(["survey"])
    for week in range(1, _WEEKS + 1):
        first = _FIRST + (week - 1) * _A_WEEK
        _write(study, week, papers.iloc[first : first + _A_WEEK])
        study.update()
    return study


def _fitted(folder: Path, papers: pd.DataFrame, seed: int) -> Study:
    study = _study(folder, seed)
    _write(study, 0, papers)
    study.run(["topics"])
    return study


def _study(folder: Path, seed: int) -> Study:
    (folder / "data" / "raw").mkdir(parents=True)
    (folder / "study.toml").write_text(f"seed = {seed}\n{_SETTINGS}", encoding="utf-8")
    return Study.open(folder)


def _write(study: Study, week: int, papers: pd.DataFrame) -> None:
    rows = papers[["title", "abstract"]].to_dict("records")
    text = "\n".join(json.dumps({**row, "date": f"20{10 + week % 10}"}) for row in rows)
    (study.data / "raw" / f"week-{week:02d}.jsonl").write_text(text, encoding="utf-8")
