"""What topics were found in, kept so that new papers can be placed among them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from analysis.embedding.cache import read_kept, write_kept
from analysis.embedding.views import View, ViewEncoder
from analysis.topics.options import FitOptions

_CENTRE = "centre:"


@dataclass(frozen=True)
class TopicOrigin:
    """The vectors of the papers that topics were found in, and what encodes other papers the same way.

    Attributes
    ----------
    views : tuple of View
        Of the landmarks, in the order of their ids, graphs of neighbours included.
    encoder : ViewEncoder or None
        None where vectors were given: those of other papers must be given, too.
    options : FitOptions
        Of the fit.
    languages, centres
        Of given vectors, where papers are in several languages: what was taken off; see `analysis.topics.texts.GivenVectors`.
    """

    views: tuple[View, ...]
    encoder: ViewEncoder | None
    options: FitOptions
    languages: tuple[str, ...] = ("",)
    centres: Mapping[str, np.ndarray] = field(default_factory=dict)

    def read(self) -> "TopicOrigin":
        """Return itself: it is at hand."""
        return self

    @property
    def given(self) -> list[str]:
        """Names of the views that were given; without any where texts were encoded."""
        return [view.name for view in self.views if view.encodes_others] if self.encoder is None else []

    def save(self, path: Path) -> None:
        """Keep it in an .npz file, atomically."""
        chosen = self.options
        write_kept(
            path,
            self.views,
            self.encoder,
            {
                "seed": np.array(chosen.seed),
                "keep_outliers": np.array(chosen.keep_outliers),
                "transformer": np.array(chosen.transformer or ""),
                "extra_stop_words": np.array([word.lower() for word in chosen.extra_stop_words], dtype="U"),
                "languages": np.array(self.languages, dtype="U"),
                **{f"{_CENTRE}{name}": values for name, values in self.centres.items()},
            },
        )


@dataclass(frozen=True)
class StoredOrigin:
    """An origin that lies on disk until it is asked for.

    Attributes
    ----------
    path : Path
        An .npz file.
    options : FitOptions, optional
        Of the fit; those in the file by default.
    """

    path: Path
    options: FitOptions | None = None

    def read(self) -> TopicOrigin:
        """Read it; raises ArtefactError where the file is missing or damaged."""
        views, encoder, facts = read_kept(self.path)
        options = self.options
        if options is None:
            options = FitOptions(
                seed=int(facts["seed"]),
                keep_outliers=bool(facts["keep_outliers"]),
                transformer=str(facts["transformer"]) or None,
                extra_stop_words=tuple(facts["extra_stop_words"].tolist()) if "extra_stop_words" in facts else (),
            )
        languages = tuple(facts["languages"].tolist()) if "languages" in facts else ("",)
        centres = {name.removeprefix(_CENTRE): values for name, values in facts.items() if name.startswith(_CENTRE)}
        return TopicOrigin(tuple(views), encoder, replace(options, cache=None), languages, centres)
