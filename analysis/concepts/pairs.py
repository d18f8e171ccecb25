"""Pairs of concepts that meet in fewer papers than chance would have them: what a field has not put together.

Lower tails of the hypergeometric distribution over all pairs that could have met often enough, with Benjamini-Hochberg
control over them.
"""

import numpy as np
import pandas as pd
from scipy import stats

PAIR_COLUMNS = ["concept", "other", "n", "expected", "p", "q"]
# expected papers below which a pair that does not meet says nothing
_LEAST_EXPECTED = 5.0
# most words and phrases that are paired, the commonest
_MOST_CONCEPTS = 120


def no_concept_pairs() -> pd.DataFrame:
    """Return the table of pairs without a row."""
    texts, numbers = dict.fromkeys(("concept", "other"), "str"), dict.fromkeys(("expected", "p", "q"), "float64")
    return pd.DataFrame(columns=PAIR_COLUMNS).astype({**texts, "n": "int64", **numbers})


def rare_pairs(mentions: pd.DataFrame) -> pd.DataFrame:
    """Ask of every pair of concepts whether it meets more seldom than chance.

    Parameters
    ----------
    mentions : DataFrame of bool, index paper_id
        One column per concept.

    Returns
    -------
    DataFrame
        concept, other, n (papers that mention both), expected (if neither cared about the other), p (one-sided), q; the pairs
        that are expected in five papers or more, the surest first.
    """
    counts = mentions.sum().sort_values(ascending=False, kind="stable")
    names = counts.index[:_MOST_CONCEPTS]
    said, totals, whole = mentions[names].to_numpy(dtype=float), counts.loc[names].to_numpy(), len(mentions)
    one, other = np.triu_indices(len(names), 1)
    together = (said.T @ said)[one, other]
    expected = totals[one] * totals[other] / max(whole, 1)
    asked = expected >= _LEAST_EXPECTED
    if not asked.any():
        return no_concept_pairs()
    one, other, together, expected = one[asked], other[asked], together[asked], expected[asked]
    p = stats.hypergeom.cdf(together, whole, totals[one], totals[other])
    frame = pd.DataFrame(
        {
            "concept": names.to_numpy()[one],
            "other": names.to_numpy()[other],
            "n": together.astype("int64"),
            "expected": expected,
            "p": p,
            "q": stats.false_discovery_control(p),
        }
    )
    return frame.sort_values(["p", "concept", "other"], kind="stable", ignore_index=True)[PAIR_COLUMNS].astype(
        {"concept": "str", "other": "str"}
    )
