"""The peers: what a user of this field would run instead."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF, LatentDirichletAllocation
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from analysis.embedding.lexical import latent_semantic
from analysis.embedding.static import static_vectors
from analysis.embedding.vectors import unit_rows

Labels = np.ndarray
Peer = Callable[[Sequence[str], int, int], Labels]


def lexical(texts: Sequence[str]) -> np.ndarray:
    """TF-IDF of words and pairs reduced to 50 dimensions."""
    return unit_rows(latent_semantic(_tfidf(texts, 2), 50))


def _tfidf(texts: Sequence[str], longest: int) -> sparse.csr_matrix:
    vectorizer = TfidfVectorizer(
        sublinear_tf=True, min_df=2, max_df=0.5, ngram_range=(1, longest), stop_words="english", dtype=np.float32
    )
    return vectorizer.fit_transform(texts).tocsr()


def static(texts: Sequence[str]) -> np.ndarray:
    """WordLlama's vectors, centred."""
    vectors = static_vectors(texts)
    return unit_rows(vectors - vectors.mean(axis=0, keepdims=True))


def bertopic(view: Callable[[Sequence[str]], np.ndarray], reassign: bool) -> Peer:
    """BERTopic as it comes on a view; optionally with its outliers reassigned by c-TF-IDF."""

    def run(texts: Sequence[str], n_labels: int, seed: int) -> Labels:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model, labels = bertopic_on(texts, view(texts), seed)
            if reassign and -1 in labels and len(set(labels)) > 1:
                labels = model.reduce_outliers(list(texts), labels, strategy="c-tf-idf")
        return np.array(labels)

    return run


def bertopic_on(texts: Sequence[str], vectors: np.ndarray, seed: int) -> tuple[Any, list[int]]:
    """BERTopic as it comes, but for a fixed seed, on given vectors; the model and its labels."""
    from bertopic import BERTopic
    from umap import UMAP

    mapper = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed)
    model = BERTopic(embedding_model=None, umap_model=mapper, calculate_probabilities=False)
    labels, _ = model.fit_transform(list(texts), embeddings=vectors)
    return model, labels


def kmeans(view: Callable[[Sequence[str]], np.ndarray]) -> Peer:
    """k-means that is given the true number of labels."""

    def run(texts: Sequence[str], n_labels: int, seed: int) -> Labels:
        return np.asarray(KMeans(n_labels, n_init=10, random_state=seed).fit_predict(view(texts)))

    return run


def nmf(texts: Sequence[str], n_labels: int, seed: int) -> Labels:
    """NMF of TF-IDF with the true number of labels; a paper goes to its largest component."""
    weights = NMF(n_labels, init="nndsvda", random_state=seed, max_iter=400).fit_transform(_tfidf(texts, 1))
    return np.asarray(weights.argmax(axis=1))


def lda(texts: Sequence[str], n_labels: int, seed: int) -> Labels:
    """LDA of word counts with the true number of labels; a paper goes to its largest topic."""
    counts = CountVectorizer(stop_words="english", min_df=2, max_df=0.5).fit_transform(texts)
    return np.asarray(LatentDirichletAllocation(n_labels, random_state=seed).fit_transform(counts).argmax(axis=1))


PEERS: dict[str, Peer] = {
    "BERTopic as it comes, TF-IDF": bertopic(lexical, reassign=False),
    "BERTopic as it comes, WordLlama": bertopic(static, reassign=False),
    "BERTopic reassigned, TF-IDF": bertopic(lexical, reassign=True),
    "BERTopic reassigned, WordLlama": bertopic(static, reassign=True),
    "k-means, K given, TF-IDF": kmeans(lexical),
    "k-means, K given, WordLlama": kmeans(static),
    "NMF, K given": nmf,
    "LDA, K given": lda,
}
