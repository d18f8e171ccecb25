"""The README's snippets run as they stand, from a user's data to a survey section."""

import re
import textwrap
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import analysis as at
from analysis.corpus.export import export
from analysis.embedding.static import static_vectors
from tests.conftest import ROOT
from tests.generators import planted_corpus

pytestmark = pytest.mark.slow


def _snippets(heading: str) -> list[str]:
    """Return the indented blocks of one section."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    blocks = re.findall(r"(?:^    .*\n(?:\n(?=    ))?)+", section, re.MULTILINE)
    return [textwrap.dedent(block) for block in blocks]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a user of the README has: a table with text ids, vectors, a saved BERTopic model, new papers."""
    monkeypatch.chdir(tmp_path)
    planted, truth = planted_corpus(60, 3)
    df = planted.papers.reset_index().rename(columns={"paper_id": "id"})[["id", "title", "abstract", "date"]]
    df["cluster"] = truth.to_numpy()
    df = df.sample(frac=1, random_state=0).reset_index(drop=True)
    new_corpus, new_truth = planted_corpus(20, 3, seed=9)
    rng = np.random.default_rng(0)
    array, new_array = (np.eye(3)[t] + rng.normal(0, 0.05, (len(t), 3)) for t in (df["cluster"], new_truth))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from bertopic import BERTopic
        from bertopic.backend import BaseEmbedder

        model = BERTopic(embedding_model=BaseEmbedder(), min_topic_size=8)
        texts = (df["title"] + " " + df["abstract"]).tolist()
        model.fit(texts, embeddings=static_vectors(texts))
        model.save("model", serialization="pickle")
    corpus = at.Corpus.from_frame(df)
    return {"at": at, "pd": pd, "np": np, "BERTopic": BERTopic, "df": df, "array": array, "new_array": new_array,
            "corpus": corpus, "new_corpus": new_corpus}  # fmt: skip


def test_what_users_bring_is_carried_to_a_section(data: dict[str, Any], tmp_path: Path) -> None:
    snippets = _snippets("Bring your own")
    assert len(snippets) == 5
    for number, snippet in enumerate(snippets):
        with warnings.catch_warnings():
            # BERTopic warns of pickles
            warnings.simplefilter("ignore", DeprecationWarning)
            exec(snippet, data)
        topics = data["topics"]
        assert topics.assignments.index.tolist() == data["df"]["id"].tolist()
        trends = at.fit_trends(data["corpus"], topics, settings=at.TestSettings(n_permutations=99))
        at.survey.write(data["corpus"], topics, trends, tmp_path / f"section-{number}")
        text = (tmp_path / f"section-{number}" / "section.md").read_text(encoding="utf-8")
        assert "topics in" in text
        assert "nan" not in text


def test_the_first_snippet_runs_from_exports_to_saved_results(data: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "papers.csv").write_bytes(export(data["corpus"], "csv"))
    [snippet] = [block for block in _snippets("Your own papers") if "at.load_corpus" in block]
    exec(snippet, data)
    assert len(data["topics"].documents) == 60
    assert len(data["corpus"]) == 60
    assert (tmp_path / "survey" / "section.md").is_file()


def test_the_outline_that_is_shown_is_read_and_followed(data: dict[str, Any], tmp_path: Path) -> None:
    shown, call = _snippets("An outline of your own")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "outline.toml").write_text(shown, encoding="utf-8")
    with warnings.catch_warnings():
        # no paper of the planted corpus speaks of medical images
        warnings.simplefilter("ignore", at.errors.OutlineWarning)
        exec(call, data)
    outline, topics = data["outline"], data["topics"]
    assert outline.topics[0].above == ("Medical imaging",)
    assert topics.outline["name"].tolist() == ["Segmentation"]
    assert topics.outline["told"].tolist() == ["unsupported"]


def test_the_check_by_a_reader_runs_as_it_is_shown(data: dict[str, Any]) -> None:
    data["topics"] = at.Topics.from_labels(data["corpus"], data["df"]["cluster"])
    [snippet] = _snippets("Checked by a reader")
    exec(snippet, data)
    assert data["check"].agreement == 0
    assert len(data["sheet"]) == 60


def test_groups_are_compared_as_it_is_shown(data: dict[str, Any]) -> None:
    frame = data["df"].assign(countries=[["PE"] if row % 2 else ["Spain"] for row in range(60)])
    data["corpus"] = at.Corpus.from_frame(frame)
    data["topics"] = at.Topics.from_labels(data["corpus"], frame["cluster"])
    data["one"], data["other"] = (at.Corpus.from_frame(frame.iloc[rows]) for rows in (slice(30), slice(30, 60)))
    [snippet] = _snippets("Groups of papers")
    exec(snippet, data)
    assert sorted(data["found"].groups.index) == ["Peru", "Spain"]
