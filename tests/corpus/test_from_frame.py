"""A corpus from a table: order, ids, dates, and what a table may hold."""

import numpy as np
import pandas as pd
import pytest

from analysis.corpus.paper import Corpus
from analysis.errors import CorpusError, CorpusWarning

ROWS = pd.DataFrame({"title": ["On bees", "On ice", "On bread"], "abstract": ["Hives.", "Floes.", "Dough."]})


def test_order_and_ids_are_those_of_the_table() -> None:
    corpus = Corpus.from_frame(ROWS.assign(id=[30, 10, 20]))
    assert corpus.papers.index.tolist() == [30, 10, 20]
    assert corpus.papers.index.dtype == "int64"
    assert corpus.occurrences["paper_id"].tolist() == [30, 10, 20]
    assert corpus.papers["title"].tolist() == ROWS["title"].tolist()


@pytest.mark.parametrize(
    "index", [pd.Index([5, 7, 6], name="id"), pd.Index(["x", "z", "y"]), pd.Index([9, 8, 7], name="paper_id")]
)
def test_an_index_of_ids_holds_the_ids(index: pd.Index) -> None:
    assert Corpus.from_frame(ROWS.set_axis(index)).papers.index.tolist() == index.tolist()


def test_without_ids_a_paper_has_one_id_whatever_the_order_of_rows() -> None:
    rows = pd.concat([ROWS, ROWS.assign(abstract=["Other.", "Words.", "Here."])], ignore_index=True)
    there = Corpus.from_frame(rows).papers
    back = Corpus.from_frame(rows.iloc[::-1]).papers
    assert there.index.is_unique
    assert back["abstract"].tolist() == rows["abstract"].tolist()[::-1]
    pd.testing.assert_series_equal(there["abstract"], back["abstract"].loc[there.index])


def test_a_corpus_keeps_its_order_and_ids_when_saved(tmp_path: object) -> None:
    corpus = Corpus.from_frame(ROWS.assign(id=[30, 10, 20], date=["2020", None, "2021-05"]))
    corpus.save(f"{tmp_path}/c")
    loaded = Corpus.load(f"{tmp_path}/c")
    pd.testing.assert_frame_equal(loaded.papers, corpus.papers)
    pd.testing.assert_frame_equal(loaded.occurrences, corpus.occurrences)


@pytest.mark.parametrize(
    ("dates", "days", "precision"),
    [
        (pd.Series(["2021-03-05", "2021-03", "2021"]), ["2021-03-05", "2021-03-15", "2021-07-02"], ["day", "month", "year"]),
        (pd.Series([2019, 2020, 2021]), ["2019-07-02", "2020-07-02", "2021-07-02"], ["year"] * 3),
        (pd.Series([2019.0, np.nan, 2021.0]), ["2019-07-02", "NaT", "2021-07-02"], ["year", "none", "year"]),
        (pd.Series(["2022Q3", "2022-Q1", ""]), ["2022-08-15", "2022-02-15", "NaT"], ["year", "year", "none"]),
        (pd.period_range("2022-01", periods=3, freq="M").to_series(), ["2022-01-15", "2022-02-15", "2022-03-15"], ["month"] * 3),
        (pd.period_range("2022Q1", periods=3, freq="Q").to_series(), ["2022-02-15", "2022-05-15", "2022-08-15"], ["year"] * 3),
        (pd.period_range("2022-01-03", periods=2, freq="W").to_series(), ["2022-01-06", "2022-01-13"], ["month"] * 2),
        (pd.period_range("2022", periods=3, freq="Y").to_series(), ["2022-07-02", "2023-07-02", "2024-07-02"], ["year"] * 3),
        (
            pd.date_range("2022-01-01 23:30", periods=3, tz="Asia/Tokyo").to_series(),
            ["2022-01-01", "2022-01-02", "2022-01-03"],
            ["day"] * 3,
        ),
        (
            pd.Series(["2022-01-01T23:30:00+02:00", "2022-01-02T00:30:00-05:00", None]),
            ["2022-01-01", "2022-01-02", "NaT"],
            ["day", "day", "none"],
        ),
    ],
)  # fmt: skip
def test_dates_of_any_kind_are_read_as_they_are_written(
    dates: pd.Series, days: list[str], precision: list[str]
) -> None:
    papers = Corpus.from_frame(ROWS[: len(dates)].assign(date=dates.array)).papers
    assert papers["date"].dt.strftime("%Y-%m-%d").fillna("NaT").tolist() == days
    assert papers["date_precision"].tolist() == precision


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (20210305, r"row 2.*pd.to_datetime\(dates, format='%Y%m%d'\)"),
        (1614902400, "unit='s'"),
        (1614902400000, "unit='ms'"),
        (1614902400000000000, "unit='ns'"),
        (18690, "unit='D'"),
        ("9999-12-31", "9999 is a placeholder for no date"),
        (9999, "9999 is a placeholder for no date"),
        ("0001-01-01", "1 is no year of a paper"),
        (-5, "-5 is no year of a paper"),
        ("2021-02-30", "not a day of the calendar"),
        ("spring", "is not an ISO date"),
        (True, "is not a date"),
        (2020.5, "is a decimal year"),
    ],
)
def test_what_is_no_date_is_refused_with_row_and_advice(value: object, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        Corpus.from_frame(ROWS.assign(date=pd.Series([None, value, None], dtype=object)))


def test_datetimes_of_impossible_years_are_refused_too() -> None:
    dates = pd.Series(np.array(["2020-01-01", "9999-12-31", "2020-01-02"], dtype="datetime64[us]"))
    with pytest.raises(CorpusError, match="row 2: 9999 is no year"):
        Corpus.from_frame(ROWS.assign(date=dates))


def test_authors_come_as_lists_or_with_semicolons() -> None:
    papers = Corpus.from_frame(ROWS.assign(authors=[["Ada L.", "Bo K."], "Cy M.; Di N.", None])).papers
    assert papers["authors"].tolist()[:2] == [["Ada L.", "Bo K."], ["Cy M.", "Di N."]]
    assert papers["authors"].isna().tolist() == [False, False, True]
    assert papers["n_authors"].tolist()[:2] == [2, 2]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (None, "must be a DataFrame, not None"),
        ([{"title": "a", "abstract": "b"}], "must be a DataFrame, not a list of 1"),
        (ROWS[["title"]], "lacks the column"),
        (pd.concat([ROWS, ROWS["title"]], axis=1), "two columns called 'title'"),
        (ROWS.assign(id=[1, 1, 2]), "repeated: 1"),
        (ROWS.assign(id=[1j, 2j, 3j]), "at most 64 bits"),
        (ROWS.assign(id=["a", None, "b"]), "without an id, at row 2"),
        (ROWS.assign(abstract=[["a"], "b", "c"]), "row 1 of the table: abstract holds a list of 1"),
        (ROWS.assign(title=[{}, "b", "c"]), "row 1 of the table: title holds a dict"),
        (ROWS.assign(authors=[[1], None, None]), "row 1 of the table: authors must be texts"),
        (ROWS.assign(n_authors=["two", None, None]), "no whole number"),
        (ROWS.set_axis(pd.MultiIndex.from_product([["x"], ROWS.columns]), axis=1), "2 levels of column names"),
    ],
)
def test_tables_that_cannot_be_read_say_why(frame: object, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        Corpus.from_frame(frame)


def test_half_characters_are_replaced_and_told(tmp_path: object) -> None:
    titles = pd.Series(["On bees", "cut \ud83d", "pair \ud83d\ude00"], dtype=object)
    with pytest.warns(CorpusWarning, match="1 cell.* of the column title hold half a character.*row 2"):
        corpus = Corpus.from_frame(ROWS.assign(title=titles))
    assert corpus.papers["title"].tolist()[1:] == ["cut \ufffd", "pair 😀"]
    corpus.save(f"{tmp_path}/c")


def test_texts_that_are_numbers_or_missing_are_texts() -> None:
    papers = Corpus.from_frame(ROWS.assign(title=[2020, None, np.nan])).papers
    assert papers["title"].tolist() == ["2020", "", ""]
