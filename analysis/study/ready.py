"""Compile every loop at set-up, so that no first run waits for it: ``python -m analysis.study.ready``.

What is compiled is kept where numba keeps it; where nothing can be kept each process compiles what it needs.
"""

import sys
import time
import warnings

import numpy as np
import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.topics.fit import fit_topics
from analysis.trends.fit import fit_trends

_PAPERS, _SUBJECTS, _FEW_SOURCES, _MANY_SOURCES = 96, 3, 2, 24


def _made_up(sources: int) -> Corpus:
    """Return papers on a few subjects over four years, from so many sources."""
    rng = np.random.default_rng(0)
    subject = rng.integers(_SUBJECTS, size=_PAPERS)
    words = [" ".join(f"{'abc'[own]}word{number}" for number in rng.integers(30, size=40)) for own in subject]
    frame = pd.DataFrame(
        {
            "title": [f"On {text[:30]}" for text in words],
            "abstract": words,
            "date": pd.Timestamp("2020-01-01") + pd.to_timedelta(np.sort(rng.integers(1_400, size=_PAPERS)), unit="D"),
            "source": [f"s{number}" for number in rng.integers(sources, size=_PAPERS)],
        }
    )
    return Corpus.from_frame(frame)


def main() -> None:
    """Fit topics and trends of made-up papers by every method that has compiled loops."""
    began = time.monotonic()
    with warnings.catch_warnings():
        # nobody reads what is found
        warnings.simplefilter("ignore")
        few, many = _made_up(_FEW_SOURCES), _made_up(_MANY_SOURCES)
        topics = fit_topics(few, granularity=_SUBJECTS)
        fit_topics(few, method="bertopic", hdbscan={"min_cluster_size": 5})
        fit_trends(few, topics)
        fit_trends(many, topics.place(many))
    sys.stdout.write(f"compiled loops: ready in {time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    main()
