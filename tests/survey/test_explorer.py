"""The explorer: one page that carries all it needs, and takes papers' text as text."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from analysis.concepts.mentions import find_concepts
from analysis.corpus.paper import Corpus
from analysis.figures.static import find_browser
from analysis.survey.explorer import explorer_page
from analysis.topics.result import Topics
from analysis.trends.result import Trends

HOSTILE = "</script><script>document.title='broken'</script> @@DATA@@ $\\alpha$ 100%_&#{}~^\\ עברית"


@pytest.fixture(scope="module")
def hostile(planted: tuple[Corpus, Topics, Trends]) -> Corpus:
    corpus = planted[0]
    papers = corpus.papers.copy()
    papers.iloc[0, papers.columns.get_loc("title")] = HOSTILE
    return corpus.with_papers(papers)


@pytest.fixture(scope="module")
def page(hostile: Corpus, planted: tuple[Corpus, Topics, Trends]) -> str:
    _, topics, trends = planted
    return explorer_page(hostile, topics, trends, find_concepts(hostile), "A <b>bold</b> study")


def embedded(page: str) -> dict[str, list[Any]]:
    return json.loads(re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[0])


def test_every_paper_and_topic_is_in_the_page_as_data(
    page: str, hostile: Corpus, planted: tuple[Corpus, Topics, Trends]
) -> None:
    content = embedded(page)
    assert len(content["papers"]) == len(hostile.papers)
    assert HOSTILE in {paper["title"] for paper in content["papers"]}
    assert [topic["label"] for topic in content["topics"]] == planted[1].table["label"].tolist()
    assert {paper["period"] for paper in content["papers"]} <= set(content["periods"])
    assert "&lt;b&gt;bold" in page


def test_the_page_loads_nothing(page: str) -> None:
    own = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.findall(r'(?:src|href)="(?!#)', own)
    assert "default-src 'none'" in page


def test_the_same_tables_give_the_same_page(page: str, hostile: Corpus, planted: tuple[Corpus, Topics, Trends]) -> None:
    _, topics, trends = planted
    assert explorer_page(hostile, topics, trends, find_concepts(hostile), "A <b>bold</b> study") == page


def opened(page: str, folder: Path, address: str = "") -> str:
    """Return the page's document after its scripts have run."""
    browser = find_browser()
    if browser is None:
        pytest.skip("needs Chrome or Chromium")
    path = folder / "index.html"
    path.write_text(page, encoding="utf-8")
    command = [
        browser,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--virtual-time-budget=8000",
        f"--user-data-dir={folder / 'profile'}",
        "--dump-dom",
        f"{path.as_uri()}{address}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    # the page's own scripts are left out: only what they made counts
    return re.sub(r"<script.*?</script>", "", done.stdout, flags=re.DOTALL)


def test_the_table_shows_papers_and_a_hostile_title_stays_text(page: str, tmp_path: Path, hostile: Corpus) -> None:
    shown = opened(page, tmp_path, "#q=100%25_")
    assert f"1 paper of {len(hostile.papers)} chosen" in shown
    assert "<title>A &lt;b&gt;bold" in shown
    assert "document.title='broken'" in shown.replace("&lt;", "<")


def test_an_address_brings_back_a_selection(page: str, tmp_path: Path, planted: tuple[Corpus, Topics, Trends]) -> None:
    _, topics, _ = planted
    shown = opened(page, tmp_path, "#topic=0&sort=title&down=0")
    size = int(topics.table.loc[0, "size"])
    assert f"{size} papers of {len(topics.assignments)} chosen" in shown
    assert len(re.findall(r"<tr data-paper", shown)) == min(size, 50)
    assert 'aria-sort="ascending"' in shown
    assert "Representative papers" in shown
    assert "scatterlayer" in shown
