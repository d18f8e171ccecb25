"""How long a fit takes beside BERTopic's on the same vectors, in one process after both have compiled what they compile."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score

import analysis as at
from tests.benchmarks.peers import bertopic_on, static
from tests.benchmarks.samples import ABSENT, CORPORA, sample
from tests.benchmarks.tables import markdown, paragraph

_SIZES, _REPEATS = (300, 1_000, 5_000, 15_000), 5
# what a reader waits for who has just begun: a process, its imports, a fit of 300 papers
_COLD = {
    "topictrends": "import analysis as at; at.fit_topics(at.Corpus.from_frame(papers), vectors=vectors)",
    "BERTopic": "from tests.benchmarks.peers import bertopic_on; bertopic_on(texts, vectors, 0)",
}
_READ = (
    "import numpy as np, pandas as pd, warnings; warnings.simplefilter('ignore'); "
    "papers, vectors = pd.read_parquet({folder!r} + '/papers.parquet'), np.load({folder!r} + '/v.npy'); "
    "texts = (papers['title'] + '. ' + papers['abstract']).tolist(); "
)


def report() -> str:
    """Measure and return the section as Markdown."""
    return "\n\n".join(["## Speed", _fits(), _cold()])


def _fits() -> str:
    title = "### `fit_topics`, vectors given, beside BERTopic's fit"
    if not CORPORA.exists():
        return f"{title}\n\n{ABSENT}"
    _both(sample("arxiv30", 200, 9), repeats=1)
    rows = [[f"{size:,}", *_both(sample("arxiv30", size, 1), repeats=_REPEATS)] for size in _SIZES]
    head = ["papers", "BERTopic, s", "topictrends, s", "times BERTopic's", "AMI, BERTopic", "AMI, topictrends"]
    intro = paragraph(f"""
        WordLlama's vectors of arXiv abstracts, given to both; medians of {_REPEATS} seeds with their range, on a machine that
        does nothing else. BERTopic as it comes; topictrends with consensus, resampled cuts, names, themes and map, without the
        granularity curve, which is measured when it is asked for. AMI with the 30 categories is the last seed's.
    """)
    return f"{title}\n\n{intro}\n\n{markdown(head, rows)}"


def _both(papers: pd.DataFrame, repeats: int) -> list[str]:
    texts = (papers["title"] + ". " + papers["abstract"]).tolist()
    vectors = static(texts)
    corpus = at.Corpus.from_frame(papers[["id", "title", "abstract"]])
    theirs: list[float] = []
    ours: list[float] = []
    # in turn, that what else the machine does meets both
    for seed in range(repeats):
        begun = time.perf_counter()
        _, labels = bertopic_on(texts, vectors, seed)
        between = time.perf_counter()
        topics = at.fit_topics(corpus, vectors=vectors, seed=seed)
        theirs.append(between - begun)
        ours.append(time.perf_counter() - between)
    truth = papers.set_index("id")["label"]
    own = adjusted_mutual_info_score(truth.loc[topics.assignments.index], topics.assignments["topic"])
    other = adjusted_mutual_info_score(papers["label"], labels)
    ratio = f"{np.median(ours) / np.median(theirs):.2f}"
    return [_spread(theirs), _spread(ours), ratio, f"{other:.3f}", f"{own:.3f}"]


def _spread(seconds: list[float]) -> str:
    return f"{np.median(seconds):.2f} ({min(seconds):.2f}-{max(seconds):.2f})"


def _cold() -> str:
    title = "### A cold process: imports and a fit of 300 papers"
    if not CORPORA.exists():
        return f"{title}\n\n{ABSENT}"
    papers = sample("arxiv30", 300, 1)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        papers[["id", "title", "abstract"]].to_parquet(Path(folder) / "papers.parquet")
        np.save(Path(folder) / "v.npy", static((papers["title"] + ". " + papers["abstract"]).tolist()))
        for name, work in _COLD.items():
            taken = []
            for _ in range(_REPEATS + 1):
                begun = time.perf_counter()
                subprocess.run([sys.executable, "-c", _READ.format(folder=folder) + work], check=True)
                taken.append(time.perf_counter() - begun)
            # the first reads files that the others find in memory
            rows.append([name, _spread(taken[1:])])
    return f"{title}\n\n{markdown(['', 'seconds'], rows)}"
