"""Topics of papers in several languages: subjects where the vectors can, and never a language's function words."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score

import analysis as at
from analysis.embedding.centring import LanguageGroups, sees_past
from analysis.errors import LanguagesWarning
from tests.generators import spoken_papers

pytestmark = pytest.mark.slow


def fitted(papers: pd.DataFrame, **settings: Any) -> tuple[at.Topics, float, float]:
    """Return topics, and how far they agree with subjects and with languages."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LanguagesWarning)
        topics = at.fit_topics(at.Corpus.from_frame(papers), **settings)
    rows = papers.set_index("id").loc[topics.assignments.index]
    found = topics.assignments["topic"]
    return topics, *(adjusted_mutual_info_score(rows[name], found) for name in ("subject", "spoken"))


@pytest.mark.parametrize("other", ["de", "zh"])
def test_languages_that_share_words_share_topics(other: str) -> None:
    topics, subject, language = fitted(spoken_papers(["en", other], 25, shared=0.5))
    assert subject > 0.9
    assert abs(language) < 0.05
    assert len(topics.table) == 3


@pytest.mark.parametrize("other", ["de", "zh"])
def test_languages_that_share_nothing_are_told_and_counted(other: str) -> None:
    papers = spoken_papers(["en", other], 12)
    with pytest.warns(LanguagesWarning, match=f"36 {other}.*36 en|36 en.*36 {other}") as told:
        at.fit_topics(at.Corpus.from_frame(papers))
    assert "of one language alone" in str(told[0].message)


def test_given_vectors_of_a_multilingual_model_give_subjects_and_place_by_them() -> None:
    papers, new = (spoken_papers(["en", "zh"], per, seed=seed) for per, seed in ((25, 0), (6, 1)))
    rng = np.random.default_rng(0)
    subjects, languages = rng.normal(size=(3, 64)), {"en": 2 * rng.normal(size=64), "zh": 2 * rng.normal(size=64)}

    def vectors(frame: pd.DataFrame) -> np.ndarray:
        rows = [subjects[s] + languages[spoken] for s, spoken in zip(frame["subject"], frame["spoken"], strict=True)]
        return np.array(rows) + 0.5 * rng.normal(size=(len(frame), 64))

    topics, subject, language = fitted(papers, vectors=vectors(papers))
    assert subject > 0.9
    assert abs(language) < 0.05
    # one language alone is placed by the centre that it had
    chinese = new[new["spoken"] == "zh"]
    placed = topics.place(at.Corpus.from_frame(chinese), vectors=vectors(chinese))
    found = placed.assignments["topic"].loc[chinese["id"]]
    assert adjusted_mutual_info_score(chinese["subject"], found) > 0.9


def test_german_articles_and_chinese_clauses_are_no_keywords() -> None:
    topics, *_ = fitted(spoken_papers(["de", "zh"], 15))
    words = {word for row in topics.table["keywords"] for term in row for word in term.split()}
    assert not words & {"die", "der", "und", "dass", "von", "wir", "ist", "über"}
    assert max(map(len, (word for word in words if not word.isascii() and "\u4e00" <= word[0] <= "\u9fff"))) <= 4
    chinese = [label for label in topics.table["label"] if "\u4e00" <= label[0] <= "\u9fff"]
    assert chinese
    assert all(" " not in label for label in chinese)


def test_a_readers_own_words_make_no_topic() -> None:
    papers = spoken_papers(["en"], 20)
    papers["abstract"] = papers["abstract"].str.replace(".", " of the hospital.")
    topics = at.fit_topics(at.Corpus.from_frame(papers), extra_stop_words=["Hospital", "levee"])
    words = {word for row in topics.table["keywords"] for term in row for word in term.split()}
    assert not words & {"hospital", "levee"}
    assert not any("Levee" in label or "Hospital" in label for label in topics.table["label"])


def test_topics_in_several_languages_are_saved_and_place_texts(tmp_path: Path) -> None:
    papers = spoken_papers(["en", "de"], 20, shared=0.5)
    topics, *_ = fitted(papers)
    topics.save(tmp_path / "topics")
    new = spoken_papers(["de"], 6, shared=0.5, seed=3)
    placed = at.load_topics(tmp_path / "topics").place(at.Corpus.from_frame(new))
    assert adjusted_mutual_info_score(new["subject"], placed.assignments["topic"].loc[new["id"]]) > 0.8


def test_language_is_a_stratum_of_trends() -> None:
    # German papers come later, and speak of one subject more: no trend within either language
    rng = np.random.default_rng(1)
    papers = spoken_papers(["en", "de"], 40, shared=0.5)
    german = papers["spoken"] == "de"
    papers = papers[~german | (papers["subject"] == 0) | (rng.random(len(papers)) < 0.3)].reset_index(drop=True)
    later = pd.to_timedelta(np.where(papers["spoken"] == "de", 900, 0), unit="D")
    papers["date"] = pd.Timestamp("2018-01-01") + pd.to_timedelta(rng.integers(0, 900, len(papers)), unit="D") + later
    topics, *_ = fitted(papers)
    trends = at.fit_trends(at.Corpus.from_frame(papers), topics)
    assert trends.note["strata"] == "2"
    assert "languages" in set(trends.limits["about"])
    pooled = at.trend_tests(
        topics.assignments["topic"].to_numpy(), papers.set_index("id")["date"].loc[topics.assignments.index]
    )
    assert trends.tests["p"].min() > pooled["p"].min()


def test_rare_and_unknown_languages_count_with_the_commonest() -> None:
    groups = LanguageGroups.of(["en"] * 600 + ["es"] * 11 + ["fr"] * 3 + [""])
    assert groups.names == ("en",)
    assert not groups.several


def test_a_view_that_parts_languages_counts_for_little() -> None:
    groups = LanguageGroups.of(["en", "de"] * 30)
    rng = np.random.default_rng(0)
    parted = np.eye(2, dtype=np.float32)[groups.number] + 0.01 * rng.random((60, 2), dtype=np.float32)
    assert sees_past(parted, groups) == 0.01
    assert sees_past(rng.normal(size=(60, 8)).astype(np.float32), groups) > 0.7
