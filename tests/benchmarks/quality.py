"""Topic quality against labels, this project beside its peers on the same papers."""

import re

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from analysis.embedding.lexical import weighted_texts
from analysis.topics.describe.phrases import STOP_WORDS, phrase_key
from analysis.topics.describe.quality import diversity, npmi_coherence
from analysis.topics.describe.words import TermSums, TermTable, class_tfidf, count_words
from analysis.topics.fit import fit_topics
from analysis.topics.result import Topics
from tests.benchmarks.peers import PEERS
from tests.benchmarks.samples import ABSENT, CORPORA, NAMES, corpus_of, sample
from tests.benchmarks.tables import markdown

OURS = "this project"
# papers drawn, and from how many seeds; a corpus with fewer papers is left out of the row
_DRAWS = ((300, range(5)), (1000, range(5)), (5000, range(1)))
# smaller draws, to see how quality falls: this project and its two simplest peers
_SMALL = (50, 100, 200, 500)
_SMALL_PEERS = ("BERTopic reassigned, WordLlama", "k-means, K given, WordLlama")
_INTRO = (
    "Papers are drawn at random from labelled corpora; every method sees the same titles and abstracts, a peer on one view "
    "of them. AMI is adjusted for chance (0) and counts BERTopic's outliers as one more class. k-means, NMF and LDA are given "
    "the true number of labels, this project and BERTopic are not. Each seed changes both the draw and the method: five up "
    "to 1,000 papers, one at 5,000; in brackets the standard deviation over seeds."
)


def report() -> str:
    """Measure and return the section as Markdown; a sentence where the corpora are absent."""
    if not CORPORA.is_dir():
        return f"## Quality\n\n{ABSENT}"
    cells, labels = [], []
    for size, seeds in _DRAWS:
        for name in NAMES:
            for seed in seeds:
                found, checked = _cell(name, size, seed)
                cells += found
                labels += checked
    table = pd.DataFrame(cells)
    return "\n\n".join(
        [
            "## Quality",
            _INTRO,
            "### AMI",
            _wide(table, "AMI", 3),
            "### Topics found (labels in the last row)",
            _topics(table),
            "### Words: NPMI and diversity of the ten best keywords, means over all draws",
            _words(table),
            "### Labels of topics, checked in every fit",
            _labels(labels),
            "### Fewer papers: AMI (topics found)",
            _small(),
        ]
    )


def _cell(name: str, size: int, seed: int) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    papers = sample(name, size, seed)
    if len(papers) < size:
        return [], []
    truth = papers["label"].to_numpy()
    texts = weighted_texts(papers["title"].tolist(), papers["abstract"].tolist(), 1)
    terms = count_words(texts)
    rows = []
    for method, peer in PEERS.items():
        found = peer(texts, len(set(truth)), seed)
        rows.append(_row(name, size, method, truth, found, terms, _peer_keywords(terms, found)))
    topics = fit_topics(corpus_of(papers), seed=seed)
    found = topics.assignments["topic"].reindex(papers["id"], fill_value=-1).to_numpy()
    rows.append(_row(name, size, OURS, truth, found, terms, topics.table["keywords"].tolist()))
    return rows, [_checked(topics, dict(zip(papers["id"], texts, strict=True)))]


def _row(
    name: str, size: int, method: str, truth: np.ndarray, found: np.ndarray, terms: TermTable, words: list[list[str]]
) -> dict[str, object]:
    return {
        "corpus": name,
        "papers": size,
        "method": method,
        "AMI": adjusted_mutual_info_score(truth, found),
        "ARI": adjusted_rand_score(truth, found),
        "topics": len(set(found) - {-1}),
        "labels": len(set(truth)),
        "coverage": float((found >= 0).mean()),
        "npmi": float(npmi_coherence(terms, words).mean()) if words else 0.0,
        "diversity": diversity(words),
    }


def _peer_keywords(terms: TermTable, found: np.ndarray) -> list[list[str]]:
    """Return the ten terms of highest c-TF-IDF of each of a peer's topics, as BERTopic shows them."""
    if found.max(initial=-1) < 0:
        return []
    labels = np.unique(found, return_inverse=True)[1] - int((found < 0).any())
    weights = class_tfidf(TermSums.of(terms.counts, labels).uses)
    return [terms.terms[np.argsort(-row, kind="stable")[:10]].tolist() for row in weights]


def _checked(topics: Topics, texts: dict[str, str]) -> dict[str, object]:
    """Return how many labels of a fit break a rule that a reader would see."""
    names = topics.table["label"].tolist()
    keys = [phrase_key(name) for name in names]
    absent = 0
    for topic, key in enumerate(keys):
        own = topics.assignments.index[topics.assignments["topic"] == topic]
        absent += not any(_plain(key) in _plain(phrase_key(texts[paper])) for paper in own)
    return {
        "labels": len(names),
        "repeated": len(names) - len(set(keys)),
        "absent": absent,
        "with stop words": sum(bool(set(name.lower().split()) & STOP_WORDS) for name in names),
        "longer than five words": sum(len(name.split()) > 5 for name in names),
        "a number, no name": sum(name.startswith("Topic ") and name[6:].isdigit() for name in names),
        "one word": sum(len(name.split()) == 1 for name in names),
    }


def _plain(text: str) -> str:
    """Return `text` without punctuation: "in-domain" stands in "in domain, ..."."""
    return " ".join(re.findall(r"\w+", text))


def _wide(table: pd.DataFrame, value: str, digits: int) -> str:
    grouped = table.groupby(["method", "papers", "corpus"], sort=False)[value]
    mean, spread = grouped.mean().unstack(["papers", "corpus"]), grouped.std().unstack(["papers", "corpus"])
    coverage = table.groupby("method", sort=False)["coverage"].mean()
    lines = [
        [
            method,
            *(f"{mean.loc[method, c]:.{digits}f}{_bracketed(spread.loc[method, c])}" for c in mean.columns),
            f"{mean.loc[method].mean():.{digits}f}",
            f"{coverage[method]:.0%}",
        ]
        for method in mean.index
    ]
    return markdown(["method", *(_head(column) for column in mean.columns), "mean", "coverage"], lines)


def _bracketed(spread: float) -> str:
    return f" ({spread:.2f})" if np.isfinite(spread) else ""


def _topics(table: pd.DataFrame) -> str:
    wide = table.pivot_table(index="method", columns=["papers", "corpus"], values="topics", sort=False)
    labels = table.groupby(["papers", "corpus"], sort=False)["labels"].mean()
    kept = [method for method in wide.index if "given" not in str(method)]
    lines = [[method, *(f"{cell:.0f}" for cell in wide.loc[method])] for method in kept]
    return markdown(
        ["method", *(_head(column) for column in wide.columns)],
        [*lines, ["labels", *(f"{labels[column]:.0f}" for column in wide.columns)]],
    )


def _words(table: pd.DataFrame) -> str:
    means = table.groupby("method", sort=False)[["npmi", "diversity"]].mean()
    return markdown(
        ["method", "NPMI", "diversity"],
        [[str(method), f"{row['npmi']:.3f}", f"{row['diversity']:.3f}"] for method, row in means.iterrows()],
    )


def _labels(rows: list[dict[str, object]]) -> str:
    totals = pd.DataFrame(rows).sum()
    return markdown([str(name) for name in totals.index], [[str(int(value)) for value in totals]])


def _small() -> str:
    lines = []
    for name in NAMES:
        for method in (*_SMALL_PEERS, OURS):
            line = [name, method]
            for size in _SMALL:
                scores, counts = [], []
                for seed in range(3):
                    papers = sample(name, size, seed)
                    truth = papers["label"].to_numpy()
                    if method == OURS:
                        found = (
                            fit_topics(corpus_of(papers), seed=seed)
                            .assignments["topic"]
                            .reindex(papers["id"], fill_value=-1)
                            .to_numpy()
                        )
                    else:
                        texts = weighted_texts(papers["title"].tolist(), papers["abstract"].tolist(), 1)
                        found = PEERS[method](texts, len(set(truth)), seed)
                    scores.append(adjusted_mutual_info_score(truth, found))
                    counts.append(len(set(found) - {-1}))
                line.append(f"{np.mean(scores):.3f} ({np.mean(counts):.0f})")
            lines.append(line)
    return markdown(["corpus", "method", *(f"{size} papers" for size in _SMALL)], lines)


def _head(column: object) -> str:
    return f"{column[1]} {column[0]}".strip() if isinstance(column, tuple) else str(column)
