"""Two fits side by side: which topic became which, and which papers moved."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from analysis.errors import TopicsError
from analysis.io.display import html_card
from analysis.topics.result import Topics
from analysis.topics.tables import TopicTables
from analysis.validation import expect


@dataclass(frozen=True, eq=False, repr=False)
class TopicComparison:
    """What two fits share.

    Attributes
    ----------
    alignment : DataFrame
        One row per matched pair, and one for each topic left over on either side, papers without a topic left out: topic_a,
        label_a, topic_b, label_b (-1 and "" where there is no partner), shared (papers in
        both), size_a, size_b (papers present in both fits), jaccard (0-1).
    flows : DataFrame
        topic_a, topic_b, papers: every pair of topics with papers in common.
    moved : DataFrame, index paper_id
        topic_a, topic_b: papers whose topic in b is not the partner of their topic in a; -1 is no topic.
    agreement : DataFrame
        name, value: shared_papers, only_a, only_b, moved, adjusted_mutual_information,
        adjusted_rand_index.
    """

    alignment: pd.DataFrame
    flows: pd.DataFrame
    moved: pd.DataFrame
    agreement: pd.DataFrame

    def __repr__(self) -> str:
        value = self.agreement.set_index("name")["value"]
        return (
            f"TopicComparison({value['shared_papers']:.0f} papers in both, {value['moved']:.0f} moved, adjusted mutual "
            f"information {value['adjusted_mutual_information']:.2f})"
        )

    def _repr_html_(self) -> str:
        return html_card("Two fits compared", self.agreement.set_index("name").T, self.alignment)


def compare_topics(a: Topics, b: Topics) -> TopicComparison:
    """Align two fits over the papers that both hold (one to one, by the Hungarian method).

    Parameters
    ----------
    a, b : Topics

    Returns
    -------
    TopicComparison

    Raises
    ------
    TopicsError
        The fits have no paper in common.

    Examples
    --------
    >>> import analysis as at, pandas as pd
    >>> df = pd.DataFrame({"title": ["Bees", "Hives", "Ice"], "abstract": ["Honey bees.", "A hive of bees.", "Floes."]})
    >>> corpus = at.Corpus.from_frame(df)
    >>> one, other = (at.Topics.from_labels(corpus, labels) for labels in (["a", "a", "b"], ["a", "b", "b"]))
    >>> len(at.compare_topics(one, other).moved)
    1
    """
    for name, fit in (("a", a), ("b", b)):
        expect(fit, TopicTables, name, "at.fit_topics or at.Topics.from_labels makes topics", TopicsError)
    shared = a.assignments.index.intersection(b.assignments.index)
    if shared.empty:
        raise TopicsError(
            "the two fits have no paper in common, so nothing can be compared; fit both to papers of the same ids"
        )
    first, second = a.assignments.loc[shared, "topic"], b.assignments.loc[shared, "topic"]
    every = pd.crosstab(first, second)
    # papers without a topic are no group that could be a partner
    counts = every.loc[every.index >= 0, every.columns >= 0]
    rows, columns = linear_sum_assignment(-counts.to_numpy())
    pairs = {
        int(counts.index[row]): int(counts.columns[column])
        for row, column in zip(rows, columns, strict=True)
        if counts.iloc[row, column] > 0
    }
    moved = pd.DataFrame({"topic_a": first, "topic_b": second})
    partner = moved["topic_a"].map({**pairs, -1: -1}).fillna(-2)
    moved = moved[moved["topic_b"] != partner]
    long = every.rename_axis(index="topic_a", columns="topic_b").stack().rename("papers").reset_index()
    agreement = {
        "shared_papers": len(shared),
        "only_a": len(a.assignments) - len(shared),
        "only_b": len(b.assignments) - len(shared),
        "moved": len(moved),
        "adjusted_mutual_information": float(adjusted_mutual_info_score(first, second)),
        "adjusted_rand_index": float(adjusted_rand_score(first, second)),
    }
    return TopicComparison(
        _alignment(counts, every, pairs, a.table["label"], b.table["label"]),
        long[long["papers"] > 0].reset_index(drop=True),
        moved,
        pd.DataFrame({"name": list(agreement), "value": np.array(list(agreement.values()), dtype=float)}),
    )


def _alignment(
    counts: pd.DataFrame, every: pd.DataFrame, pairs: dict[int, int], labels_a: pd.Series, labels_b: pd.Series
) -> pd.DataFrame:
    # a topic's size counts papers that have no topic in the other fit
    sizes_a, sizes_b = every.sum(axis=1), every.sum(axis=0)
    lonely_a = [(topic, -1) for topic in counts.index if topic not in pairs]
    lonely_b = [(-1, topic) for topic in counts.columns if topic not in pairs.values()]
    rows = []
    for topic_a, topic_b in [*sorted(pairs.items()), *lonely_a, *lonely_b]:
        both = topic_a in counts.index and topic_b in counts.columns and pairs.get(topic_a) == topic_b
        shared = int(counts.loc[topic_a, topic_b]) if both else 0
        size_a = int(sizes_a.get(topic_a, 0)) if both or topic_b == -1 else 0
        size_b = int(sizes_b.get(topic_b, 0)) if both or topic_a == -1 else 0
        rows.append(
            (
                topic_a,
                labels_a.get(topic_a, "") if size_a else "",
                topic_b,
                labels_b.get(topic_b, "") if size_b else "",
                shared,
                size_a,
                size_b,
                shared / (size_a + size_b - shared),
            )
        )
    return pd.DataFrame(
        rows, columns=["topic_a", "label_a", "topic_b", "label_b", "shared", "size_a", "size_b", "jaccard"]
    )
