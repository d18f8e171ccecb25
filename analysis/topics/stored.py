"""Topics of a large corpus whose partitions lie on disk, and what they are under other choices."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from analysis.corpus.text import is_abstract
from analysis.embedding.views import View, fit_views
from analysis.io.files import read_table
from analysis.io.partitions import FolderPartitions, Partitions, Run
from analysis.topics.large import Choices
from analysis.topics.placement import Placer
from analysis.topics.texts import Facts, TextEye, Texts, sentences_of, texts_at
from analysis.topics.variants import OtherClustering, other_choices


def facts_of(parts: FolderPartitions) -> tuple[Facts, pd.Series]:
    """Read what is known of all described papers beside their texts, and their dates, one partition after the other."""
    frames = []
    for name in parts.names:
        found = read_table(parts.folder / name, columns=["title", "abstract", "date", "sources"])
        described = found[found["abstract"].map(is_abstract).to_numpy(dtype=bool)]
        strata = described["sources"].map(lambda sources: sources[0].rpartition("#")[0]).astype("str")
        frames.append(described[["title", "date"]].assign(stratum=strata))
    papers = pd.concat(frames)
    return Facts.of(papers, papers["stratum"]), papers["date"]


def large_partitions(corpus: Path) -> FolderPartitions:
    """Return the partitions of described papers of a corpus' folder."""
    return FolderPartitions.of(corpus / "papers")


def large_variants(
    parts: Partitions, facts: Facts, dates: pd.Series, landmarks: pd.Index, choices: Choices, run: Run
) -> pd.DataFrame:
    """Cluster the landmarks anew under other choices and place all papers; see `analysis.topics.variants`."""
    texts = texts_at(parts, landmarks)
    views, model = fit_views(texts.titles, texts.abstracts, sentences_of(texts, choices.transformer, choices.download))
    others = other_choices(views, dates.loc[landmarks], choices.seed, choices.granularity, population=len(facts.ids))
    placers = {name: _placer(choice()) for name, choice in others.items()}
    placing = PlacingAgain(parts, TextEye(model, choices.transformer, choices.download), placers)
    found = list(run("variants", place_again, placing, len(parts)))
    columns = {name: np.concatenate([piece[name] for piece in found]) for name in placers}
    return pd.DataFrame(columns, index=facts.ids, dtype="int64")


def _placer(other: OtherClustering) -> Placer:
    clustering = other.clustering
    nothing = np.zeros((len(clustering.similarity), 2))
    no_draws = np.zeros((0, len(clustering.labels)), dtype=int)
    return Placer.of(clustering, clustering.labels, no_draws, other.views, nothing)


@dataclass(frozen=True)
class PlacingAgain:
    """What every partition is placed by under other choices."""

    parts: Partitions
    eye: TextEye
    placers: dict[str, Placer]


def place_again(placing: PlacingAgain, number: int) -> dict[str, np.ndarray]:
    """Return one partition's topics under each choice, int16."""
    texts = Texts.of(placing.parts.papers(number))
    if texts.ids.empty:
        return {name: np.zeros(0, dtype=np.int16) for name in placing.placers}
    with threadpool_limits(1):
        views: list[View] = placing.eye.see(texts).views
        return {name: placer.labels(views).astype(np.int16) for name, placer in placing.placers.items()}
