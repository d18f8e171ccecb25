"""Papers counted by what they list: venues, countries, authors, author groups."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

COUNT_COLUMNS = {
    "kind": "str",
    "name": "str",
    "papers": "int64",
    "fractional": "float64",
    "first_year": "Int64",
    "last_year": "Int64",
    "topics": "int64",
    "top_topic": "Int64",
    "top_topic_papers": "int64",
}
_PART_COLUMNS = {"kind": "str", "name": "str", "papers": "int64"}


def count_papers(
    kind: str, values: Sequence[Sequence[str]], topics: np.ndarray, years: np.ndarray, most: int
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Count papers by value, in all, by topic and by year.

    Parameters
    ----------
    kind : str
        What is counted.
    values : sequence of sequences of str, length n
        Of each paper, each once; empty where unknown.
    topics : ndarray of int, shape (n,)
        -1 for none.
    years : ndarray of float, shape (n,)
        NaN where unknown.
    most : int
        Values that are kept: those of most papers.

    Returns
    -------
    table : DataFrame
        `COUNT_COLUMNS`, most papers first; fractional shares a paper among its values.
    by_topic : DataFrame
        kind, name, topic, papers.
    by_year : DataFrame
        kind, name, year, papers.

    Examples
    --------
    >>> table, _, _ = count_papers("venue", [["a"], ["a", "b"], []], np.array([0, 1, 1]), np.array([2020.5, 2021, 2022]), 9)
    >>> table[["name", "papers", "fractional"]].to_numpy().tolist()
    [['a', 2, 1.5], ['b', 1, 0.5]]
    """
    rows = [(paper, value, 1 / len(listed)) for paper, listed in enumerate(values) for value in listed]
    frame = pd.DataFrame(rows, columns=["paper", "name", "part"]).astype({"name": "str"})
    frame["topic"] = topics[frame["paper"].to_numpy(dtype=int)]
    frame["year"] = np.floor(years)[frame["paper"].to_numpy(dtype=int)]
    sizes = frame.groupby("name")["paper"].size().rename("papers").reset_index()
    kept = sizes.sort_values(["papers", "name"], ascending=[False, True]).head(most)["name"].tolist()
    frame = frame[frame["name"].isin(kept)]
    grouped = frame.groupby("name")
    table = pd.DataFrame(
        {
            "papers": grouped.size(),
            "fractional": grouped["part"].sum(),
            "first_year": grouped["year"].min(),
            "last_year": grouped["year"].max(),
        }
    ).reindex(kept)
    table[["first_year", "last_year"]] = table[["first_year", "last_year"]].astype("Int64")
    by_topic = _parts(kind, frame[frame["topic"] >= 0], "topic", kept)
    by_year = _parts(kind, frame.dropna(subset="year").astype({"year": "int64"}), "year", kept)
    top = by_topic.drop_duplicates("name").set_index("name")
    table["topics"] = by_topic.groupby("name").size().reindex(kept).fillna(0).astype("int64")
    table["top_topic"] = top["topic"].reindex(kept).astype("Int64")
    table["top_topic_papers"] = top["papers"].reindex(kept).fillna(0).astype("int64")
    table = table.rename_axis("name").reset_index().assign(kind=kind)
    return table[list(COUNT_COLUMNS)].astype(COUNT_COLUMNS), by_topic, by_year


def _parts(kind: str, frame: pd.DataFrame, part: str, order: Sequence[str]) -> pd.DataFrame:
    """Return papers by name and topic or year: topics by falling papers, years in order."""
    counts = frame.groupby(["name", part]).size().rename("papers").reset_index().assign(kind=kind)
    rank = {name: number for number, name in enumerate(order)}
    first = -counts["papers"] if part == "topic" else counts[part]
    counts = counts.iloc[np.lexsort((counts[part], first, counts["name"].map(rank).astype("int64")))]
    return counts[["kind", "name", part, "papers"]].astype(_PART_COLUMNS | {part: "int64"}).reset_index(drop=True)
