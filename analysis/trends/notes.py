"""What a trend analysis was made of and how, as figures and prose quote it."""

import numpy as np
import pandas as pd

from analysis.trends.coverage import Dated
from analysis.trends.family import TestSettings


def note_table(
    found: Dated,
    strata: np.ndarray,
    period: str,
    settings: TestSettings,
    n_draws: int,
    ends: tuple[str, str],
    series: np.ndarray | None,
) -> pd.DataFrame:
    """Return name and value of each note; see `Trends.notes`."""
    papers, covered = found.papers, found.covered
    dated = papers["date"].notna()
    sizes = np.bincount(series) if series is not None and len(series) else np.zeros(0, dtype=int)
    values = {
        "papers": len(papers),
        "papers_dated": int(dated.sum()),
        "papers_month_precise": int((papers["date_precision"] == "month").sum()),
        "papers_year_precise": int((papers["date_precision"] == "year").sum()),
        "papers_heaped": found.heaped,
        "strata": len(np.unique(strata[dated.to_numpy()])),
        "first_day": covered[0].date().isoformat() if dated.any() else "none",
        "last_day": covered[1].date().isoformat() if dated.any() else "none",
        "period": period,
        "first_end": ends[0] or "none",
        "last_end": ends[1] or "none",
        "alpha": settings.alpha,
        "robustness_required": settings.robustness,
        "equivalence_change": round(settings.equivalence_change, 4),
        "permutations": settings.n_permutations,
        "draws": n_draws,
        "author_groups": int((sizes > 1).sum()) if series is not None else "unknown",
        "papers_in_author_groups": int(sizes[sizes > 1].sum()) if series is not None else "unknown",
        "largest_author_group": int(sizes.max(initial=0)) if series is not None else "unknown",
    }
    return pd.DataFrame({"name": list(values), "value": [str(value) for value in values.values()]})
