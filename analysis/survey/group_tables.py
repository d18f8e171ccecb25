"""What the section quotes of groups of papers that were compared."""

from typing import Any

import pandas as pd

from analysis.topics.result import Topics

# differences that the prose tells of each grouping; the table has all
_TOLD = 6


def groupings_table(groups: pd.DataFrame) -> pd.DataFrame:
    """Return a row per grouping: groups, gathered (small ones are one more), comparisons, differ, moved (slopes that differ)."""
    rows = {
        by: {
            "by": by,
            "groups": part.loc[~part["gathered"], "group"].nunique(),
            "gathered": bool(part["gathered"].any()),
            "comparisons": int((part["note"] == "").sum()),
            "differ": int(part["verdict"].isin(["more", "less"]).sum()),
            "moved": int(part["slope_verdict"].isin(["faster", "slower"]).sum()),
        }
        for by, part in groups.groupby("by", sort=False)
    }
    columns = ["by", "groups", "gathered", "comparisons", "differ", "moved"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def differences_table(groups: pd.DataFrame, topics: Topics) -> pd.DataFrame:
    """Return what differs in share or slope, by grouping, the largest differences first; shares in per cent."""
    told = groups["verdict"].isin(["more", "less"]) | groups["slope_verdict"].isin(["faster", "slower"])
    frame = groups[told]
    frame = frame.assign(
        place=frame["by"].map({by: place for place, by in enumerate(groups["by"].unique())}),
        far=-frame["difference"].abs().fillna(0),
    )
    frame = frame.sort_values(["place", "far", "group", "topic"], kind="stable").reset_index(drop=True)
    ends = frame[["difference_low", "difference_high"]].abs()
    return pd.DataFrame(
        {
            "by": frame["by"],
            "group": frame["group"],
            "gathered": frame["gathered"],
            "label": frame["topic"].map(topics.table["label"]).astype("str"),
            "size": frame["n"].round().astype("int64"),
            "group_size": frame["n_group"].round().astype("int64"),
            "percent": 100 * frame["share"],
            "others_percent": 100 * frame["share_others"],
            "points": 100 * frame["difference"],
            "points_low": 100 * frame["difference_low"],
            "points_high": 100 * frame["difference_high"],
            "least_points": 100 * ends.min(axis=1),
            "most_points": 100 * ends.max(axis=1),
            "q": frame["q"],
            "verdict": frame["verdict"],
            "slope_ratio": frame["slope_ratio"],
            "slope_q": frame["slope_q"],
            "slope_verdict": frame["slope_verdict"],
        }
    )


def told_groupings(groupings: pd.DataFrame, differences: pd.DataFrame) -> list[dict[str, Any]]:
    """Return what the template tells of each grouping: rows of `differences_table`, gathered groups left to the table."""
    named = differences[~differences["gathered"].astype(bool)]
    found = []
    for by in groupings.index:
        own = named[named["by"] == by]
        shares = own[own["verdict"].isin(["more", "less"])].index[:_TOLD]
        slopes = own[own["slope_verdict"].isin(["faster", "slower"])].index[:_TOLD]
        frame = {"source": "language and year", "language": "source and year"}.get(str(by), "source, language and year")
        found.append(
            {
                "by": by,
                "frame": frame,
                "shares": list(shares),
                "slopes": list(slopes),
                "more": len(own) > len(shares),
                "gathered": bool(groupings.loc[by, "gathered"]),
            }
        )
    return found
