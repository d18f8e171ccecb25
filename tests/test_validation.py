"""What may come in: labels, ids, alignment, seeds."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.alignment import aligned_to, matching_papers, same_rows
from analysis.errors import CorpusError, TopicsError, TrendsError
from analysis.escaping import one_line
from analysis.validation import expect_count, expect_seed, expect_share, read_ids, read_labels, read_texts, whole_text

IDS = pd.Index(["c", "a", "b"])


@pytest.mark.parametrize(
    ("labels", "codes", "names"),
    [
        ([2, 0, -1, 2], [1, 0, -1, 1], [0, 2]),
        ([2.0, np.nan, 0.0], [1, -1, 0], [0, 2]),
        (["x", None, "", "-1", "a"], [1, -1, -1, -1, 0], ["a", "x"]),
        (pd.Series(["x", pd.NA, "a"]), [1, -1, 0], ["a", "x"]),
        (pd.Series([5, None, 3], dtype="Int64"), [1, -1, 0], [3, 5]),
        (pd.Categorical(["late", "early"], categories=["early", "unused", "late"]), [1, 0], ["early", "late"]),
        ([True, False, True], [1, 0, 1], [False, True]),
        (np.array([7, 7]), [0, 0], [7]),
        ([1, "one"], [0, 1], [1, "one"]),
    ],
)
def test_labels_of_any_kind_are_numbered(labels: object, codes: list[int], names: list[object]) -> None:
    found, given_names = read_labels(labels, TrendsError)
    assert found.tolist() == codes
    assert given_names.tolist() == names


@pytest.mark.parametrize(
    "labels", [[[0, 1], [1, 0]], [0.5, 1.0], [-2, 0], None, "abc", np.zeros((3, 2)), [np.inf, 0], [["a"], ["b"]], 3]
)
def test_what_are_no_labels_is_refused(labels: object) -> None:
    with pytest.raises(TrendsError, match="label"):
        read_labels(labels, TrendsError)


@given(st.lists(st.one_of(st.none(), st.integers(-1, 5), st.text(max_size=3)), min_size=1, max_size=30))
def test_equal_labels_have_equal_numbers(labels: list[object]) -> None:
    codes, names = read_labels(labels, TrendsError)
    for label, code in zip(labels, codes, strict=True):
        # white space and what cannot be seen make no other label
        assert code == -1 or names[code] == (one_line(label) if isinstance(label, str) else label)
    assert sorted(set(codes.tolist()) - {-1}) == list(range(len(names)))


def test_what_has_ids_is_aligned_and_what_has_none_stands_in_order() -> None:
    labelled = pd.Series([1, 2, 3], index=["a", "b", "c"])
    assert aligned_to(labelled, IDS, "labels", TopicsError).tolist() == [3, 1, 2]
    assert aligned_to(pd.Series([1, 2, 3]), IDS, "labels", TopicsError).tolist() == [1, 2, 3]
    assert aligned_to([1, 2, 3], IDS, "labels", TopicsError) == [1, 2, 3]
    more = pd.Series(range(4), index=["d", "a", "b", "c"])
    assert aligned_to(more, IDS, "labels", TopicsError, more=True).tolist() == [3, 1, 2]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1, 2], "for 2 papers, and 3 papers in the corpus"),
        (pd.Series([1, 2, 3], index=["a", "a", "b"]), "repeats 'a'"),
        (pd.Series([1, 2, 3], index=["x", "y", "z"]), "none of the corpus' ids"),
        (pd.Series([1, 2, 3], index=[5, 3, 9]), "none of the corpus' ids"),
        (pd.Series([1, 2, 3, 4], index=["a", "b", "c", "d"]), "not in the corpus: 'd'"),
        (pd.Series([1, 2], index=["a", "b"]), "no labels for 1 paper of the corpus, such as 'c'"),
    ],
)
def test_an_index_that_does_not_fit_is_refused(values: object, message: str) -> None:
    with pytest.raises(TopicsError, match=message):
        aligned_to(values, IDS, "labels", TopicsError)


def test_ids_that_are_numbers_in_another_order_are_never_taken_for_row_numbers() -> None:
    ids = pd.Index([2, 0, 1])
    with pytest.raises(TopicsError, match="another order"):
        aligned_to(pd.Series(["x", "y", "z"]), ids, "labels", TopicsError)
    assert aligned_to(np.array(["x", "y", "z"]), ids, "labels", TopicsError).tolist() == ["x", "y", "z"]
    with pytest.raises(TopicsError, match="int64 in the corpus and str here"):
        aligned_to(pd.Series([1, 2, 3], index=["0", "1", "2"]), ids, "labels", TopicsError)


def test_series_with_one_index_in_other_orders_are_aligned() -> None:
    first = pd.Series([1, 2, 3], index=["a", "b", "c"])
    second = pd.Series(["A", "B", "C"], index=["c", "b", "a"])
    assert same_rows(first, second, "them", TrendsError).tolist() == ["C", "B", "A"]
    assert same_rows(pd.Series([1, 2, 3]), second, "them", TrendsError).tolist() == ["A", "B", "C"]
    with pytest.raises(TrendsError, match="name other rows"):
        same_rows(first, pd.Series([1, 2, 3], index=["a", "b", "x"]), "them", TrendsError)


def test_ids_keep_their_type() -> None:
    assert read_ids([3, 1], CorpusError).dtype == "int64"
    assert read_ids(pd.Series([3, 1], dtype="Int64"), CorpusError).dtype == "int64"
    assert read_ids([1.5, 2.5], CorpusError).dtype == "float64"
    assert read_ids(pd.Categorical(["b", "a"]), CorpusError).tolist() == ["b", "a"]


@pytest.mark.parametrize(
    "ids", [["a", None], ["a", ""], ["a", "a"], [1, "a"], [(1, 2), (3, 4)], [True, False], [["a"], ["b"]]]
)
def test_ids_that_name_no_paper_are_refused(ids: list[object]) -> None:
    with pytest.raises(CorpusError):
        read_ids(pd.Series(ids), CorpusError)


def test_cells_that_hold_lists_are_told_with_their_row() -> None:
    with pytest.raises(CorpusError, match="row 2 of the table: title holds a list of 2, not a text"):
        read_texts(pd.Series(["a", ["b", "c"]]), "title", CorpusError)


def test_halves_of_characters_are_joined_or_replaced() -> None:
    assert whole_text("\ud83d\ude00") == "😀"
    assert whole_text("cut \ud83d") == "cut \ufffd"
    assert whole_text("plain") == "plain"


@pytest.mark.parametrize("seed", [-1, 1.5, None, "0", True, 2**32, np.nan])
def test_what_is_no_seed_is_refused(seed: object) -> None:
    with pytest.raises(TopicsError, match="seed must be a whole number"):
        expect_seed(seed, TopicsError)
    assert expect_seed(np.int64(3), TopicsError) == 3


@pytest.mark.parametrize("value", [0, 1, -0.1, "0.1", None, True, float("nan")])
def test_what_is_no_share_is_refused(value: object) -> None:
    with pytest.raises(TrendsError, match="between 0 and 1"):
        expect_share(value, "alpha", TrendsError)


@pytest.mark.parametrize("value", [0, 2.5, None, True, "3"])
def test_what_is_no_count_is_refused(value: object) -> None:
    with pytest.raises(TopicsError, match="at least 1"):
        expect_count(value, "landmarks", TopicsError)


def test_results_of_another_corpus_are_told() -> None:
    with pytest.raises(TrendsError, match="1 of 2 papers that are not in this corpus, such as 'z'"):
        matching_papers(pd.Index(["a", "z"]), IDS, "topics", TrendsError)
    matching_papers(pd.Index(["a"]), IDS, "topics", TrendsError)
