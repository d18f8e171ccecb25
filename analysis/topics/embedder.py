"""The embedder of the BERTopic model that holds topics. Importing it imports bertopic, which takes seconds."""

import numpy as np
from bertopic.backend import BaseEmbedder

from analysis.embedding.static import static_vectors
from analysis.embedding.vectors import unit_rows


class StaticEmbedder(BaseEmbedder):
    """WordLlama vectors, centred as the corpus was: without one BERTopic's transform and find_topics fail."""

    def __init__(self, centre: np.ndarray) -> None:
        super().__init__()
        self.centre = centre

    def embed(self, documents: list[str], verbose: bool = False) -> np.ndarray:
        """Return unit rows, float32, shape (n, 256)."""
        return unit_rows(static_vectors(documents) - self.centre)
