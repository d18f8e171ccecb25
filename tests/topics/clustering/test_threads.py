"""Equal means equal: clusterings do not depend on how many threads or cores there are."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from analysis.embedding.views import View
from analysis.topics.clustering.ensemble import base_clusterings
from tests.conftest import ROOT, SHARED

ARXIV = SHARED / "corpora" / "arxiv30.parquet"
# papers of real abstracts at which one thread and two once gave other topics
SIZE = 3_000
FIT = f"""
import hashlib, pandas as pd
from analysis.embedding.views import fit_views
from analysis.io.threads import one_thread
from analysis.topics.clustering.cluster import cluster
papers = pd.read_parquet({str(ARXIV)!r}, columns=["title", "abstract"]).dropna().head({SIZE})
with one_thread():
    views, _ = fit_views(papers["title"].tolist(), papers["abstract"].tolist())
    found = cluster(views, "balanced", 0)
print(hashlib.sha256(b"".join([found.labels.tobytes(), found.draws.tobytes(), found.similarity.tobytes()])).hexdigest())
"""


def test_base_clusterings_are_equal_to_the_bit_at_any_number_of_threads() -> None:
    # vectors without groups: whatever differs in a last bit moves papers
    vectors = np.random.default_rng(0).normal(size=(SIZE, 30)).astype(np.float32)
    views = [View("one", "lexical", vectors)]
    with threadpool_limits(1):
        single = base_clusterings(views, n_runs=6)
    with threadpool_limits(2):
        double = base_clusterings(views, n_runs=6)
    np.testing.assert_array_equal(single.labels, double.labels)
    for one, other in zip(single.centres, double.centres, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.slow
def test_real_abstracts_are_clustered_alike_with_one_thread_and_with_two() -> None:
    if not ARXIV.is_file():
        pytest.skip("the labelled corpora are not beside the project")
    runs = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", FIT],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads},
        )
        for threads in ("1", "2")
    ]
    one, other = (run.communicate(timeout=600)[0].strip() for run in runs)
    assert one == other
    assert len(one) == len(hashlib.sha256().hexdigest())
