"""Ten weekly updates beside one fit of everything."""

import json
import sys
import tempfile
import warnings
from pathlib import Path

from sklearn.metrics import adjusted_mutual_info_score

from analysis.study import Study
from tests.benchmarks.samples import ABSENT, CORPORA, sample
from tests.benchmarks.tables import markdown

_FIRST, _WEEKS, _A_WEEK = 1_000, 10, 60
_SETTINGS = 'title = "Weekly"\n[trends]\nsensitivity = false\npermutations = 99\n[figures]\nformats = []\n'


def report() -> str:
    """Fit 1,000 abstracts, take in sixty a week for ten weeks, and compare with one fit of all 1,600."""
    if not CORPORA.is_dir():
        return f"## Weekly updates\n\n{ABSENT}"
    warnings.simplefilter("ignore")
    rows = []
    for name in ("arxiv30", "newsgroups20", "bbc_news"):
        papers = sample(name, _FIRST + _WEEKS * _A_WEEK, 0)
        with tempfile.TemporaryDirectory() as folder:
            weekly, once = (_study(Path(folder) / kind) for kind in ("weekly", "once"))
            _write(weekly, 0, papers.iloc[:_FIRST])
            weekly.run(["survey"])
            for week in range(1, _WEEKS + 1):
                first = _FIRST + (week - 1) * _A_WEEK
                _write(weekly, week, papers.iloc[first : first + _A_WEEK])
                weekly.update()
            _write(once, 0, papers)
            once.run(["topics"])
            truth = papers.groupby("title")["label"].first()
            found = {}
            for kind, study in (("weekly", weekly), ("once", once)):
                found[kind] = study.topics.assignments["topic"]
            shared = found["once"].index.intersection(found["weekly"].index)
            labels = truth.reindex(once.corpus.papers["title"].loc[shared]).to_numpy().astype(str)
            one, other = (found[kind].loc[shared] for kind in ("weekly", "once"))
            between = adjusted_mutual_info_score(one, other)
            scores = [adjusted_mutual_info_score(labels, values) for values in (one, other)]
            rows.append([name, f"{between:.3f}", *(f"{score:.3f}" for score in scores)])
            sys.stderr.write(f"{rows[-1]}\n")
    head = ["corpus", "AMI of updates with the refit", "AMI with labels, updates", "AMI with labels, refit"]
    intro = f"{_FIRST:,} papers, then {_A_WEEK} a week for {_WEEKS} weeks, beside one fit of all."
    return f"## Weekly updates\n\n{intro}\n\n{markdown(head, rows)}"


def _study(folder: Path) -> Study:
    (folder / "data" / "raw").mkdir(parents=True)
    (folder / "study.toml").write_text(_SETTINGS, encoding="utf-8")
    return Study.open(folder)


def _write(study: Study, week: int, papers: object) -> None:
    rows = papers[["title", "abstract"]].to_dict("records")  # type: ignore[index]
    text = "\n".join(json.dumps({**row, "date": f"20{10 + week % 10}"}) for row in rows)
    (study.data / "raw" / f"week-{week:02d}.jsonl").write_text(text, encoding="utf-8")
