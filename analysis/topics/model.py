"""The BERTopic model that holds the consensus: its c-TF-IDF, representations and plots; built when it is asked for."""

import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from scipy import sparse

from analysis.embedding.static import static_vectors
from analysis.embedding.tokens import count_given
from analysis.embedding.vectors import unit_rows
from analysis.errors import ArtefactError
from analysis.io.compiled import import_compiled
from analysis.io.files import read_arrays, write_arrays
from analysis.topics.describe.phrases import STOP_WORDS
from analysis.topics.describe.words import WORD_PATTERN, word_vectorizer

if TYPE_CHECKING:
    from bertopic import BERTopic

# a document, and terms, in which no word stands
_NO_TEXT, _NO_TERMS = "-", ("-", "--")
# with which BERTopic fills up the words of a topic that has few
_NO_WORD = ("", 0.00001)


@dataclass(frozen=True)
class ModelParts:
    """What a BERTopic model is built from: importing BERTopic takes seconds, which most have no use for.

    Attributes
    ----------
    topics : ndarray of int64, shape (r,)
        0..K-1, after -1 where papers have no topic.
    terms : ndarray of str, shape (t,)
        What its vectorizer counts.
    uses : csr_matrix of float64, shape (r, t)
        Occurrences of these terms in each topic's papers.
    vectors : ndarray of float32, shape (r, 256)
        Means of static vectors of each topic's papers, centred.
    centre : ndarray of float32, shape (256,)
        What was taken off.
    keywords : K sequences of (term, weight)
    names : K labels
    """

    topics: np.ndarray
    terms: np.ndarray
    uses: sparse.csr_matrix
    vectors: np.ndarray
    centre: np.ndarray
    keywords: Sequence[Sequence[tuple[str, float]]]
    names: Sequence[str]

    @classmethod
    def of(
        cls,
        texts: Sequence[str],
        labels: np.ndarray,
        keywords: Sequence[Sequence[tuple[str, float]]],
        names: Sequence[str],
        terms: np.ndarray,
        uses: np.ndarray,
    ) -> Self:
        """Take them from papers of a finished clustering, or from a sample of these.

        Parameters
        ----------
        texts : sequence of str, length n
        labels : ndarray of int, shape (n,)
            Topic of each paper, numbered 0..K-1; -1 for none.
        keywords : K sequences of (term, weight)
        names : K labels
        terms : ndarray of str, shape (t,)
        uses : ndarray, shape (K, t)
            Of all papers.
        """
        raw = static_vectors(texts)
        centre = raw.mean(axis=0)
        centred = unit_rows(raw - centre)
        topics = np.unique(labels)
        counts = sparse.csr_matrix(uses[topics[topics >= 0]], dtype=np.float64)
        if -1 in topics:
            outliers = " ".join(text for text, label in zip(texts, labels.tolist(), strict=True) if label < 0)
            counts = sparse.vstack([count_given([outliers], WORD_PATTERN, STOP_WORDS, terms), counts], format="csr")
        vectors = np.array([centred[labels == topic].mean(axis=0) for topic in topics])
        return cls(topics.astype(np.int64), terms, counts, vectors, centre, keywords, names)

    def save(self, path: Path) -> None:
        """Keep them in an .npz file, atomically."""
        pairs = [(topic, *pair) for topic, words in enumerate(self.keywords) for pair in words]
        write_arrays(
            path,
            {
                "topics": self.topics,
                "terms": _as_bytes(self.terms.tolist()),
                "uses": self.uses.data,
                "columns": self.uses.indices.astype(np.int64),
                "rows": self.uses.indptr.astype(np.int64),
                "vectors": self.vectors,
                "centre": self.centre,
                "names": _as_bytes(self.names),
                "word_topics": np.array([topic for topic, _, _ in pairs], dtype=np.int64),
                "words": _as_bytes([word for _, word, _ in pairs]),
                "word_weights": np.array([weight for _, _, weight in pairs], dtype=np.float64),
            },
        )

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        ArtefactError
            The file is missing or damaged.
        """
        stored = read_arrays(path)
        try:
            topics, vectors, centre = (stored[name] for name in ("topics", "vectors", "centre"))
            terms, names, words = (_as_texts(stored[name]) for name in ("terms", "names", "words"))
            shape = (len(topics), len(terms))
            uses = sparse.csr_matrix((stored["uses"], stored["columns"], stored["rows"]), shape=shape)
            uses.check_format()
            keywords: list[list[tuple[str, float]]] = [[] for _ in names]
            pairs = zip(stored["word_topics"].tolist(), words, stored["word_weights"].tolist(), strict=True)
            for topic, word, weight in pairs:
                keywords[topic].append((word, weight))
            if vectors.shape != (len(topics), *centre.shape) or topics.max() >= len(names):
                raise ValueError("topics are not those of their vectors and names")
        except (KeyError, ValueError, IndexError, TypeError, RecursionError) as error:
            raise ArtefactError(f"{path} is damaged ({error}); `topictrends topics` writes it again") from error
        return cls(topics, np.array(terms, dtype=object), uses, vectors, centre, keywords, names)


def _as_bytes(texts: Sequence[str]) -> np.ndarray:
    """Return texts as one array of bytes: in an array of texts each takes as much as the longest."""
    return np.frombuffer(json.dumps(list(texts)).encode(), dtype=np.uint8)


def _as_texts(stored: np.ndarray) -> list[str]:
    texts = json.loads(stored.tobytes())
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ValueError("texts are no list of texts")
    return texts


def hold_in_bertopic(parts: ModelParts) -> "BERTopic":
    """Build a BERTopic model of finished topics, of one document a topic; `hold_papers` gives it papers.

    Its ``transform`` and ``find_topics`` embed new texts with the static vectors, so they need no download.
    """
    with warnings.catch_warnings():
        # the import touches optional packages that deprecate things in their own way
        warnings.simplefilter("ignore")
        import_compiled("umap")
        from bertopic import BERTopic
        from bertopic.cluster import BaseCluster
        from bertopic.dimensionality import BaseDimensionalityReduction
        from bertopic.vectorizers import ClassTfidfTransformer

        from analysis.topics.embedder import StaticEmbedder
    # it fails to count fewer than two terms
    missing = _NO_TERMS[len(parts.terms) :]
    terms = np.concatenate([parts.terms, np.array(missing, dtype=object)])
    uses = sparse.hstack([parts.uses, sparse.csr_matrix((len(parts.topics), len(missing)))], format="csr")
    model = BERTopic(
        language="multilingual",  # "english" would strip hyphens from words
        embedding_model=StaticEmbedder(parts.centre),
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
        model.fit([_NO_TEXT] * len(parts.topics), embeddings=parts.vectors, y=parts.topics)
        _number_as(model, parts.topics)
        model.c_tf_idf_ = model.ctfidf_model.fit(uses).transform(uses).tocsr()
    for topic, row in zip(parts.topics.tolist(), model.c_tf_idf_, strict=True):
        words = parts.keywords[topic] if topic >= 0 else []
        model.topic_representations_[topic] = list(words) or _best_words(row, terms, model.top_n_words)
    model.set_topic_labels(dict(enumerate(parts.names)))
    return model


def _best_words(row: sparse.csr_matrix, terms: np.ndarray, count: int) -> list[tuple[str, float]]:
    """Return the terms that weigh most in a topic, as many as BERTopic tells."""
    best = np.argsort(-row.data, kind="stable")[:count]
    words = [
        (str(terms[column]), float(weight)) for column, weight in zip(row.indices[best], row.data[best], strict=True)
    ]
    return words + [_NO_WORD] * (count - len(words))


def hold_papers(model: "BERTopic", labels: np.ndarray, representative: Mapping[int, list[str]]) -> "BERTopic":
    """Let a model speak of papers: their topics, in their order, and the texts that stand for each.

    Parameters
    ----------
    model : BERTopic
        From `hold_in_bertopic`.
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
