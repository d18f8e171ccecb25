"""What each stage of a study does: call its room, write the tables, return the files."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.artefacts import files_under
from analysis.errors import ArtefactError

if TYPE_CHECKING:
    # rooms are imported where they are used: a run that has nothing to do should not wait for them
    from analysis.concepts.mentions import Concepts
    from analysis.corpus.paper import Corpus
    from analysis.embedding.views import View
    from analysis.study import Study
    from analysis.topics.labeller import ChatLabeller


def run_corpus(study: "Study") -> list[Path]:
    """Read the exports into one corpus."""
    from analysis import store
    from analysis.corpus.enrich import filled

    corpus = read_exports(study)
    corpus = filled(corpus, study.answers_path) if study.answers_path.is_file() else corpus
    study.forget("corpus", "topics", "concepts", "trends")
    return store.write_corpus(study.data / "corpus", corpus)


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


def run_topics(study: "Study") -> list[Path]:
    """Find the topics."""
    from analysis import store
    from analysis.topics.edits import read_edits
    from analysis.topics.fit import fit_topics

    settings = study.settings
    labeller = _labeller(study)
    topics = fit_topics(
        study.corpus, seed=settings.seed, granularity=settings.topics.granularity, outliers=settings.topics.outliers,
        views=_views(study), edits=read_edits(study.edits_path), labeller=labeller,
    )  # fmt: skip
    study.forget("topics", "trends")
    kept = [labeller.record] if labeller is not None else []
    return [_embeddings(study), *kept, *store.write_topics(study.data / "topics", topics)]


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
    from analysis.topics.labeller import ChatLabeller, key_from

    key = key_from(chosen.key_variable) if chosen.key_variable else None
    return ChatLabeller(chosen.url, chosen.model, study.data / "label_exchanges.json", key)


def run_trends(study: "Study") -> list[Path]:
    """Find concepts, and test topics, themes and concepts for trends."""
    from analysis import store
    from analysis.topics.variants import topic_variants
    from analysis.trends.family import TestSettings
    from analysis.trends.fit import fit_trends

    chosen, seed = study.settings.trends, study.settings.seed
    judged = TestSettings(chosen.alpha, chosen.equivalence_odds_ratio, chosen.robustness, chosen.permutations, seed)
    concepts = _concepts(study)
    variants = None
    if chosen.sensitivity:
        variants = topic_variants(study.corpus, _views(study), seed, study.settings.topics.granularity)
    trends = fit_trends(
        study.corpus, study.topics, concepts=concepts, variants=variants, granularity=chosen.periods,
        alpha=chosen.alpha, seed=seed, settings=judged,
    )  # fmt: skip
    study.forget("concepts", "trends")
    found = [] if concepts is None else store.write_concepts(study.data / "concepts", concepts)
    return [*found, *store.write_trends(study.data / "trends", trends)]


def _concepts(study: "Study") -> "Concepts | None":
    if not study.settings.concepts.look:
        return None
    from analysis.concepts.mentions import find_concepts
    from analysis.concepts.vocabulary import read_vocabulary

    return find_concepts(study.corpus, read_vocabulary(study.vocabulary))


def run_figures(study: "Study") -> list[Path]:
    """Draw the figures."""
    from analysis.figures.export import write_figures

    return write_figures(
        study.corpus, study.topics, study.trends, study.figures_folder, formats=study.settings.figures.formats,
        look=study.look,
    )  # fmt: skip


def run_survey(study: "Study") -> list[Path]:
    """Write the survey section and the explorer."""
    from analysis.artefacts import write_texts
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


def run_notebooks(study: "Study") -> list[Path]:
    """Execute the notebooks, two at a time: they do not need one another."""
    from concurrent.futures import ThreadPoolExecutor

    from analysis.notebooks import execute

    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(lambda path: execute(path, study.folder), study.notebook_files()))


RUNNERS: dict[str, Callable[["Study"], list[Path]]] = {
    "corpus": run_corpus,
    "topics": run_topics,
    "trends": run_trends,
    "figures": run_figures,
    "survey": run_survey,
    "notebooks": run_notebooks,
}
