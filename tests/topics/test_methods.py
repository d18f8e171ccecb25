"""BERTopic's own pipeline: its clusters, redrawn over seeds, carried through a study."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score

import analysis as at
from analysis.errors import SettingsError, SmallCorpusWarning, TopicsError
from analysis.io.runner import in_turn
from analysis.study.settings import read_settings
from analysis.topics.options import FitOptions
from analysis.topics.variants import topic_variants
from tests.generators import planted_corpus

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def fitted() -> tuple[at.Corpus, pd.Series, at.Topics]:
    corpus, truth = planted_corpus(150, 4)
    return corpus, truth, at.fit_topics(corpus, method="bertopic")


def test_bertopics_own_pipeline_finds_planted_topics(fitted: tuple[at.Corpus, pd.Series, at.Topics]) -> None:
    _, truth, topics = fitted
    assert adjusted_mutual_info_score(truth[topics.assignments.index], topics.assignments["topic"]) > 0.8
    assert topics.method == "bertopic"
    assert topics.draws.shape == (150, 10)


def test_its_uncertainty_is_that_of_its_seeds(fitted: tuple[at.Corpus, pd.Series, at.Topics]) -> None:
    corpus, _, topics = fitted
    shares = (topics.draws.to_numpy() == topics.assignments["topic"].to_numpy()[:, None]).mean(axis=1)
    np.testing.assert_allclose(topics.assignments["membership"], shares)
    by_seed = [at.fit_topics(corpus, method="bertopic", seed=seed) for seed in (1, 2)]
    for number, other in enumerate(by_seed):
        drawn = topics.draws[f"draw_{number}"]
        known = drawn >= 0
        assert adjusted_mutual_info_score(drawn[known], other.assignments["topic"][known]) > 0.99


def test_its_order_and_its_model_are_those_of_the_table(fitted: tuple[at.Corpus, pd.Series, at.Topics]) -> None:
    corpus, _, topics = fitted
    turned = at.Corpus(corpus.papers.iloc[::-1], corpus.occurrences, corpus.rejects)
    again = at.fit_topics(turned, method="bertopic")
    pd.testing.assert_frame_equal(again.assignments.loc[topics.assignments.index], topics.assignments)
    assert again.bertopic.topics_ == again.assignments["topic"].tolist()


def test_settings_reach_umap_and_hdbscan() -> None:
    corpus, _ = planted_corpus(150, 4)
    plain = at.fit_topics(corpus, method="bertopic")
    # leaves of three papers are many on any processor
    leaves = {"min_cluster_size": 3, "cluster_selection_method": "leaf"}
    fine = at.fit_topics(corpus, method="bertopic", hdbscan=leaves)
    assert len(fine.table) > len(plain.table)
    near = at.fit_topics(corpus, method="bertopic", hdbscan=leaves, umap={"n_neighbors": 4})
    assert not near.assignments["topic"].equals(fine.assignments["topic"])
    with pytest.raises(TopicsError, match="refuses a setting"):
        at.fit_topics(corpus, method="bertopic", hdbscan={"no_such": 1})
    with pytest.raises(TopicsError, match="refuses a setting"):
        at.fit_topics(corpus, method="bertopic", umap={"n_neighbors": -1})


def test_outliers_stay_outliers_where_that_is_asked_for() -> None:
    rng = np.random.default_rng(0)
    corpus, _ = planted_corpus(120, 3)
    vectors = np.vstack(
        [np.eye(8)[i % 3] + rng.normal(0, 0.02, 8) for i in range(110)] + [rng.normal(size=8) for _ in range(10)]
    )
    kept = at.fit_topics(corpus, vectors=vectors, method="bertopic", outliers="keep")
    assigned = at.fit_topics(corpus, vectors=vectors, method="bertopic")
    assert (assigned.assignments["topic"] >= 0).all()
    assert set(kept.assignments["topic"].unique()) <= {-1, *range(len(kept.topic_quality))}
    placed = kept.place(corpus, vectors=vectors)
    assert (placed.assignments["topic"] == kept.assignments["topic"]).mean() > 0.85


def test_a_corpus_in_which_hdbscan_finds_nothing_is_one_topic_and_says_so() -> None:
    corpus, _ = planted_corpus(12, 2)
    with pytest.warns(SmallCorpusWarning, match="HDBSCAN finds no cluster"):
        assert len(at.fit_topics(corpus, method="bertopic").table) == 1
    with pytest.warns(SmallCorpusWarning, match="at least 10 are needed"):
        assert len(at.fit_topics(planted_corpus(5, 1)[0], method="bertopic").table) == 1


def test_a_large_corpus_is_placed_among_landmarks() -> None:
    corpus, truth = planted_corpus(400, 4)
    topics = at.fit_topics(corpus, method="bertopic", threshold=200, landmarks=150)
    assert len(topics.landmarks) < 200
    assert adjusted_mutual_info_score(truth[topics.assignments.index], topics.assignments["topic"]) > 0.7
    assert topics.assignments["membership"].between(0, 1).all()


def test_verdicts_are_asked_under_other_choices(fitted: tuple[at.Corpus, pd.Series, at.Topics]) -> None:
    corpus, _, topics = fitted
    landmarks = pd.Index(topics.landmarks["paper_id"])
    variants = topic_variants(corpus, landmarks, FitOptions(method="bertopic"), in_turn)
    assert list(variants.columns) == ["another seed", "the consensus", "past alone"]
    settings = at.TestSettings(n_permutations=99)
    trends = at.fit_trends(corpus, topics, variants=variants, settings=settings)
    assert {"another seed", "the consensus"} <= set(trends.sensitivity["choice"])


def test_a_study_runs_with_it(tmp_path: Path) -> None:
    from analysis.corpus.export import export

    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "papers.csv").write_bytes(export(planted_corpus(120)[0], "csv"))
    settings = '[topics]\nmethod = "bertopic"\nhdbscan = { min_cluster_size = 8 }\n[trends]\npermutations = 99\n'
    (tmp_path / "study.toml").write_text(settings + "[figures]\nformats = []\n", encoding="utf-8")
    study = at.Study.open(tmp_path)
    study.run()
    assert study.verify() == []
    assert study.topics.method == "bertopic"
    text = (tmp_path / "figures" / "survey" / "section.md").read_text(encoding="utf-8")
    assert "clustered by HDBSCAN" in text
    assert "k-means" not in text
    placed = study.topics.place(planted_corpus(20, seed=4)[0])
    assert len(placed.assignments) == 20


@pytest.mark.parametrize(
    "settings", ['umap = { n_neighbors = 5 }', 'method = "bertopic"\ngranularity = "fine"', 'method = "other"']
)  # fmt: skip
def test_settings_of_the_other_method_are_refused(settings: str, tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(f"[topics]\n{settings}\n", encoding="utf-8")
    with pytest.raises(SettingsError):
        read_settings(tmp_path)
