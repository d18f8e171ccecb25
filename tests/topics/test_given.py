"""Vectors, labels and models that a user brings: paired with the right papers, and carried to a survey section."""

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score

import analysis as at
from analysis.embedding.static import static_vectors
from analysis.errors import ArtefactError, GivenTopicsWarning, TopicsError
from analysis.io.results import FORMAT
from tests.generators import planted_corpus

pytestmark = pytest.mark.slow

QUICK = at.TestSettings(n_permutations=99)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """Sixty papers of three subjects, shuffled, with ids that are numbers in no order."""
    corpus, truth = planted_corpus(60, 3)
    frame = corpus.papers.reset_index()[["title", "abstract", "date"]].assign(subject=truth.to_numpy())
    frame = frame.sample(frac=1, random_state=1).reset_index(drop=True)
    return frame.assign(id=np.random.default_rng(0).permutation(60) * 3 + 1)


@pytest.fixture(scope="module")
def corpus(table: pd.DataFrame) -> at.Corpus:
    return at.Corpus.from_frame(table)


@pytest.fixture(scope="module")
def vectors(table: pd.DataFrame) -> np.ndarray:
    """Vectors that hold nothing but the subject, in the table's order."""
    noise = np.random.default_rng(0).normal(0, 0.05, (len(table), 3))
    return np.eye(3)[table["subject"].to_numpy()] + noise


def _agreement(table: pd.DataFrame, topics: at.Topics) -> float:
    joined = table.set_index("id").join(topics.assignments)
    return adjusted_mutual_info_score(joined["subject"], joined["topic"])


def test_unlabelled_vectors_stand_in_the_order_of_the_table(
    table: pd.DataFrame, corpus: at.Corpus, vectors: np.ndarray
) -> None:
    topics = at.fit_topics(corpus, vectors=vectors)
    assert topics.assignments.index.tolist() == table["id"].tolist()
    assert _agreement(table, topics) > 0.95


def test_labelled_vectors_are_aligned_by_id(table: pd.DataFrame, corpus: at.Corpus, vectors: np.ndarray) -> None:
    frame = pd.DataFrame(vectors, index=table["id"]).sample(frac=1, random_state=2)
    frame.loc[100_000] = 1.0  # a paper that this corpus does not hold
    for given in (frame, at.View("mine", "transformer", frame), {"mine": frame}, [at.View("mine", "static", vectors)]):
        assert _agreement(table, at.fit_topics(corpus, vectors=given)) > 0.95


def test_the_old_name_of_vectors_works_and_says_so(corpus: at.Corpus, vectors: np.ndarray) -> None:
    with pytest.warns(DeprecationWarning, match=r"fit_topics\(vectors=...\) now"):
        at.fit_topics(corpus, views=[at.View("mine", "static", vectors)], granularity=3)  # type: ignore[call-arg]


def test_vectors_count_papers_without_an_abstract(table: pd.DataFrame, vectors: np.ndarray) -> None:
    emptied = table.assign(abstract=table["abstract"].where(table.index % 10 != 4, ""))
    holes = vectors.copy()
    holes[emptied["abstract"] == ""] = np.nan
    topics = at.fit_topics(at.Corpus.from_frame(emptied), vectors=holes, granularity=3)
    assert len(topics.assignments) == 54
    assert _agreement(table[emptied["abstract"] != ""], topics) > 0.95
    with pytest.raises(TopicsError, match="for 54 papers, and 60 papers in the corpus"):
        at.fit_topics(at.Corpus.from_frame(emptied), vectors=vectors[emptied["abstract"] != ""])


@pytest.mark.slow
def test_what_bertopic_is_handed_keeps_the_order_of_the_table(table: pd.DataFrame, corpus: at.Corpus) -> None:
    topics = at.fit_topics(corpus)
    assert topics.documents.index.tolist() == table["id"].tolist()
    model = topics.bertopic
    info = model.get_document_info(table["abstract"].tolist())
    assert info["Topic"].tolist() == topics.assignments["topic"].tolist()
    assert adjusted_mutual_info_score(table["subject"], info["Topic"]) > 0.95
    classes = model.topics_per_class(topics.documents.tolist(), classes=table["subject"].astype(str).tolist())
    assert not classes["Topic"].duplicated().any()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["texts", "labelled series", "categories", "numbers"])
def test_labels_of_any_tool_are_carried_to_a_section(
    kind: str, table: pd.DataFrame, corpus: at.Corpus, tmp_path: Path
) -> None:
    names = table["subject"].map({0: "Fire", 1: "Music", 2: "Ice"})
    shuffled = names.set_axis(table["id"]).sample(frac=1, random_state=3)
    given = {
        "texts": names.tolist(),
        "labelled series": shuffled,
        "categories": pd.Categorical(names),
        "numbers": table["subject"].to_numpy(),
    }
    topics = at.Topics.from_labels(corpus, given[kind])
    assert _agreement(table, topics) == pytest.approx(1)
    assert topics.table["size"].is_monotonic_decreasing
    if kind != "numbers":
        assert sorted(topics.table["label"]) == ["Fire", "Ice", "Music"]
    trends = at.fit_trends(corpus, topics, settings=QUICK)
    at.survey.write(corpus, topics, trends, tmp_path)
    text = (tmp_path / "section.md").read_text(encoding="utf-8")
    assert "The sorting was given and not redrawn" in text
    assert "nan" not in text.lower()
    assert "resampled" not in text


def test_nothing_pretends_that_given_labels_were_redrawn(corpus: at.Corpus, table: pd.DataFrame) -> None:
    topics = at.Topics.from_labels(corpus, table["subject"].to_numpy())
    trends = at.fit_trends(corpus, topics, settings=QUICK)
    assert topics.draws.shape == (60, 0)
    assert topics.assignments["membership"].isna().all()
    assert topics.table["stability"].isna().all()
    assert topics.memberships.empty
    assert trends.tests["robustness"].isna().all()
    assert trends.tests["odds_ratio"].notna().all()


def test_every_figure_of_given_labels_is_drawn_and_told(corpus: at.Corpus, table: pd.DataFrame) -> None:
    from analysis.figures.catalogue import CATALOGUE

    topics = at.Topics.from_labels(corpus, table["subject"].to_numpy())
    trends = at.fit_trends(corpus, topics, settings=QUICK)
    for spec in CATALOGUE:
        frame = spec.data(corpus, topics, trends)
        spec.draw(frame)
        assert "nan" not in spec.caption(frame).lower().split(), spec.name
        assert "nan" not in spec.alt(frame).lower().split(), spec.name


def test_papers_without_a_label_have_no_topic(corpus: at.Corpus, table: pd.DataFrame) -> None:
    labels = table["subject"].where(table.index % 4 != 0)
    topics = at.Topics.from_labels(corpus, labels.to_numpy())
    assert (topics.assignments["topic"] == -1).sum() == labels.isna().sum()
    assert topics.table.index.tolist() == [-1, 0, 1, 2]
    trends = at.fit_trends(corpus, topics, settings=QUICK)
    assert trends.series.groupby("period")["n_total"].first().sum() == 60


def test_labelled_papers_without_an_abstract_are_told_of(table: pd.DataFrame) -> None:
    emptied = at.Corpus.from_frame(table.assign(abstract=table["abstract"].where(table.index != 5, "")))
    with pytest.warns(GivenTopicsWarning, match="1 paper.* no abstract"):
        topics = at.Topics.from_labels(emptied, table["subject"].to_numpy())
    assert len(topics.assignments) == 59


@pytest.mark.parametrize("count", [1, 2, 3, 9])
def test_labels_of_a_handful_of_papers_are_described(count: int, table: pd.DataFrame) -> None:
    corpus = at.Corpus.from_frame(table[:count])
    topics = at.Topics.from_labels(corpus, ["a", "b", "a", "b", "a", "b", "a", "b", "a"][:count])
    assert topics.table["size"].sum() == count


@pytest.mark.slow
def test_labels_of_a_large_corpus_are_kept_where_only_landmarks_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    import analysis.topics.labelled as labelled
    from analysis.topics.options import FitOptions

    monkeypatch.setattr(labelled, "FitOptions", lambda seed: FitOptions(seed=seed, threshold=100, landmarks=60))
    corpus, truth = planted_corpus(300, 4)
    labels = truth.to_numpy().copy()
    labels[:2] = 9  # a topic that a draw of landmarks would miss
    topics = at.Topics.from_labels(corpus, labels)
    assert topics.table["size"].sort_values().iloc[0] == 2
    assert adjusted_mutual_info_score(labels, topics.assignments["topic"]) == pytest.approx(1)
    assert len(topics.landmarks) < 100
    assert np.isfinite(topics.layout.to_numpy()).all()


@pytest.mark.slow
def test_saved_topics_stand_alone_and_place_new_papers(corpus: at.Corpus, table: pd.DataFrame, tmp_path: Path) -> None:
    topics = at.fit_topics(corpus)
    topics.save(tmp_path / "topics")
    loaded = at.load_topics(tmp_path / "topics")
    for name in ("table", "assignments", "draws", "layout", "representatives", "memberships"):
        pd.testing.assert_frame_equal(getattr(loaded, name), getattr(topics, name))
    pd.testing.assert_series_equal(loaded.documents, topics.documents)
    assert loaded.bertopic.topics_ == topics.bertopic.topics_
    assert loaded.bertopic.get_representative_docs() == topics.bertopic.get_representative_docs()
    new, truth = planted_corpus(30, 3, seed=5)
    for source in (topics, loaded):
        placed = source.place(new)
        assert isinstance(placed, at.Topics)
        assert placed.assignments.index.tolist() == new.papers.index.tolist()
        assert adjusted_mutual_info_score(truth, placed.assignments["topic"]) > 0.9
        assert placed.table["label"].tolist() == topics.table["label"].tolist()
        assert placed.table["size"].sum() == 30
        at.fit_trends(new, placed, settings=QUICK)
    placed.save(tmp_path / "placed")
    again = at.load_topics(tmp_path / "placed")
    pd.testing.assert_frame_equal(again.place(new).assignments, placed.assignments)
    assert again.bertopic.topics_ == placed.assignments["topic"].tolist()


def test_topics_of_vectors_ask_for_the_vectors_of_new_papers(
    corpus: at.Corpus, table: pd.DataFrame, vectors: np.ndarray
) -> None:
    topics = at.fit_topics(corpus, vectors={"mine": vectors})
    new, truth = planted_corpus(30, 3, seed=5)
    theirs = np.eye(3)[truth.to_numpy()]
    with pytest.raises(TopicsError, match=r"found in given vectors \(mine\)"):
        topics.place(new)
    with pytest.raises(TopicsError, match="there was no view 'other'"):
        topics.place(new, vectors={"other": theirs})
    with pytest.raises(TopicsError, match="has 2 columns here and had 3"):
        topics.place(new, vectors={"mine": theirs[:, :2] + 1})
    placed = topics.place(new, vectors={"mine": theirs})
    assert adjusted_mutual_info_score(truth, placed.assignments["topic"]) > 0.95


def test_topics_saved_before_names_had_scores_are_read(corpus: at.Corpus, tmp_path: Path) -> None:
    topics = at.Topics.from_labels(corpus, [f"label {i % 2}" for i in range(len(corpus))])
    older = topics.topic_quality.drop(columns=["label_score", "label_sure"])
    at.Topics(**{**topics.__dict__, "topic_quality": older}).save(tmp_path)
    loaded = at.load_topics(tmp_path)
    assert loaded.unsure_labels == []
    assert "label 1" in loaded._repr_html_()


def test_topics_saved_by_another_version_are_refused_by_name(
    corpus: at.Corpus, table: pd.DataFrame, tmp_path: Path
) -> None:
    trends = at.fit_trends(corpus, at.Topics.from_labels(corpus, table["subject"].to_numpy()), settings=QUICK)
    trends.save(tmp_path)
    pd.testing.assert_frame_equal(at.load_trends(tmp_path).tests, trends.tests)
    with pytest.raises(ArtefactError, match="holds trends, not topics"):
        at.load_topics(tmp_path)
    about = tmp_path / "about.json"
    about.write_text(about.read_text().replace(f'"format": {FORMAT}', '"format": 99').replace(at.__version__, "7.0"))
    with pytest.raises(ArtefactError, match=r"saved by topictrends 7\.0 in format 99"):
        at.load_trends(tmp_path)
    about.write_text("{")
    with pytest.raises(ArtefactError, match="is damaged"):
        at.load_trends(tmp_path)


@pytest.fixture(scope="module")
def foreign(table: pd.DataFrame) -> object:
    """A BERTopic model that a user fitted to the table's abstracts, in its order."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from bertopic import BERTopic
        from bertopic.backend import BaseEmbedder

        model = BERTopic(embedding_model=BaseEmbedder(), min_topic_size=8)
        texts = table["abstract"].tolist()
        model.fit(texts, embeddings=static_vectors(texts))
    return model


@pytest.mark.slow
def test_a_bertopic_model_is_taken_as_it_is(
    foreign: object, table: pd.DataFrame, corpus: at.Corpus, tmp_path: Path
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        foreign.save(str(tmp_path / "model"), serialization="pickle")
        from bertopic import BERTopic

        model = BERTopic.load(str(tmp_path / "model"))
    topics = at.Topics.from_bertopic(model, corpus)
    assert topics.assignments["topic"].tolist() == model.topics_
    for topic, words in topics.table["keywords"].items():
        if topic >= 0:
            assert words == [word for word, _ in model.get_topic(topic) if word]
    trends = at.fit_trends(corpus, topics, settings=QUICK)
    at.survey.write(corpus, topics, trends, tmp_path / "survey")
    assert (tmp_path / "survey" / "section.md").is_file()


@pytest.mark.slow
def test_a_bertopic_model_of_other_papers_or_another_order_is_refused(
    foreign: object, table: pd.DataFrame, corpus: at.Corpus
) -> None:
    with pytest.raises(TopicsError, match="in another order"):
        at.Topics.from_bertopic(foreign, at.Corpus.from_frame(table.sample(frac=1, random_state=9)))
    others = table.assign(abstract=[f"Some other abstract, number {i}." for i in range(60)], title="Untitled")
    with pytest.warns(GivenTopicsWarning, match="nothing tells whether"):
        at.Topics.from_bertopic(foreign, at.Corpus.from_frame(others))
    half = table.assign(abstract=table["abstract"].where(table.index % 2 == 0, "Nothing of the kind."))
    with pytest.raises(TopicsError, match="fitted to other documents"):
        at.Topics.from_bertopic(foreign, at.Corpus.from_frame(half))
    with pytest.raises(TopicsError, match="fitted to 60 documents; the corpus has 59 papers"):
        at.Topics.from_bertopic(foreign, at.Corpus.from_frame(table[1:]))


class _Model:
    """What is read of a BERTopic model."""

    def __init__(self, topics: list[int] | None) -> None:
        self.topics_ = topics
        self.topic_representations_ = {0: [("a", 1.0)], 1: [("", 0.0)], 7: [("b", 1.0)]}
        self.custom_labels_ = ["One", "One", "Seven"]
        self.representative_docs_: dict[int, list[str]] = {}


def test_topics_of_a_model_without_papers_are_left_out_and_told(corpus: at.Corpus, table: pd.DataFrame) -> None:
    model = _Model([i % 2 for i in range(60)])
    with pytest.warns(GivenTopicsWarning) as told:
        topics = at.Topics.from_bertopic(model, corpus)
    assert any("1 topic(s) of the BERTopic model hold no paper and are left out: 7" in str(w.message) for w in told)
    assert topics.table["label"].tolist() == ["One (1)", "One"]
    assert topics.table["keywords"].tolist()[1] == ["a"]
    with pytest.raises(TopicsError, match="not fitted"):
        at.Topics.from_bertopic(_Model(None), corpus)


def test_a_tables_own_column_stands_with_its_rows_whatever_their_numbers(table: pd.DataFrame) -> None:
    confusing = table.assign(id=np.random.default_rng(3).permutation(60)).sort_values("date")
    corpus = at.Corpus.from_frame(confusing)
    assert _agreement(confusing, at.Topics.from_labels(corpus, confusing["subject"])) == pytest.approx(1)
    # numbers that are ids here and rows there, of other papers, are no reason to doubt a table's own column
    numbered = table.assign(id=range(30, 90))
    assert _agreement(numbered, at.Topics.from_labels(at.Corpus.from_frame(numbered), numbered["subject"])) > 0.99
    filtered = table[table.index % 5 != 0].drop(columns="id")
    corpus = at.Corpus.from_frame(filtered)
    for labels in (filtered["subject"], filtered["subject"].sample(frac=1, random_state=0)):
        topics = at.Topics.from_labels(corpus, labels)
        assert adjusted_mutual_info_score(filtered["subject"], topics.assignments["topic"]) == pytest.approx(1)
    with pytest.raises(TopicsError, match="could be rows of the table or ids"):
        rows = table.assign(id=np.random.default_rng(3).permutation(60))
        at.Topics.from_labels(at.Corpus.from_frame(rows), rows.set_index("id")["subject"].sort_index())


def test_vectors_with_their_ids_in_a_column_are_aligned(
    table: pd.DataFrame, corpus: at.Corpus, vectors: np.ndarray
) -> None:
    shuffled = pd.DataFrame(vectors, index=table["id"]).sample(frac=1, random_state=4)
    named = shuffled.reset_index()
    unnamed = named.rename(columns={"id": "index"})
    by_paper = dict(zip(table["id"], vectors, strict=True))
    for given in (named, unnamed, by_paper, pd.Series(list(shuffled.to_numpy()), index=shuffled.index)):
        assert _agreement(table, at.fit_topics(corpus, vectors=given)) > 0.95


@pytest.mark.slow
def test_a_model_with_outliers_that_no_placed_paper_joins_keeps_its_numbers(
    table: pd.DataFrame, corpus: at.Corpus
) -> None:
    labels = table["subject"].where(table.index % 7 != 0)
    topics = at.Topics.from_labels(corpus, labels.to_numpy())
    years = table["date"].dt.year.tolist()
    assert np.isfinite(topics.bertopic.topics_over_time(topics.documents.tolist(), years)["Frequency"]).all()
    placed = topics.place(planted_corpus(30, 3, seed=7)[0])
    told, _ = placed.bertopic.transform(placed.documents.tolist())
    assert np.mean(np.array(told) == placed.assignments["topic"].to_numpy()) > 0.9


def test_results_of_other_papers_with_the_same_ids_are_refused(table: pd.DataFrame, corpus: at.Corpus) -> None:
    topics = at.Topics.from_labels(corpus, table["subject"].to_numpy())
    other = at.Corpus.from_frame(table.assign(title=table["title"].to_numpy()[::-1]))
    with pytest.raises(at.errors.TrendsError, match="other papers with the same ids"):
        at.fit_trends(other, topics)
    with pytest.raises(at.errors.InputError, match="other papers with the same ids"):
        at.figures.topic_map(other, topics)


@pytest.mark.parametrize("count", [1, 2, 9, 10])
@pytest.mark.filterwarnings("ignore::analysis.errors.SmallCorpusWarning")
def test_papers_are_placed_among_a_handful(count: int, table: pd.DataFrame, corpus: at.Corpus) -> None:
    few = at.Corpus.from_frame(table[:count])
    assert len(at.fit_topics(few).place(corpus).assignments) == 60
    labels = ["a", "b"] * 5
    assert len(at.Topics.from_labels(few, labels[:count]).place(corpus).assignments) == 60


def test_papers_without_a_topic_are_no_partner_of_one(table: pd.DataFrame, corpus: at.Corpus) -> None:
    one = at.Topics.from_labels(corpus, table["subject"].to_numpy())
    other = at.Topics.from_labels(corpus, table["subject"].where(table["subject"] != 1).to_numpy())
    lost = int((table["subject"] == 1).sum())
    found = at.compare_topics(one, other)
    assert len(found.moved) == lost
    alone = found.alignment[found.alignment["topic_b"] == -1]
    assert alone["size_a"].tolist() == [lost]
    assert alone["label_b"].tolist() == [""]
    assert at.compare_topics(other, other).moved.empty


def test_warnings_point_at_the_users_line(table: pd.DataFrame) -> None:
    with pytest.warns(at.errors.SmallCorpusWarning) as told:
        at.fit_topics(at.Corpus.from_frame(table[:4]))
    assert told[0].filename == __file__


def test_papers_are_placed_among_papers_that_are_nearly_alike() -> None:
    words = {"bees": "hive honey nectar pollen", "ice": "glacier melt snow moraine"}
    rows = [{"title": f"On {s} {i}", "abstract": f"{w} {i}", "s": s} for s, w in words.items() for i in range(9)]
    corpus = at.Corpus.from_frame(pd.DataFrame(rows))
    topics = at.Topics.from_labels(corpus, [row["s"] for row in rows])
    placed = topics.place(corpus)
    assert placed.assignments["topic"].tolist() == topics.assignments["topic"].tolist()
    assert topics.place(corpus).table["label"].tolist() == ["bees", "ice"]


def test_labels_are_described_beside_vectors_of_ones_own() -> None:
    corpus, truth = planted_corpus(40, 2)
    own = np.eye(2, dtype=np.float32)[truth.loc[corpus.ids].to_numpy()] + np.random.default_rng(0).normal(
        0, 0.1, (40, 2)
    )
    topics = at.Topics.from_labels(corpus, truth.loc[corpus.ids].to_numpy(), vectors=own)
    assert sorted(topics.table["size"]) == sorted(truth.value_counts())
