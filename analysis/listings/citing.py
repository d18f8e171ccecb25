"""What the corpus cites most, and which topics draw on the same works."""

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.preprocessing import normalize

from analysis.corpus.citations import reference_key

CITED_COLUMNS = {"reference": "str", "papers": "int64", "cited": "str", "topics": "int64"}
COUPLING_COLUMNS = {"topic_a": "int64", "topic_b": "int64", "shared": "int64", "coupling": "float64"}


def works_of(citations: pd.DataFrame) -> np.ndarray:
    """Return the number of the work that each reference is to, int, shape (references,); one paper's forms of it are one."""
    inside = citations["cited"].notna().to_numpy()
    keys = [
        f"paper {cited}" if within else reference_key(reference)
        for cited, within, reference in zip(citations["cited"], inside, citations["reference"], strict=True)
    ]
    return np.asarray(pd.factorize(np.array(keys, dtype=object))[0], dtype=np.int64)


def most_cited(citations: pd.DataFrame, topics: pd.Series, most: int) -> pd.DataFrame:
    """Return the works that most papers cite.

    Parameters
    ----------
    citations : DataFrame
        As of `analysis.corpus.citations.resolved_references`.
    topics : Series of int, index paper_id
    most : int

    Returns
    -------
    DataFrame
        reference (its commonest form), papers, cited (paper_id where the corpus holds it, else NA), topics (of how many topics
        papers cite it).
    """
    if citations.empty:
        return pd.DataFrame(columns=list(CITED_COLUMNS)).astype(CITED_COLUMNS | {"cited": _id_type(topics)})
    frame = citations.assign(work=works_of(citations), topic=citations["paper_id"].map(topics))
    papers = frame.drop_duplicates(["work", "paper_id"]).groupby("work").size()
    ranked = papers.sort_values(ascending=False, kind="stable").head(most)
    of_work = frame[frame["work"].isin(ranked.index)].groupby("work")
    forms = of_work["reference"].agg(lambda forms: forms.value_counts().sort_index(kind="stable").idxmax())
    table = pd.DataFrame(
        {
            "reference": forms,
            "papers": papers,
            "cited": of_work["cited"].first(),
            "topics": of_work["topic"].nunique(),
        }
    ).loc[ranked.index]
    return table[list(CITED_COLUMNS)].astype(CITED_COLUMNS | {"cited": _id_type(topics)}).reset_index(drop=True)


def _id_type(topics: pd.Series) -> str:
    """Return the type of a column of ids among which some are unknown."""
    return "Int64" if pd.api.types.is_integer_dtype(topics.index.dtype) else "str"


def topic_coupling(citations: pd.DataFrame, topics: pd.Series) -> pd.DataFrame:
    """Return how far pairs of topics cite the same works.

    Returns
    -------
    DataFrame
        topic_a, topic_b, shared (works that both cite), coupling (cosine of how many of their papers cite each work, 0-1); the
        closest first. Pairs that share nothing are left out.
    """
    nothing = pd.DataFrame(columns=list(COUPLING_COLUMNS)).astype(COUPLING_COLUMNS)
    if citations.empty:
        return nothing
    frame = citations.assign(work=works_of(citations), topic=citations["paper_id"].map(topics))
    frame = frame[frame["topic"].fillna(-1) >= 0].drop_duplicates(["work", "paper_id"])
    if frame.empty:
        return nothing
    kinds, rows = np.unique(frame["topic"].to_numpy(dtype=int), return_inverse=True)
    works = np.unique(frame["work"], return_inverse=True)[1]
    counts = sparse.csr_matrix((np.ones(len(frame)), (rows, works)), shape=(len(kinds), int(works.max()) + 1))
    shared = ((counts > 0).astype(int) @ (counts > 0).astype(int).T).toarray()
    unit = normalize(counts)
    alike = (unit @ unit.T).toarray()
    one, other = np.nonzero(np.triu(shared, 1))
    table = pd.DataFrame(
        {
            "topic_a": kinds[one],
            "topic_b": kinds[other],
            "shared": shared[one, other],
            "coupling": alike[one, other],
        }
    )
    table = table.sort_values(["coupling", "topic_a", "topic_b"], ascending=[False, True, True], ignore_index=True)
    return table.astype(COUPLING_COLUMNS)
