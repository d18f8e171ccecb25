"""What each stage of a study does: call its room, write the tables, return the files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import ArtefactError
from analysis.io.files import files_under

if TYPE_CHECKING:
    # rooms are imported where they are used: a run that has nothing to do should not wait for them
    import pandas as pd

    from analysis.concepts.mentions import Concepts
    from analysis.corpus.paper import Corpus
    from analysis.embedding.views import View
    from analysis.io.runner import Jobs
    from analysis.study.face import Study
    from analysis.topics.describe.labeller import ChatLabeller
    from analysis.topics.large import Choices
    from analysis.topics.result import Topics


@dataclass(frozen=True)
class Hands:
    """How a stage's work is done.

    Attributes
    ----------
    jobs : Jobs
        Runs pieces of work over the partitions of a large corpus.
    skip_corrupt : bool
        Whether a damaged part of an export is left out, and counted, instead of stopping the run.
    """

    jobs: "Jobs"
    skip_corrupt: bool = False


def run_corpus(study: "Study", hands: Hands) -> list[Path]:
    """Read the exports into one corpus; large ones in pieces."""
    from analysis.study import store
    from analysis.study.estimate import expected_records

    study.forget("corpus", "topics", "concepts", "trends")
    threshold = study.settings.scale.threshold
    if expected_records(study.source_files()) > threshold:
        return _large_corpus(study, hands)
    from analysis.corpus.enrich import filled

    corpus = read_exports(study)
    corpus = filled(corpus, study.answers_path) if study.answers_path.is_file() else corpus
    return store.write_corpus(study.data / "corpus", corpus, threshold, study.settings.scale.partition)


def _large_corpus(study: "Study", hands: Hands) -> list[Path]:
    from analysis.corpus.build import Exports, build_corpus
    from analysis.corpus.load import export_files

    chosen = study.settings.corpus
    answers = study.answers_path if study.answers_path.is_file() else None
    exports = Exports(
        export_files(_corpus_source(study)), {str(name): column for name, column in (chosen.columns or {}).items()},
        chosen.date, study.supplement, answers, study.settings.scale.partition,
    )  # fmt: skip
    return build_corpus(exports, study.data / "corpus", hands.jobs, skip_corrupt=hands.skip_corrupt)


def read_exports(study: "Study") -> "Corpus":
    """Return the corpus as its exports give it, before any service has filled anything."""
    from analysis.corpus.load import load_corpus

    chosen = study.settings.corpus
    return load_corpus(
        _corpus_source(study),
        study.supplement,
        columns={str(name): column for name, column in (chosen.columns or {}).items()},
        date_choice=chosen.date,
    )


def _corpus_source(study: "Study") -> Path | list[Path]:
    paths = study.source_paths()
    if len(paths) == 1:
        return paths[0]
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise ArtefactError(f"{missing[0]} does not exist; study.toml names it among the sources")
    return files_under(paths)


def _is_large(study: "Study") -> bool:
    """Tell whether a study's papers are too many to be clustered whole."""
    if not study.is_partitioned:
        return False
    from analysis.topics.stored import large_partitions

    parts = large_partitions((study.data / "corpus").resolve())
    described = 0
    for number in range(len(parts)):
        described += len(parts.papers(number))
        if described > study.settings.scale.threshold:
            return True
    return False


def fit_choices(study: "Study") -> "Choices":
    """Return how study.toml asks for topics."""
    from analysis.topics.large import Choices

    chosen, scale = study.settings.topics, study.settings.scale
    return Choices(
        chosen.granularity, chosen.outliers == "keep", study.settings.seed, scale.landmarks, chosen.transformer,
        chosen.download,
    )  # fmt: skip


def run_topics(study: "Study", hands: Hands) -> list[Path]:
    """Find the topics; those of a large corpus in landmarks."""
    from analysis.study import store

    labeller = _labeller(study)
    topics, more = _large_topics(study, hands, labeller) if _is_large(study) else _small_topics(study, labeller)
    study.forget("topics", "trends")
    kept = [labeller.record] if labeller is not None else []
    return [*more, *kept, *store.write_topics(study.data / "topics", topics)]


def _large_topics(study: "Study", hands: Hands, labeller: "ChatLabeller | None") -> "tuple[Topics, list[Path]]":
    from analysis.topics.curation import read_edits
    from analysis.topics.large import fit_large
    from analysis.topics.stored import facts_of, large_partitions

    parts = large_partitions((study.data / "corpus").resolve())
    facts, _ = facts_of(parts)
    edits = read_edits(study.edits_path)
    return fit_large(parts, facts, fit_choices(study), hands.jobs.run, edits=edits, labeller=labeller), []


def _small_topics(study: "Study", labeller: "ChatLabeller | None") -> "tuple[Topics, list[Path]]":
    from analysis.topics.curation import read_edits
    from analysis.topics.fit import fit_topics

    settings = study.settings
    topics = fit_topics(
        study.corpus, seed=settings.seed, granularity=settings.topics.granularity, outliers=settings.topics.outliers,
        views=_views(study), edits=read_edits(study.edits_path), labeller=labeller, threshold=settings.scale.threshold,
    )  # fmt: skip
    return topics, [_embeddings(study)]


def _embeddings(study: "Study") -> Path:
    return study.data / "embeddings.npz"


def _views(study: "Study") -> "Sequence[View]":
    from analysis.corpus.text import without_addresses
    from analysis.embedding.cache import cached_views

    papers, chosen = study.corpus.described, study.settings.topics
    abstracts = [without_addresses(text) for text in papers["abstract"]]
    return cached_views(_embeddings(study), papers["title"].tolist(), abstracts, chosen.transformer, chosen.download)


def _labeller(study: "Study") -> "ChatLabeller | None":
    """Return the chat model that study.toml names, if any."""
    chosen = study.settings.topics.labeller
    if chosen is None:
        return None
    from analysis.topics.describe.labeller import ChatLabeller, key_from

    key = key_from(chosen.key_variable) if chosen.key_variable else None
    return ChatLabeller(chosen.url, chosen.model, study.data / "label_exchanges.json", key)


def run_trends(study: "Study", hands: Hands) -> list[Path]:
    """Find concepts, and test topics, themes and concepts for trends."""
    from analysis.study import store
    from analysis.trends.family import TestSettings
    from analysis.trends.fit import fit_trends

    chosen, seed = study.settings.trends, study.settings.seed
    judged = TestSettings(chosen.alpha, chosen.equivalence_odds_ratio, chosen.robustness, chosen.permutations, seed)
    concepts = _concepts(study, hands)
    variants = _variants(study, hands) if chosen.sensitivity else None
    trends = fit_trends(
        study.corpus, study.topics, concepts=concepts, variants=variants, granularity=chosen.periods,
        alpha=chosen.alpha, seed=seed, settings=judged,
    )  # fmt: skip
    study.forget("concepts", "trends")
    found = [] if concepts is None else store.write_concepts(study.data / "concepts", concepts)
    return [*found, *store.write_trends(study.data / "trends", trends)]


def _variants(study: "Study", hands: Hands) -> "pd.DataFrame":
    """Return what the topics are under other choices."""
    if not _is_large(study):
        from analysis.topics.variants import topic_variants

        return topic_variants(study.corpus, _views(study), study.settings.seed, study.settings.topics.granularity)
    from analysis.topics.stored import facts_of, large_partitions, large_variants

    parts = large_partitions((study.data / "corpus").resolve())
    facts, dates = facts_of(parts)
    import pandas as pd

    landmarks = facts.ids.intersection(pd.Index(study.topics.landmarks["paper_id"]))
    return large_variants(parts, facts, dates, landmarks, fit_choices(study), hands.jobs.run)


def _concepts(study: "Study", hands: Hands) -> "Concepts | None":
    if not study.settings.concepts.look:
        return None
    from analysis.concepts.mentions import concepts_of, find_concepts
    from analysis.concepts.vocabulary import read_vocabulary
    from analysis.io.partitions import FolderPartitions

    vocabulary, folder = read_vocabulary(study.vocabulary), (study.data / "corpus").resolve()
    if not study.is_partitioned:
        return find_concepts(study.corpus, vocabulary)
    parts = FolderPartitions.of(folder / "papers", described=False)
    return concepts_of(study.corpus.papers, parts, vocabulary, hands.jobs.run)


def run_figures(study: "Study", hands: Hands) -> list[Path]:
    """Draw the figures."""
    from analysis.figures.export import write_figures

    return write_figures(
        study.corpus, study.topics, study.trends, study.figures_folder, formats=study.settings.figures.formats,
        look=study.look,
    )  # fmt: skip


def run_survey(study: "Study", hands: Hands) -> list[Path]:
    """Write the survey section and the explorer."""
    from analysis.io.files import write_texts
    from analysis.survey.explorer import explorer_page
    from analysis.survey.section import write

    written = write(
        study.corpus, study.topics, study.trends, study.figures_folder / "survey",
        title=study.settings.title, seed=study.settings.seed, versions=study.versions(),
    )  # fmt: skip
    concepts = study.concepts if study.settings.concepts.look else None
    explorer = study.figures_folder / "index.html"
    write_texts({explorer: explorer_page(study.corpus, study.topics, study.trends, concepts, study.settings.title)})
    return [*written, explorer]


def run_notebooks(study: "Study", hands: Hands) -> list[Path]:
    """Execute the notebooks, two at a time: they do not need one another."""
    from concurrent.futures import ThreadPoolExecutor

    from analysis.study.notebooks import execute

    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(lambda path: execute(path, study.folder), study.notebook_files()))


RUNNERS: dict[str, Callable[["Study", Hands], list[Path]]] = {
    "corpus": run_corpus,
    "topics": run_topics,
    "trends": run_trends,
    "figures": run_figures,
    "survey": run_survey,
    "notebooks": run_notebooks,
}
