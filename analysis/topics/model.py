"""The BERTopic model that holds the consensus: its c-TF-IDF, representations, plots, save and load."""

import logging
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from analysis.embedding.static import static_vectors
from analysis.embedding.vectors import unit_rows
from analysis.errors import ArtefactError
from analysis.io.results import ABOUT, read_about
from analysis.topics.describe.words import word_vectorizer

if TYPE_CHECKING:
    from bertopic import BERTopic

_CENTRE = "embedding_centre.npy"
# a document, and terms, in which no word stands
_NO_TEXT, _NO_TERMS = "-", ("-", "--")
# with which BERTopic fills up the words of a topic that has few
_NO_WORD = ("", 0.00001)
# endings that BERTopic would hand to a library that unpickles
_PICKLED = (".bin", ".pt", ".pth", ".pkl", ".pickle")


def hold_in_bertopic(
    texts: Sequence[str],
    labels: np.ndarray,
    keywords: Sequence[Sequence[tuple[str, float]]],
    names: Sequence[str],
    terms: np.ndarray,
    uses: np.ndarray,
) -> "BERTopic":
    """Build a BERTopic model around a finished clustering.

    Parameters
    ----------
    texts : sequence of str, length n
    labels : ndarray of int, shape (n,)
        Topic of each paper, numbered 0..K-1 by falling size; -1 for outliers.
    keywords : K sequences of (term, weight)
    names : K labels
    terms : ndarray of str, shape (t,)
        What its vectorizer counts.
    uses : ndarray, shape (K, t)
        Occurrences of these terms in each topic's papers, those that `texts` are a sample of included.

    Returns
    -------
    BERTopic
        Its topics are exactly `labels`; ``transform`` and ``find_topics`` embed new texts with
        the static vectors, so they need no download.
    """
    with warnings.catch_warnings():
        # the import touches optional packages that deprecate things in their own way
        warnings.simplefilter("ignore")
        from bertopic import BERTopic
        from bertopic.cluster import BaseCluster
        from bertopic.dimensionality import BaseDimensionalityReduction
        from bertopic.vectorizers import ClassTfidfTransformer

        from analysis.topics.embedder import StaticEmbedder
    # it fails to count fewer than two terms
    missing = _NO_TERMS[len(terms) :]
    terms = np.concatenate([terms, np.array(missing, dtype=object)])
    uses = np.hstack([uses, np.zeros((len(uses), len(missing)))])
    raw = static_vectors(texts)
    centre = raw.mean(axis=0)
    model = BERTopic(
        language="multilingual",  # "english" would strip hyphens from words
        embedding_model=StaticEmbedder(centre),
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=BaseCluster(),
        vectorizer_model=word_vectorizer(terms),
        ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
        calculate_probabilities=False,
        verbose=False,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # it would count the words of whole texts, which are counted already
        model.fit([_NO_TEXT] * len(texts), embeddings=unit_rows(raw - centre), y=labels)
        _number_as(model, labels)
        outliers = [text for text, label in zip(texts, labels.tolist(), strict=True) if label < 0]
        _count(model, uses, " ".join(outliers))
    for topic, words in enumerate(keywords):
        if words:
            model.topic_representations_[topic] = [(word, weight) for word, weight in words]
    model.set_topic_labels(dict(enumerate(names)))
    return model


def hold_papers(model: "BERTopic", labels: np.ndarray, representative: Mapping[int, list[str]]) -> "BERTopic":
    """Let a model speak of papers: their topics, in their order, and the texts that stand for each.

    Parameters
    ----------
    model : BERTopic
        From `hold_in_bertopic`, or loaded.
    labels : ndarray of int, shape (n,)
    representative : mapping of topic to texts
    """
    model.topics_ = labels.tolist()
    present, sizes = np.unique(labels, return_counts=True)
    # a topic without any of these papers keeps its place: BERTopic counts rows by what is listed here
    model.topic_sizes_ = dict.fromkeys(sorted(model.topic_representations_), 0)
    model.topic_sizes_ |= dict(zip(present.tolist(), sizes.tolist(), strict=True))
    model.representative_docs_ = {
        topic: representative.get(topic, []) for topic in sorted(model.topic_representations_)
    }
    return model


def _count(model: "BERTopic", uses: np.ndarray, outliers: str) -> None:
    """Let a model's c-TF-IDF hold counts of each topic's words, and of the words of papers that have none."""
    topics = sorted(model.topic_representations_)
    counts = sparse.csr_matrix(uses[[topic for topic in topics if topic >= 0]])
    if -1 in topics:
        counts = sparse.vstack([model.vectorizer_model.transform([outliers]), counts]).tocsr()
    model.c_tf_idf_ = model.ctfidf_model.fit(counts).transform(counts).tocsr()
    terms = model.vectorizer_model.get_feature_names_out()
    for topic, row in zip(topics, model.c_tf_idf_, strict=True):
        best = np.argsort(-row.data, kind="stable")[: model.top_n_words]
        words = [
            (str(terms[column]), float(weight))
            for column, weight in zip(row.indices[best], row.data[best], strict=True)
        ]
        model.topic_representations_[topic] = words + [_NO_WORD] * (model.top_n_words - len(words))


def _number_as(model: Any, labels: np.ndarray) -> None:
    """Undo BERTopic's own numbering where it breaks ties of size another way."""
    theirs = np.array(model.topics_)
    mapping = {int(there): int(here) for there, here in zip(theirs, labels, strict=True)}
    if all(there == here for there, here in mapping.items()):
        return
    order = sorted(mapping)
    rows = [order.index(there) for there in sorted(order, key=lambda topic: mapping[topic])]
    model.topics_ = [mapping[int(topic)] for topic in theirs]
    model.topic_representations_ = {mapping[t]: words for t, words in model.topic_representations_.items()}
    model.representative_docs_ = {mapping[t]: docs for t, docs in model.representative_docs_.items()}
    model.topic_sizes_ = {mapping[t]: size for t, size in model.topic_sizes_.items()}
    model.topic_embeddings_ = np.asarray(model.topic_embeddings_)[rows]
    model.c_tf_idf_ = model.c_tf_idf_[rows]
    model.topic_mapper_.add_mappings(mapping, topic_model=model)


def save_model(model: "BERTopic", folder: Path) -> None:
    """Save a held model as safetensors and JSON; no pickle, no hub."""
    folder.mkdir(parents=True, exist_ok=True)
    # it warns that no hub model is named as embedder, which is the point of ours
    logger = logging.getLogger("BERTopic")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        _save(model, folder)
    finally:
        logger.setLevel(level)


def _save(model: "BERTopic", folder: Path) -> None:
    model.save(str(folder), serialization="safetensors", save_ctfidf=True, save_embedding_model=False)
    np.save(folder / _CENTRE, model.embedding_model.centre)


def load_model(folder: Path) -> "BERTopic":
    """Load a model that `save_model` wrote, without touching the network.

    Raises
    ------
    ArtefactError
        The folder holds no such model.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from bertopic import BERTopic

        from analysis.topics.embedder import StaticEmbedder
    if not (folder / _CENTRE).exists():
        raise ArtefactError(f"{folder} holds no saved topic model; `topictrends topics` writes one")
    if (folder / ABOUT).is_file():
        about = read_about(folder, "model")
        for name in about.hashes:
            about.check(folder / name)
    pickled = sorted(path.name for path in folder.iterdir() if path.suffix in _PICKLED)
    if pickled:
        raise ArtefactError(
            f"{folder} holds {pickled[0]}, which could run code when it is read; nothing here writes such files"
        )
    try:
        centre = np.load(folder / _CENTRE, allow_pickle=False)
        return BERTopic.load(str(folder), embedding_model=StaticEmbedder(centre))
    # what is wrong with a file decides which of six libraries complains, each in its own way
    except Exception as error:
        raise ArtefactError(
            f"the topic model in {folder} is damaged ({error}); `topictrends topics` writes it again"
        ) from error
