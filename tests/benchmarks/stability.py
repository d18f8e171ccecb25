"""Do topics hold still? Seeds, papers left out, input order, and whether membership means what it says."""

from itertools import combinations

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score

from analysis.embedding.lexical import weighted_texts
from analysis.topics.compare import compare_topics
from analysis.topics.fit import fit_topics
from analysis.topics.result import Topics
from tests.benchmarks.peers import PEERS
from tests.benchmarks.samples import ABSENT, CORPORA, NAMES, corpus_of, sample
from tests.benchmarks.tables import markdown

_SIZES = (300, 1000)
_SEEDS = range(5)
_PEERS = ("BERTopic as it comes, WordLlama", "k-means, K given, WordLlama")
_LEVELS = (0.0, 0.3, 0.5, 0.7, 0.9, 1.001)
_INTRO = (
    "The same draw of papers, fitted with five seeds: mean AMI over the ten pairs. Last column: AMI with a fit of another "
    "seed to nine tenths of the papers."
)
_CALIBRATION = (
    "A paper's membership in the first fit; how often a fit with another seed puts it into the partner of its topic (partners by "
    "Hungarian matching); and how often that fit's clusterings do, resampled over views and runs. Calibrated "
    "membership equals the first of the two; the last compounds two resamples."
)


def report() -> str:
    """Measure and return the section as Markdown; a sentence where the corpora are absent."""
    if not CORPORA.is_dir():
        return f"## Stability\n\n{ABSENT}"
    lines, stays = [], []
    for size in _SIZES:
        for name in NAMES:
            papers = sample(name, size, 0)
            fits = [fit_topics(corpus_of(papers), seed=seed) for seed in _SEEDS]
            stays += [_stays(fits[0], other) for other in fits[1:]]
            fewer = fit_topics(corpus_of(papers.sample(frac=0.9, random_state=1)), seed=5)
            both = fewer.assignments.index
            left_out = adjusted_mutual_info_score(fits[0].assignments.loc[both, "topic"], fewer.assignments["topic"])
            ours = _pairs([fit.assignments["topic"].to_numpy() for fit in fits])
            lines.append([f"{name} {size}", *_of_peers(papers), f"{ours:.3f}", f"{left_out:.3f}"])
    head = ["papers", *_PEERS, "this project", "this project, a tenth left out"]
    return "\n\n".join(
        ["## Stability", _INTRO, markdown(head, lines), "### Membership", _CALIBRATION, _calibration(pd.concat(stays))]
    )


def _pairs(fits: list[np.ndarray]) -> float:
    return float(np.mean([adjusted_mutual_info_score(a, b) for a, b in combinations(fits, 2)]))


def _of_peers(papers: pd.DataFrame) -> list[str]:
    texts = weighted_texts(papers["title"].tolist(), papers["abstract"].tolist(), 1)
    count = papers["label"].nunique()
    return [f"{_pairs([PEERS[peer](texts, count, seed) for seed in _SEEDS]):.3f}" for peer in _PEERS]


def _stays(first: Topics, second: Topics) -> pd.DataFrame:
    """Return each paper's membership in the first fit and whether the second, and its resampled cuts, leave it there."""
    found = compare_topics(first, second)
    partner = dict(zip(found.alignment["topic_b"], found.alignment["topic_a"], strict=True))
    drawn = second.draws.map(lambda topic: partner.get(topic, -1))
    topic = first.assignments["topic"]
    return first.assignments[["membership"]].assign(
        stays=~topic.index.isin(found.moved.index), resampled=drawn.eq(topic, axis=0).mean(axis=1)
    )


def _calibration(frame: pd.DataFrame) -> str:
    bins = pd.cut(frame["membership"], _LEVELS, right=False)
    rows = frame.groupby(bins, observed=True).agg(
        papers=("stays", "size"),
        membership=("membership", "mean"),
        stays=("stays", "mean"),
        resampled=("resampled", "mean"),
    )
    return markdown(
        [
            "membership",
            "papers",
            "mean membership",
            "stays, another seed",
            "stays, another seed's resampled clusterings",
        ],
        [
            [
                f"{level.left:g} to {min(level.right, 1):g}",
                str(int(row["papers"])),
                f"{row['membership']:.2f}",
                f"{row['stays']:.2f}",
                f"{row['resampled']:.2f}",
            ]
            for level, row in rows.iterrows()
        ],
    )
