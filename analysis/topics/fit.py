"""From a corpus to its topics: views, base clusterings, consensus, cut, words, labels."""

import warnings
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.corpus.text import without_addresses
from analysis.display import counted
from analysis.embedding.lexical import weighted_texts
from analysis.embedding.views import View, build_views
from analysis.errors import SmallCorpusWarning, TopicsError
from analysis.topics.consensus import Consensus, aligned, cut, redrawn_weights
from analysis.topics.ensemble import base_clusterings, umap_layout
from analysis.topics.granularity import choose_count, consensus_silhouette, granularity_curve, smallest_topic
from analysis.topics.labels import label_topics
from analysis.topics.model import hold_in_bertopic
from analysis.topics.quality import diversity, npmi_coherence
from analysis.topics.representatives import representative_papers
from analysis.topics.result import ASSIGNMENT_COLUMNS, TABLE_COLUMNS, Topics
from analysis.topics.themes import group_topics, topic_tree
from analysis.topics.words import topic_keywords

_MOST_DRAWS, _FEWEST_DRAWS = 40, 10
# redrawn consensuses that the granularity curve is measured with
_CURVE_DRAWS = 5
# below this many papers no split can be told from chance
_SMALLEST_CORPUS = 10
# vectors of papers that differ by less than this differ by rounding alone
_SAME = 1e-3
# an outlier: fewer than half of the redrawn clusterings leave the paper in its topic
_OUTLIER_MEMBERSHIP = 0.5


def fit_topics(
    corpus: Corpus,
    *,
    seed: int = 0,
    granularity: Literal["coarse", "balanced", "fine"] | int = "balanced",
    outliers: Literal["assign", "keep"] = "assign",
    views: Sequence[View] | None = None,
) -> Topics:
    """Find topics that hold still: a consensus over views, seeds, methods and granularities.

    Parameters
    ----------
    corpus : Corpus
        Its papers are taken in the order of their ids, so files and order change nothing.
    seed : int
    granularity : {"coarse", "balanced", "fine"} or int
        Where the hierarchy is cut; a number asks for that many topics.
    outliers : {"assign", "keep"}
        With "keep", papers that fewer than half of the redrawn clusterings leave in their
        topic become topic -1.
    views : sequence of View, optional
        Vectors to use instead of the default views.

    Returns
    -------
    Topics

    Raises
    ------
    TopicsError
        The corpus is empty, a setting is unknown, more topics than papers are asked for, or a
        view does not fit the papers or holds NaN.

    Warns
    -----
    SmallCorpusWarning
        The corpus is too small to be split.
    """
    papers = corpus.papers.sort_index()
    _check(len(papers), granularity, outliers)
    titles, abstracts = papers["title"].tolist(), [without_addresses(text) for text in papers["abstract"]]
    if views is None:
        views = build_views(titles, abstracts, seed)
    _check_views(views, len(papers))
    similarity, labels, draws, curve = _cluster(views, len(papers), granularity, seed)
    tree = topic_tree(similarity, labels)
    themes = group_topics(tree, similarity, labels)
    assignments = _assignments(labels, draws, papers.index, outliers)
    texts = weighted_texts(titles, abstracts, 1)
    keywords = topic_keywords(texts, labels)
    names = _names(titles, abstracts, texts, labels)
    kept = assignments["topic"].to_numpy()
    theme_frame = _theme_frame(_names(titles, abstracts, texts, themes[labels]), kept, themes, names)
    table = _topic_table(papers.index, labels, draws, similarity, texts, keywords, names, theme_frame, themes)
    return Topics(
        table=_with_outliers(table, kept),
        assignments=assignments,
        themes=theme_frame,
        draws=pd.DataFrame(draws.T, index=papers.index, columns=[f"draw_{i}" for i in range(len(draws))]),
        layout=_layout(similarity, papers.index, seed),
        tree=pd.DataFrame(tree, columns=["left", "right", "height", "size"]).astype(
            {"left": int, "right": int, "size": int}
        ),
        granularity=curve,
        quality=_quality(table, kept, similarity, labels),
        fitted_model=hold_in_bertopic(texts, kept, keywords, names),
    )


def _check(n_papers: int, granularity: object, outliers: object) -> None:
    if n_papers == 0:
        raise TopicsError("the corpus has no papers, so it has no topics")
    if outliers not in ("assign", "keep"):
        raise TopicsError(f"outliers must be 'assign' or 'keep', not {outliers!r}")
    if isinstance(granularity, bool) or not (
        isinstance(granularity, int) or granularity in ("coarse", "balanced", "fine")
    ):
        raise TopicsError(f"granularity must be 'coarse', 'balanced', 'fine' or a number, not {granularity!r}")
    if isinstance(granularity, int) and not 1 <= granularity <= n_papers:
        raise TopicsError(f"{granularity} topics were asked for; there are {n_papers} papers to make them from")


def _check_views(views: Sequence[View], n_papers: int) -> None:
    for view in views:
        if len(view.vectors) != n_papers:
            raise TopicsError(f"the view {view.name!r} has {len(view.vectors)} rows for {n_papers} papers")
        if not np.isfinite(view.vectors).all():
            raise TopicsError(f"the view {view.name!r} holds values that are not numbers")


def _cluster(
    views: Sequence[View], n_papers: int, granularity: str | int, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, pd.DataFrame]:
    """Return co-association, labels by size, aligned draws (draws, n), and the weighed cuts."""
    informative = [view for view in views if np.ptp(view.vectors, axis=0).max() > _SAME]
    # a graph of equal papers differs from paper to paper by chance alone
    if n_papers < _SMALLEST_CORPUS or all(view.kind == "graph" for view in informative):
        reason = (
            f"{counted(n_papers, 'paper')} cannot be split: at least {_SMALLEST_CORPUS} are needed"
            if n_papers < _SMALLEST_CORPUS
            else "all papers have the same text, so nothing splits them"
        )
        warnings.warn(f"one topic only: {reason}.", SmallCorpusWarning, stacklevel=3)
        return _one_topic(n_papers, reason)
    ensemble = base_clusterings(informative, seed=seed)
    whole = Consensus.of(ensemble.labels, np.ones(len(ensemble.labels)))
    rng = np.random.default_rng([seed, 1])
    redrawn = [
        Consensus.of(ensemble.labels, redrawn_weights(ensemble.view, rng)) for _ in range(_number_of_draws(n_papers))
    ]
    count, reason = choose_count(whole, granularity)
    smallest = 1 if isinstance(granularity, int) else smallest_topic(n_papers)
    labels = cut(whole, count, smallest)
    draws = np.array([aligned(cut(other, count, smallest), labels) for other in redrawn], dtype=np.int32)
    curve = granularity_curve(whole, redrawn[:_CURVE_DRAWS], count, reason)
    return whole.similarity, labels, draws, curve


def _number_of_draws(n_papers: int) -> int:
    """Return how many consensuses are redrawn: 40, fewer where each costs seconds."""
    return int(np.clip(_MOST_DRAWS * 1500 // n_papers, _FEWEST_DRAWS, _MOST_DRAWS))


def _one_topic(n_papers: int, reason: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, pd.DataFrame]:
    curve = pd.DataFrame(
        {
            "topics": [1],
            "stability": [1.0],
            "silhouette": [0.0],
            "together": [1.0],
            "chosen": [True],
            "reason": [reason],
        }
    )
    everyone = np.ones((n_papers, n_papers), dtype=np.float32)
    return everyone, np.zeros(n_papers, dtype=int), np.zeros((_MOST_DRAWS, n_papers), dtype=np.int32), curve


def _assignments(labels: np.ndarray, draws: np.ndarray, index: pd.Index, outliers: str) -> pd.DataFrame:
    """Return topic, membership and runner-up of each paper from how often each draw put it where."""
    count = int(labels.max()) + 1
    share = (draws[:, :, None] == np.arange(count)[None, None, :]).mean(axis=0)
    rows = np.arange(len(labels))
    membership = share[rows, labels]
    share[rows, labels] = -1
    runner_up = share.argmax(axis=1)
    runner_up_share = share[rows, runner_up]
    none = runner_up_share <= 0
    topic = np.where((outliers == "keep") & (membership < _OUTLIER_MEMBERSHIP), -1, labels)
    return pd.DataFrame(
        {
            "topic": topic.astype("int64"),
            "membership": membership,
            "runner_up": np.where(none, -1, runner_up).astype("int64"),
            "runner_up_membership": np.where(none, 0.0, runner_up_share),
        },
        index=index,
    )[ASSIGNMENT_COLUMNS]


def _names(titles: Sequence[str], abstracts: Sequence[str], texts: Sequence[str], labels: np.ndarray) -> list[str]:
    """Return the labels of groups of papers."""
    words = [[word for word, _ in own] for own in topic_keywords(texts, labels)]
    return [label.text for label in label_topics(titles, abstracts, labels, words)]


def _theme_frame(found: Sequence[str], labels: np.ndarray, themes: np.ndarray, names: Sequence[str]) -> pd.DataFrame:
    of_paper = themes[labels[labels >= 0]]
    count = int(themes.max()) + 1
    topics = [np.flatnonzero(themes == theme).tolist() for theme in range(count)]
    # a theme of one topic is that topic
    wanted = [names[own[0]] if len(own) == 1 else label for own, label in zip(topics, found, strict=True)]
    sizes = np.bincount(of_paper, minlength=count)
    return pd.DataFrame({"label": wanted, "size": sizes, "topics": topics}, index=pd.RangeIndex(count, name="theme"))


def _topic_table(
    ids: pd.Index, labels: np.ndarray, draws: np.ndarray, similarity: np.ndarray, texts: Sequence[str],
    keywords: Sequence[Sequence[tuple[str, float]]], names: Sequence[str], theme_frame: pd.DataFrame, themes: np.ndarray,
) -> pd.DataFrame:  # fmt: skip
    count = int(labels.max()) + 1
    words = [[word for word, _ in topic] for topic in keywords]
    sizes = np.bincount(labels, minlength=count)
    representatives = [representative_papers(similarity, np.flatnonzero(labels == topic)) for topic in range(count)]
    return pd.DataFrame(
        {
            "label": list(names),
            "theme": [theme_frame.loc[theme, "label"] for theme in themes],
            "size": sizes,
            "share": sizes / len(labels),
            "keywords": words,
            "stability": [_jaccard(labels == topic, draws == topic) for topic in range(count)],
            "npmi": npmi_coherence(texts, words),
            "representative_papers": [[ids[position] for position in chosen] for chosen in representatives],
        },
        index=pd.RangeIndex(count, name="topic"),
    )[TABLE_COLUMNS]


def _jaccard(members: np.ndarray, drawn: np.ndarray) -> float:
    """Return the mean Jaccard index of a topic with its redrawn selves (Hennig 2007)."""
    both, either = (drawn & members).sum(axis=1), (drawn | members).sum(axis=1)
    return float((both / np.maximum(either, 1)).mean())


def _with_outliers(table: pd.DataFrame, kept: np.ndarray) -> pd.DataFrame:
    """Recount the topics once outliers are set aside, and list those as topic -1."""
    if not (kept == -1).any():
        return table
    sizes = pd.Series(kept).value_counts()
    table = table.assign(size=[int(sizes.get(topic, 0)) for topic in table.index])
    outlier = pd.DataFrame(
        {"label": ["Outliers"], "theme": ["Outliers"], "size": [int(sizes[-1])], "keywords": [[]], "stability": [0.0],
         "npmi": [0.0], "representative_papers": [[]]},
        index=pd.Index([-1], name="topic"),
    )  # fmt: skip
    table = pd.concat([outlier, table])
    return table.assign(share=table["size"] / len(kept))[TABLE_COLUMNS]


def _layout(similarity: np.ndarray, index: pd.Index, seed: int) -> pd.DataFrame:
    """Return a map of the papers: UMAP of the consensus distance, or principal axes of a tiny corpus."""
    if len(similarity) >= _SMALLEST_CORPUS and similarity.min() < 1:
        points = umap_layout(1 - similarity, 2, seed, metric="precomputed")
    else:
        values, axes = np.linalg.eigh(similarity.astype(np.float64))
        points = np.zeros((len(similarity), 2))
        width = min(2, len(similarity))
        points[:, :width] = axes[:, ::-1][:, :width] * np.sqrt(np.maximum(values[::-1][:width], 0))
    return pd.DataFrame(points.astype(np.float64), index=index, columns=["x", "y"])


def _quality(table: pd.DataFrame, kept: np.ndarray, similarity: np.ndarray, labels: np.ndarray) -> pd.DataFrame:
    rows = [
        ("coverage", float((kept >= 0).mean()), "share of papers with a topic; says nothing of whether it is the right one"),
        ("stability", float(np.average(table["stability"], weights=table["size"])),
         "agreement with redrawn selves; a stable topic may still be a dull one"),
        ("npmi", float(np.average(table["npmi"], weights=table["size"])),
         "do keywords stand together; rewards rare words and says nothing of the papers left out"),
        ("diversity", diversity(table["keywords"].tolist()), "share of keywords of one topic alone; noise is diverse, too"),
        ("silhouette", consensus_silhouette(similarity, labels),
         "separation in the consensus; blind to what every view misses"),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["name", "value", "caveat"])
