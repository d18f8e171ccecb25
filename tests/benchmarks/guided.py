"""Topics that follow an outline, beside BERTopic's two ways of being guided, on labels named before any text was read.

``OUTLINE_SIZES`` names numbers of papers, as ``300 1000``; all by default.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score, f1_score, roc_auc_score

import analysis as at
from analysis.embedding.lexical import weighted_texts
from analysis.embedding.static import static_sums
from analysis.embedding.vectors import unit_rows
from analysis.topics.embedder import StaticEmbedder
from tests.benchmarks.outlines import OUTLINES
from tests.benchmarks.samples import ABSENT, CORPORA, NAMES, corpus_of, sample
from tests.benchmarks.tables import markdown, paragraph

# papers, and the seeds of draws that were not used when the method was chosen
_DRAWS = ((300, (21, 22)), (1000, (21,)), (15_000, (21,)))
# a peer that embeds words for each topic takes long on many papers
_MOST_FOR_PEERS = 1_000
_ZERO_SHOT = 0.3
# topics that no paper of a corpus speaks of: labels of another
_STRANGERS = {
    "arxiv30": (
        "newsgroups20",
        ("rec.motorcycles", "rec.sport.baseball", "rec.sport.hockey", "soc.religion.christian"),
    ),
    "newsgroups20": ("arxiv30", ("cond-mat.quant-gas", "math.GT", "physics.plasm-ph", "q-bio.BM")),
    "bbc_news": ("arxiv30", ("cond-mat.quant-gas", "math.GT", "physics.plasm-ph", "q-bio.BM")),
    "acl_tracks2020": ("arxiv30", ("cond-mat.quant-gas", "math.GT", "physics.plasm-ph", "q-bio.BM")),
}
_INTRO = """
    Outlines of four labelled corpora: a name and two to five phrases a label, written from the labels alone (`outlines.py`).
    Other draws than those by which the method was chosen. Complete: every label is named. Half: half of the labels, drawn at
    random; F1 of the named (micro), and the share of the other papers that leak into named topics. Unguided topics are named
    afterwards by their nearest seed vector. BERTopic's ways are given the same vectors.
"""


def report() -> str:
    """Measure and return the section as Markdown; a sentence where the corpora are absent."""
    if not CORPORA.is_dir():
        return f"## Outlines\n\n{ABSENT}"
    sizes = os.environ.get("OUTLINE_SIZES", "").split()
    rows, told = [], []
    for size, seeds in (draw for draw in _DRAWS if not sizes or str(draw[0]) in sizes):
        for name in NAMES:
            for seed in seeds:
                papers = sample(name, size, seed)
                if len(papers) == size:
                    rows += [{"papers": size, "corpus": name, **row} for row in _cell(papers, name, seed)]
                    told.append(_supported(papers, name, seed).assign(papers=size))
    table = pd.DataFrame(rows)
    return "\n\n".join(
        [
            "## Outlines",
            paragraph(_INTRO),
            _wide(table),
            "### What the report of an outline tells",
            _told(pd.concat(told)),
        ]
    )


def _cell(papers: pd.DataFrame, name: str, seed: int) -> Iterator[dict[str, Any]]:
    outline, corpus = OUTLINES[name], corpus_of(papers)
    truth = papers.set_index("id")["label"]
    whole = at.Outline.of({words[0]: words[1:] for words in outline.values()}, complete=True)
    yield _scored("this project", truth, _named(at.fit_topics(corpus, outline=whole, seed=seed), outline), outline)
    rng = np.random.default_rng(seed)
    half = {
        label: outline[label]
        for label in np.array(list(outline))[np.sort(rng.permutation(len(outline))[: len(outline) // 2])]
    }
    guided = at.fit_topics(corpus, outline={words[0]: words[1:] for words in half.values()}, seed=seed)
    unguided = at.fit_topics(corpus, seed=seed)
    yield _scored("this project, half", truth, _named(guided, half), half)
    vectors = unit_rows(static_sums(weighted_texts(papers["title"].tolist(), papers["abstract"].tolist(), 1)))
    vectors = unit_rows(vectors - vectors.mean(axis=0))
    for which, wanted in (("", outline), (", half", half)):
        yield _scored(
            f"unguided, named afterwards{which}", truth, _named_afterwards(unguided, papers, vectors, wanted), wanted
        )
    seeds = _seed_vectors(outline.values(), papers)
    yield _scored(
        "nearest seed vector",
        truth,
        pd.Series(np.array(list(outline))[(vectors @ seeds.T).argmax(axis=1)], papers["id"]),
        outline,
    )
    if len(papers) <= _MOST_FOR_PEERS:
        for method, labels in _bertopics(papers, vectors, outline, seed):
            yield _scored(method, truth, labels, outline)
        for method, labels in _bertopics(papers, vectors, half, seed):
            yield _scored(f"{method}, half", truth, labels, half)


def _named(topics: at.Topics, outline: Mapping[str, Sequence[str]]) -> pd.Series:
    """Return the label that each paper's topic is named after; "other: n" beside the outline."""
    label_of = {words[0]: label for label, words in outline.items()}
    names = {row.topic: label_of[row.name_] for row in topics.outline.rename(columns={"name": "name_"}).itertuples()}
    return topics.assignments["topic"].map(lambda topic: names.get(topic, f"other: {topic}"))


def _seed_vectors(phrases: Any, papers: pd.DataFrame) -> np.ndarray:
    texts = weighted_texts(papers["title"].tolist(), papers["abstract"].tolist(), 1)
    centre = unit_rows(static_sums(texts)).mean(axis=0)
    return unit_rows(unit_rows(np.stack([static_sums(list(words)).sum(axis=0) for words in phrases])) - centre)


def _named_afterwards(
    topics: at.Topics, papers: pd.DataFrame, vectors: np.ndarray, outline: Mapping[str, Sequence[str]]
) -> pd.Series:
    """Return labels of unguided topics: each topic's nearest named one, one to one where there is a choice."""
    found = topics.assignments["topic"].reindex(papers["id"])
    centroids = unit_rows(np.stack([vectors[found == topic].sum(axis=0) for topic in topics.table.index]))
    near = centroids @ _seed_vectors(outline.values(), papers).T
    labels = list(outline)
    complete = len(labels) == len(OUTLINES_BY_LABEL[labels[0]])
    names = {
        topic: labels[int(row.argmax())] if complete or row.max() == near[:, row.argmax()].max() else f"other: {topic}"
        for topic, row in zip(topics.table.index, near, strict=True)
    }
    return found.map(names)


OUTLINES_BY_LABEL = {label: outline for outline in OUTLINES.values() for label in outline}


def _bertopics(
    papers: pd.DataFrame, vectors: np.ndarray, outline: Mapping[str, Sequence[str]], seed: int
) -> Iterator[tuple[str, pd.Series]]:
    """Yield BERTopic guided by seed topics, its topics named by the nearest seed vector, and its zero-shot topics."""
    from bertopic import BERTopic
    from umap import UMAP

    texts = weighted_texts(papers["title"].tolist(), papers["abstract"].tolist(), 1)
    mapper = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed)
    centre = unit_rows(static_sums(texts)).mean(axis=0)
    labels, seeds = list(outline), _seed_vectors(outline.values(), papers)
    model = BERTopic(
        embedding_model=StaticEmbedder(centre),
        umap_model=mapper,
        seed_topic_list=[list(words) for words in outline.values()],
    )
    found, _ = model.fit_transform(texts, embeddings=vectors)
    found = np.array(found)
    names = {
        topic: labels[int((unit_rows(vectors[found == topic].sum(axis=0, keepdims=True)) @ seeds.T).argmax())]
        for topic in set(found.tolist()) - {-1}
    }
    yield "BERTopic guided", pd.Series([names.get(topic, "other: -1") for topic in found.tolist()], papers["id"])
    model = BERTopic(
        embedding_model=StaticEmbedder(centre),
        umap_model=UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed),
        zeroshot_topic_list=[", ".join(words) for words in outline.values()],
        zeroshot_min_similarity=_ZERO_SHOT,
    )
    found, _ = model.fit_transform(texts, embeddings=vectors)
    phrases = {", ".join(words): label for label, words in outline.items()}
    shown = model.topic_labels_
    yield (
        "BERTopic zero-shot",
        pd.Series([phrases.get(shown.get(topic, ""), f"other: {topic}") for topic in found], papers["id"]),
    )


def _scored(method: str, truth: pd.Series, found: pd.Series, outline: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    found = found.reindex(truth.index).fillna("other: none")
    named = truth.isin(list(outline))
    return {
        "method": method,
        "accuracy": float((found[named] == truth[named]).mean()),
        "AMI": adjusted_mutual_info_score(truth, found),
        "F1": f1_score(truth, found, labels=list(outline), average="micro"),
        "leak": float(found[~named].isin(list(outline)).mean()) if (~named).any() else np.nan,
    }


def _supported(papers: pd.DataFrame, name: str, seed: int) -> pd.DataFrame:
    """Return support, margin and F1 of every topic of an outline with strangers in it."""
    other, strange = _STRANGERS[name]
    outline = OUTLINES[name] | {label: OUTLINES[other][label] for label in strange}
    topics = at.fit_topics(corpus_of(papers), outline={words[0]: words[1:] for words in outline.values()}, seed=seed)
    truth = papers.set_index("id")["label"]
    found = _named(topics, outline).reindex(truth.index).fillna("other: none")
    counts = truth.value_counts()
    f1 = f1_score(truth, found, labels=list(outline), average=None, zero_division=0)
    frame = topics.outline[["support", "margin", "told"]].assign(label=list(outline), F1=f1)
    return frame[frame["label"].isin(strange) | (frame["label"].map(counts) >= 3)].assign(
        strange=lambda one: one["label"].isin(strange)
    )


def _told(table: pd.DataFrame) -> str:
    lines = []
    for size, rows in table.groupby("papers"):
        own = rows[~rows["strange"]]
        by_margin = [
            own.loc[own["margin"].between(*bounds), "F1"].mean()
            for bounds in ((0, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1))
        ]
        lines.append(
            [
                f"{size:,}",
                f"{roc_auc_score(~rows['strange'], rows['support']):.3f}",
                f"{(rows.loc[rows['strange'], 'told'] == 'unsupported').mean():.2f}",
                f"{(own['told'] == 'unsupported').mean():.2f}",
                *(f"{value:.2f}" for value in by_margin),
            ]
        )
    head = ["papers", "support tells strangers (AUC)", "strangers unsupported", "own unsupported"]
    return markdown([*head, "F1, margin to .4", ".4 to .6", ".6 to .8", "above .8"], lines)


def _wide(table: pd.DataFrame) -> str:
    lines = []
    for method, rows in table.groupby("method", sort=False):
        half = "half" in str(method)
        cells = []
        for size in sorted(table["papers"].unique()):
            own = rows[rows["papers"] == size].groupby("corpus")[["accuracy", "AMI", "F1", "leak"]].mean().mean()
            shown = ("F1", "leak") if half else ("accuracy", "AMI")
            cells.append("" if np.isnan(own["AMI"]) else " / ".join(f"{own[column]:.3f}" for column in shown))
        lines.append([str(method), *cells])
    lines.sort(key=lambda line: "half" in line[0])
    sizes = [f"{size:,} papers" for size in sorted(table["papers"].unique())]
    return markdown(["accuracy / AMI; half: F1 / leak", *sizes], lines)
