"""The public fit of topics."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from analysis.corpus.paper import Corpus
from analysis.errors import TopicsError
from analysis.io.runner import in_threads
from analysis.topics.describe.labeller import Labeller
from analysis.topics.edits import Edit
from analysis.topics.fitting import fit
from analysis.topics.methods import SMALLEST_CORPUS
from analysis.topics.options import LANDMARKS, THRESHOLD, FitOptions, Method
from analysis.topics.outline.reading import Outline, as_outline
from analysis.topics.result import Topics
from analysis.validation import expect, expect_count, expect_seed, renamed_arguments


@renamed_arguments(views="vectors")
def fit_topics(
    corpus: Corpus,
    *,
    seed: int = 0,
    granularity: Literal["coarse", "balanced", "fine"] | int = "balanced",
    outliers: Literal["assign", "keep"] = "assign",
    vectors: Any = None,
    transformer: str | Path | None = None,
    method: Method = "consensus",
    umap: Mapping[str, Any] | None = None,
    hdbscan: Mapping[str, Any] | None = None,
    outline: Outline | str | Path | Mapping[str, Sequence[str]] | Sequence[str] | None = None,
    edits: Sequence[Edit] = (),
    labeller: Labeller | None = None,
    extra_stop_words: Sequence[str] = (),
    records: bool = True,
    threshold: int = THRESHOLD,
    landmarks: int = LANDMARKS,
) -> Topics:
    """Find stable topics: a consensus over views, seeds and granularities, or BERTopic's own pipeline over seeds.

    Parameters
    ----------
    corpus : Corpus
        Topics do not depend on the order of its papers; tables have that order. Papers without an abstract are given
        no topic and are not among the assignments.
    seed : int
    granularity : {"coarse", "balanced", "fine"} or int
        Where the consensus' hierarchy is cut; a number asks for that many topics.
    outliers : {"assign", "keep"}
        With "keep", papers that fewer than half of the resampled clusterings leave in their
        topic become topic -1; with BERTopic's method those that HDBSCAN leaves out.
    vectors : array, DataFrame or View, a list of Views, or a dict of name to array, optional
        Vectors of one's own instead of those made from texts. An array has one row per paper, in the corpus' order and
        papers without an abstract included; a DataFrame whose index holds ids is aligned by them. Unless there is a
        graph among them, the graph of nearest papers by each joins them.
    transformer : str or Path, optional
        A sentence model of this machine whose views join those made from words: a folder with ``model.onnx`` and
        ``tokenizer.json``, the name of a model that `topictrends model get` fetched, or one of sentence-transformers.
    method : {"consensus", "bertopic"}
        "bertopic" runs UMAP and HDBSCAN on the same vectors, with ten other seeds beside, so that membership,
        stability and the uncertainty of trends are its own.
    umap, hdbscan : mapping, optional
        Settings of BERTopic's method, such as ``{"n_neighbors": 10}`` and ``{"min_cluster_size": 15}``.
    outline : Outline, path, dict of name to phrases, or list of names, optional
        Topics that a reader wants, by name, with seed phrases and example papers; `at.read_outline` tells of its file. Papers
        go to these topics where they match their seeds and keep company with their papers; topics that the outline misses are
        found beside them, in the groups that `granularity` cuts, unless it is complete. `Topics.outline` tells how far the papers
        bear it out.
    edits : sequence of Edit, optional
        A reader's changes, applied in order; see `analysis.topics.curation.read_edits`.
    labeller : callable, optional
        Names the topics that no edit has named, such as `analysis.topics.describe.labeller.ChatLabeller`.
    extra_stop_words : sequence of str
        Words that neither topics nor their names are made of. The function words of each paper's language are none
        anyhow.
    records : bool
        Author keywords, index terms and references make views of their own where a third of the papers have them, each
        counted by how far its nearest papers are those of the texts; `Topics.views` tells. False reads texts alone.
    threshold : int
        Of a corpus of more papers topics are found in landmarks, and all other papers are placed in them; of a
        smaller one every paper is a landmark.
    landmarks : int
        How many papers stand for a larger corpus.

    Returns
    -------
    Topics

    Raises
    ------
    TopicsError
        The corpus is empty, a setting is unknown, more topics than papers are asked for, or vectors do not fit the
        papers.
    SettingsError
        The outline's file cannot be read.
    EmbeddingError
        The transformer is not on this machine, or is damaged.

    Warns
    -----
    LanguagesWarning
        The papers are in several languages.
    SmallCorpusWarning
        The corpus is too small to be split.
    UnheldTopicsWarning
        More topics were asked for than hold.
    OutlineWarning
        No paper speaks of a topic of the outline, or it names papers that are not in the corpus.
    TopicEditWarning
        An edit no longer applies.

    Examples
    --------
    >>> import analysis as at, pandas as pd
    >>> words = {"bees": "hive honey nectar pollen queen", "ice": "glacier melt snow moraine floe"}
    >>> rows = [{"title": f"On {s} {i}", "abstract": f"{w} {w} number {i}"} for s, w in words.items() for i in range(8)]
    >>> topics = at.fit_topics(at.Corpus.from_frame(pd.DataFrame(rows)), granularity=2)
    >>> topics.table["size"].tolist()
    [8, 8]
    """
    expect(corpus, Corpus, "corpus", "at.load_corpus or at.Corpus.from_frame makes one", TopicsError)
    if outliers not in ("assign", "keep"):
        raise TopicsError(f"outliers must be 'assign' or 'keep', not {outliers!r}")
    for name, settings in (("umap", umap), ("hdbscan", hdbscan)):
        expect({} if settings is None else settings, dict, name, "give a dict of settings", TopicsError)
    if transformer is not None and vectors is not None:
        raise TopicsError("give vectors or a transformer that makes them, not both")
    if outline is not None and method == "bertopic":
        raise TopicsError("an outline guides the consensus; leave it out with method='bertopic'")
    if labeller is not None and not callable(labeller):
        raise TopicsError("labeller must be callable, such as at.ChatLabeller(...)")
    options = FitOptions(
        granularity,
        outliers == "keep",
        expect_seed(seed, TopicsError),
        expect_count(threshold, "threshold", TopicsError),
        expect_count(landmarks, "landmarks", TopicsError, SMALLEST_CORPUS),
        transformer=None if transformer is None else str(transformer),
        method=method,
        extra_stop_words=_words(extra_stop_words),
        records=expect(records, bool, "records", "give True or False", TopicsError),
        umap=dict(umap or {}),
        hdbscan=dict(hdbscan or {}),
    )
    guide = None if outline is None else as_outline(outline)
    return Topics.of(
        fit(corpus, options, in_threads, vectors=vectors, edits=_edits(edits), labeller=labeller, outline=guide)
    )


def _words(words: Any) -> tuple[str, ...]:
    if isinstance(words, str) or not all(isinstance(word, str) for word in words):
        raise TopicsError("extra_stop_words must be a list of words, such as ['patient', 'hospital']")
    return tuple(words)


def _edits(edits: Any) -> Sequence[Edit]:
    if (
        isinstance(edits, (str, bytes))
        or not isinstance(edits, Sequence)
        or not all(isinstance(e, Edit) for e in edits)
    ):
        raise TopicsError(
            "edits must be a list of edits, as [at.Rename(papers=[...], label=...)]; at.read_edits reads a file"
        )
    return edits
