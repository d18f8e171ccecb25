"""What a new study's settings are fitted to."""

import time
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.corpus.export import export
from analysis.corpus.paper import Corpus
from analysis.study.face import Study
from analysis.study.first_look import grouped, look_at, periods_for
from analysis.study.scaffold import new_study
from analysis.study.settings import read_settings
from tests.generators import planted_corpus


def _exports(folder: Path, n_papers: int = 200) -> None:
    corpus, _ = planted_corpus(n_papers)
    rng = np.random.default_rng(0)
    frame = corpus.papers.reset_index()[["title", "abstract", "date"]].assign(
        type=["article"] * (n_papers - 20) + ["review"] * 20,
        keywords=[["Deep learning"] if rng.random() < 0.2 else [] for _ in range(n_papers)],
    )
    frame["abstract"] = [
        f"{text} We use deep learning." if keywords else text
        for text, keywords in zip(frame["abstract"], frame["keywords"], strict=True)
    ]
    half = n_papers // 2
    (folder / "savedrecs.csv").write_bytes(export(Corpus.from_frame(frame[:half]), "csv"))
    (folder / "savedrecs (1).csv").write_bytes(export(Corpus.from_frame(frame[half:]), "csv"))


def test_files_that_a_database_numbers_are_one_source() -> None:
    names = [
        "scopus-1.ris",
        "scopus-2.ris",
        "pubmed_2021.nbib",
        "pubmed_2022.nbib",
        "own.bib",
        "123.txt",
        "noending",
        "a #1.ris.gz",
    ]
    found = {source.name: source.files for source in grouped(names)}
    assert found == {
        "scopus": ("scopus-1.ris", "scopus-2.ris"),
        "pubmed": ("pubmed_2021.nbib", "pubmed_2022.nbib"),
        "own": ("own.bib",),
        "123": ("123.txt",),
        "noending": ("noending",),
        "a": ("a #1.ris.gz",),
    }


def test_names_of_many_digits_are_read_at_once() -> None:
    began = time.monotonic()
    assert len(grouped(["1" * 200 + "x.ris", "(" * 200 + "7.ris"])) == 2
    assert time.monotonic() - began < 5


def test_a_keyword_of_marks_alone_is_no_concept(tmp_path: Path) -> None:
    frame = planted_corpus(40)[0].papers.reset_index()[["title", "abstract", "date"]]
    frame["keywords"] = [["-", "- -"] if row % 5 == 0 else [] for row in range(40)]
    (tmp_path / "marks.jsonl").write_bytes(export(Corpus.from_frame(frame), "jsonl"))
    assert new_study(tmp_path, "Marks").readable


def test_sources_have_names_of_their_own_and_files_that_are_found_whatever_signs_they_hold(tmp_path: Path) -> None:
    assert [source.name for source in grouped(["scopus.bib", "scopus.ris"])] == ["scopus.bib", "scopus.ris"]
    _exports(tmp_path)
    (tmp_path / "savedrecs (1).csv").rename(tmp_path / "other [1] *.csv")
    new_study(tmp_path, "Signs")
    study = Study.open(tmp_path)
    study.run(["corpus"])
    assert set(study.corpus.strata) == {"savedrecs", "other [1] *"}


def test_archives_and_files_of_one_name_in_two_folders_are_sources_that_run(tmp_path: Path) -> None:
    _exports(tmp_path)
    raw = tmp_path / "data" / "raw"
    for name, file in (("wos", "savedrecs.csv"), ("scopus", "savedrecs (1).csv")):
        (raw / name).mkdir(parents=True)
        (tmp_path / file).rename(raw / name / "savedrecs.csv")
    with zipfile.ZipFile(raw / "more.zip", "w") as archive:
        archive.writestr("own.csv", export(planted_corpus(30, seed=5)[0], "csv"))
    new_study(tmp_path, "Folders")
    study = Study.open(tmp_path)
    study.run(["corpus"])
    assert set(study.corpus.strata) == {"more.zip/own", "scopus/savedrecs", "wos/savedrecs"}


@pytest.mark.parametrize(
    ("first", "days", "papers", "periods"),
    [("2010-01-01", 3650, 400, "year"), ("2023-01-01", 700, 1000, "month"), ("2023-01-01", 700, 300, "quarter"),
     ("2022-01-01", 1090, 200, "half"), ("2023-01-01", 700, 60, "year")],
)  # fmt: skip
def test_periods_are_years_where_there_are_many_and_shorter_where_papers_allow(
    first: str, days: int, papers: int, periods: str
) -> None:
    dates = pd.Series(pd.Timestamp(first) + pd.to_timedelta(np.linspace(0, days, papers), unit="D"))
    assert periods_for(dates) == periods
    assert periods_for(dates.iloc[:0]) == "year"


def test_a_new_study_fits_its_exports_and_runs(tmp_path: Path) -> None:
    _exports(tmp_path)
    made = new_study(tmp_path, "Fitted")
    settings = read_settings(tmp_path)
    assert [(source.name, source.files) for source in settings.corpus.source] == [
        ("savedrecs", ["savedrecs (1).csv", "savedrecs.csv"])
    ]
    text = (tmp_path / "study.toml").read_text(encoding="utf-8")
    assert "# found: article 180, review 20\ntypes = " in text
    assert '# query = ""' in text
    assert any("200 records of 200 papers" in line for line in made.told)
    study = Study.open(tmp_path)
    study.run(["corpus"])
    assert study.corpus.strata.unique().tolist() == ["savedrecs"]


def test_a_vocabulary_is_proposed_and_one_that_is_there_is_kept(tmp_path: Path) -> None:
    _exports(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "vocabulary.toml").write_text('[mine]\n"Own" = ["own"]\n', encoding="utf-8")
    new_study(tmp_path, "Kept")
    assert read_settings(tmp_path).concepts.vocabulary == "data/vocabulary.toml"
    assert "[mine]" in (tmp_path / "data" / "vocabulary.toml").read_text(encoding="utf-8")


def test_without_a_vocabulary_no_concept_is_looked_for(tmp_path: Path) -> None:
    (tmp_path / "few.csv").write_bytes(export(planted_corpus(12)[0], "csv"))
    new_study(tmp_path, "Few")
    study = Study.open(tmp_path)
    assert study.settings.concepts.vocabulary is None
    assert not study.seeks_concepts


def test_what_holds_no_record_is_left_out_and_the_study_runs(tmp_path: Path) -> None:
    _exports(tmp_path)
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.4 " + bytes(range(256)))
    (tmp_path / "notes.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "empty.ris").write_text("", encoding="utf-8")
    for folder in ("files", "files/12"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "paper.pdf").write_bytes(b"%PDF-1.4")
    made = new_study(tmp_path, "Beside")
    assert "Left out, for they hold no record: empty.ris, files, notes.py, paper.pdf." in made.told
    study = Study.open(tmp_path)
    assert study.settings.corpus.sources == ["savedrecs (1).csv", "savedrecs.csv"]
    study.run(["corpus"])
    assert len(study.corpus) == 200


def test_many_files_of_few_papers_are_one_source(tmp_path: Path) -> None:
    corpus, _ = planted_corpus(40)
    for number in range(20):
        part = Corpus.from_frame(
            corpus.papers.reset_index()[["title", "abstract", "date"]][2 * number : 2 * number + 2]
        )
        (tmp_path / f"{'abcdefghijklmnopqrst'[number]} et al.csv").write_bytes(export(part, "csv"))
    made = new_study(tmp_path, "Many")
    assert any("20 files of a few records each are named as one source" in line for line in made.told)
    study = Study.open(tmp_path)
    study.run(["corpus"])
    assert study.corpus.strata.unique().tolist() == ["exports"]


def test_what_is_missing_for_topics_or_trends_is_told(tmp_path: Path) -> None:
    rows = "\n".join(f"On bees {number},A. Bee" for number in range(9))
    (tmp_path / "bare.csv").write_text(f"title,authors\n{rows}\n", encoding="utf-8")
    made = new_study(tmp_path, "Bare")
    assert not made.readable
    assert any("export the records once more, with abstracts" in line for line in made.told)
    assert any("no trend can be told" in line for line in made.told)


def test_files_that_no_source_names_are_told_of(tmp_path: Path) -> None:
    _exports(tmp_path)
    new_study(tmp_path, "Later")
    assert Study.open(tmp_path).unnamed_exports() == []
    (tmp_path / "this_week.ris").write_text("TY  - JOUR\nTI  - New\nER  - \n", encoding="utf-8")
    (tmp_path / "requirements.txt").write_text("topictrends", encoding="utf-8")
    study = Study.open(tmp_path)
    assert study.unnamed_exports() == ["this_week.ris"]
    study.run(["corpus"])
    assert any("this_week.ris lies here" in line for line in study.summary())


def test_exports_that_cannot_be_read_are_told_and_the_study_is_started(tmp_path: Path) -> None:
    (tmp_path / "broken.bin").write_bytes(bytes(range(256)) * 20)
    done = CliRunner().invoke(app, ["init", str(tmp_path)])
    assert done.exit_code == 0
    assert "cannot be read yet" in done.output
    assert (tmp_path / "study.toml").is_file()
    assert look_at(tmp_path / "nothing", ["data/raw"]).told[0].startswith("There are no exports yet")
