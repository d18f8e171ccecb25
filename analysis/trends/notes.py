"""What a trend analysis was made of and how, as figures and prose quote it."""

import numpy as np
import pandas as pd

from analysis.trends.family import TestSettings


def note_table(
    papers: pd.DataFrame,
    strata: np.ndarray,
    covered: tuple[pd.Timestamp, pd.Timestamp],
    period: str,
    alpha: float,
    settings: TestSettings,
    n_draws: int,
) -> pd.DataFrame:
    """Return name and value of each note; see `Trends.notes`."""
    dated = papers["date"].notna()
    values = {
        "papers": len(papers),
        "papers_dated": int(dated.sum()),
        "papers_month_precise": int((papers["date_precision"] == "month").sum()),
        "papers_year_precise": int((papers["date_precision"] == "year").sum()),
        "strata": len(np.unique(strata[dated.to_numpy()])),
        "first_day": covered[0].date().isoformat() if dated.any() else "none",
        "last_day": covered[1].date().isoformat() if dated.any() else "none",
        "period": period,
        "alpha": alpha,
        "robustness_required": settings.robustness,
        "equivalence_odds_ratio": settings.equivalence_odds_ratio,
        "permutations": settings.n_permutations,
        "draws": n_draws,
    }
    return pd.DataFrame({"name": list(values), "value": [str(value) for value in values.values()]})
