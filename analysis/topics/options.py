"""How topics are fitted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

# a corpus of more papers is fitted by landmarks, so many of them
THRESHOLD, LANDMARKS = 20_000, 12_000
Method = Literal["consensus", "bertopic"]


@dataclass(frozen=True)
class FitOptions:
    """How topics are fitted; see `fit_topics`.

    Attributes
    ----------
    granularity : {"coarse", "balanced", "fine"} or int
    keep_outliers : bool
        Whether papers that are not sure of their topic become topic -1.
    seed : int
    threshold : int
        A corpus of more papers is fitted by landmarks; of a smaller one every paper is a landmark.
    landmarks : int
    transformer : str, optional
        A sentence-transformers model that adds views of its own.
    cache : Path, optional
        Where the landmarks' vectors and their encoder are kept.
    method : {"consensus", "bertopic"}
    extra_stop_words : tuple of str
        Words of a reader that topics are not made of.
    records : bool
        Whether author keywords, index terms and references make views of their own, where enough papers have them.
    umap, hdbscan : mapping
        Settings of BERTopic's method.
    """

    granularity: str | int = "balanced"
    keep_outliers: bool = False
    seed: int = 0
    threshold: int = THRESHOLD
    landmarks: int = LANDMARKS
    transformer: str | None = None
    cache: Path | None = None
    method: Method = "consensus"
    extra_stop_words: tuple[str, ...] = ()
    records: bool = True
    umap: Mapping[str, Any] = field(default_factory=dict)
    hdbscan: Mapping[str, Any] = field(default_factory=dict)
