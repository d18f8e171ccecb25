"""How far a sentence model is trusted, and how much its views count."""

import numpy as np
import pytest

from analysis.embedding.agreement import trust
from analysis.embedding.vectors import unit_rows
from analysis.embedding.views import build_views, share_of_sentences
from tests.generators import planted_corpus


@pytest.mark.parametrize("count", [60, 300, 3_000])
def test_a_model_that_sees_the_same_neighbours_is_trusted_and_noise_is_not(count: int) -> None:
    rng = np.random.default_rng(count)
    truth = np.eye(40)[rng.integers(40 if count > 300 else max(2, count // 12), size=count)] * 2

    def seen(noise: float) -> np.ndarray:
        return unit_rows((truth + noise * rng.normal(size=truth.shape)).astype(np.float32))

    words, static = seen(0.3), seen(0.3)
    assert trust(seen(0.2), words, static) > 0.9
    assert trust(seen(40.0), words, static) < 0.35


def test_where_words_say_nothing_a_model_is_neither_trusted_nor_dismissed() -> None:
    rng = np.random.default_rng(0)
    words, static, sentences = (unit_rows(rng.normal(size=(200, 30)).astype(np.float32)) for _ in range(3))
    assert trust(sentences, words, static) == 0.5


def test_a_sentence_model_leads_where_it_is_trusted_and_one_that_is_not_hardly_counts() -> None:
    corpus, truth = planted_corpus(120)
    titles, abstracts = corpus.papers["title"].tolist(), corpus.papers["abstract"].tolist()
    rng = np.random.default_rng(0)
    groups = truth[corpus.papers.index].to_numpy()
    good = unit_rows((np.eye(16)[groups] * 2 + 0.2 * rng.normal(size=(120, 16))).astype(np.float32))
    bad = unit_rows(rng.normal(size=(120, 16)).astype(np.float32))
    assert share_of_sentences(build_views(titles, abstracts)) == 0
    assert share_of_sentences(build_views(titles, abstracts, good)) > 0.5
    assert share_of_sentences(build_views(titles, abstracts, bad)) < 0.2
