"""Large corpora: whole runs by size, beside BERTopic on the same vectors, landmarks beside a full fit."""

import multiprocessing
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from joblib.externals.loky import get_reusable_executor
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_mutual_info_score

from analysis.corpus.paper import Corpus
from analysis.embedding.lexical import weighted_texts
from analysis.embedding.views import View
from analysis.io.dask_runner import cluster_at
from analysis.io.resources import Usage, measured
from analysis.study.face import Study
from analysis.topics.fit import fit_topics
from analysis.trends.coverage import coverage
from analysis.trends.periods import Period
from analysis.trends.series import share_series
from analysis.trends.timeline import Calendar
from tests.benchmarks.peers import bertopic_on, static
from tests.benchmarks.recombined import REAL, real, recombined, write_exports
from tests.benchmarks.samples import ABSENT, CORPORA, sample
from tests.benchmarks.tables import markdown

RUN_SIZES = (1_000, 5_000, 15_000, 50_000, 100_000, 300_000, 1_000_000)
# growth is told from here on: below, what is there whatever the size rules
_GROWS_FROM = 15_000
PEER_SIZES = (15_000, 50_000, 100_000)
_STAGES = ("corpus", "topics", "trends", "figures", "survey")
_WARM_UP = 4_200


def runs(sizes: tuple[int, ...] = RUN_SIZES) -> str:
    """Run studies from exports to the section, each in a new process: of arXiv's papers, then of made-up ones."""
    if not CORPORA.is_dir():
        return f"## Whole runs\n\n{ABSENT}"
    rows, minutes = [], {}
    for size in sizes:
        used: dict[str, Usage] = _alone(_run, size, 0)
        minutes[size] = sum(usage.seconds for usage in used.values()) / 60
        stages = [f"{used[stage].seconds:.0f} s, {used[stage].peak_mib:.0f}" for stage in _STAGES]
        peak = max(usage.peak_mib for usage in used.values())
        rows.append([f"{size:,}", *stages, f"{minutes[size]:.1f}", f"{peak:.0f}"])
        # the largest takes an hour: what is known is told before it
        sys.stderr.write(f"{rows[-1]}\n")
    last = max(sizes)
    if last > _GROWS_FROM in minutes:
        growth = np.log(minutes[last] / minutes[_GROWS_FROM]) / np.log(last / _GROWS_FROM)
        rows.append([f"growth exponent from {_GROWS_FROM:,}", *[""] * len(_STAGES), f"{growth:.2f}", ""])
    head = ["papers", *(f"{stage}, peak MiB" for stage in _STAGES), "minutes in all", "peak MiB"]
    return f"## Whole runs\n\n{markdown(head, rows)}"


def _run(size: int, n_workers: int, stages: tuple[str, ...] = _STAGES) -> dict[str, Usage]:
    warnings.simplefilter("ignore")
    folder = Path(tempfile.mkdtemp())
    try:
        write_exports(folder / "data" / "raw", size, 50)
        (folder / "study.toml").write_text(
            'title = "Made up"\n[concepts]\nvocabulary = "medical_ai"\n', encoding="utf-8"
        )
        study, used = Study.open(folder), {}
        for stage in stages:
            with measured() as usage:
                if n_workers:
                    with cluster_at("local", folder, n_workers) as workers:
                        study.run([stage], workers=workers)
                else:
                    study.run([stage])
            used[stage] = usage
        return used
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def workers(size: int = 50_000) -> str:
    """Run one study to its topics in one process, on one worker and on two."""
    if not CORPORA.is_dir():
        return f"## Workers\n\n{ABSENT}"
    rows, divided = [], _STAGES[:2]
    for name, count in (("one process, no Dask", 0), ("one worker", 1), ("two workers", 2)):
        used: dict[str, Usage] = _alone(_run, size, count, divided)
        whole = sum(usage.seconds for usage in used.values())
        rows.append([name, *(f"{used[stage].seconds:.0f}" for stage in divided), f"{whole:.0f}"])
        sys.stderr.write(f"{rows[-1]}\n")
    return f"## Workers\n\n{size:,} papers, seconds.\n\n{markdown(['who', *divided, 'both'], rows)}"


def peers(sizes: tuple[int, ...] = PEER_SIZES) -> str:
    """Topics and topics over time beside BERTopic on the same WordLlama vectors."""
    if not CORPORA.is_dir():
        return f"## Beside BERTopic on the same vectors\n\n{ABSENT}"
    rows = []
    for size in sizes:
        for name, method in (("BERTopic as it comes", _bertopic), ("this project", _ours)):
            found: PeerRun = _alone(method, size)
            rows.append(
                [
                    f"{size:,}",
                    name,
                    f"{found.topics:.0f}",
                    f"{found.by_year:.1f}",
                    f"{found.by_month:.1f}",
                    f"{found.peak:.0f}",
                    f"{found.ami:.3f}",
                    f"{found.coverage:.0%}",
                    str(found.count),
                ]
            )
            sys.stderr.write(f"{rows[-1]}\n")
    head = [
        "papers",
        "method",
        "topics, s",
        "over years, s",
        "over months, s",
        "peak MiB above the data",
        "AMI",
        "coverage",
        "topics found",
    ]
    return f"## Beside BERTopic on the same vectors\n\n{markdown(head, rows)}"


def _papers(size: int) -> pd.DataFrame:
    """Return arXiv's own papers as far as they go, else made-up ones."""
    return real(size) if size <= REAL else pd.concat(list(recombined(size)), ignore_index=True)


@dataclass(frozen=True)
class PeerRun:
    """What topics and topics over time took (seconds, MiB), and what was found."""

    topics: float
    by_year: float
    by_month: float
    peak: float
    ami: float
    coverage: float
    count: int


def _timed(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _resting() -> float:
    """Return the memory of what is there before the work, MiB."""
    with measured() as usage:
        time.sleep(0.5)
    return usage.peak_mib


def _bertopic(size: int) -> PeerRun:
    warnings.simplefilter("ignore")
    papers = _papers(size)
    texts = weighted_texts(papers["title"].tolist(), papers["abstract"].tolist(), 1)
    vectors = static(texts)
    bertopic_on(texts[:_WARM_UP], vectors[:_WARM_UP], 0)
    days = pd.to_datetime(papers["date"])
    years, months = days.dt.year.tolist(), (days.dt.year * 12 + days.dt.month).tolist()
    before = _resting()
    with measured() as usage:
        begun = time.perf_counter()
        model, labels = bertopic_on(texts, vectors, 0)
        fit = time.perf_counter() - begun
        yearly, monthly = (_timed(partial(model.topics_over_time, texts, stamps)) for stamps in (years, months))
    # HDBSCAN leaves processes behind, for which this one would wait at its end
    get_reusable_executor().shutdown(wait=True, kill_workers=True)
    found = np.array(labels)
    ami = adjusted_mutual_info_score(papers["label"], found)
    return PeerRun(
        fit, yearly, monthly, usage.peak_mib - before, ami, float((found >= 0).mean()), len(set(labels) - {-1})
    )


def _ours(size: int) -> PeerRun:
    warnings.simplefilter("ignore")
    papers = _papers(size)
    texts = weighted_texts(papers["title"].tolist(), papers["abstract"].tolist(), 1)
    vectors = static(texts)
    corpus = Corpus.from_frame(papers[["id", "title", "abstract", "date"]])
    few = corpus.papers.iloc[:_WARM_UP]
    _ = fit_topics(Corpus(few, corpus.occurrences, corpus.rejects)).bertopic
    del texts
    before = _resting()
    with measured() as usage:
        begun = time.perf_counter()
        topics = fit_topics(corpus, vectors=[View("wordllama", "static", vectors)])
        _ = topics.bertopic
        fit = time.perf_counter() - begun
        labels = topics.assignments["topic"].to_numpy()
        member = labels[:, None] == topics.table.index.to_numpy()[None, :]
        dated = corpus.papers.loc[topics.assignments.index]

        def counted(width: Period) -> float:
            calendar = Calendar.of(dated, width, coverage(corpus))
            return _timed(lambda: share_series(member, topics.table.index, calendar))

        yearly, monthly = counted("year"), counted("month")
    truth = papers.set_index("id")["label"].loc[topics.assignments.index]
    ami = adjusted_mutual_info_score(truth, labels)
    return PeerRun(fit, yearly, monthly, usage.peak_mib - before, ami, float((labels >= 0).mean()), len(topics.table))


def landmarks() -> str:
    """Fit 15,000 abstracts whole and by landmarks, two seeds each."""
    if not CORPORA.is_dir():
        return f"## Landmarks beside a full fit\n\n{ABSENT}"
    warnings.simplefilter("ignore")
    papers = sample("arxiv30", 15_000, 0)
    dates = pd.read_parquet(CORPORA / "arxiv30.parquet", columns=["title", "date"]).drop_duplicates("title")
    rng = np.random.default_rng(0)
    drawn = dates["date"].astype(str).to_numpy()[rng.integers(len(dates), size=len(papers))]
    corpus = Corpus.from_frame(papers[["id", "title", "abstract"]].assign(date=drawn))
    truth = papers.set_index("id")["label"]
    calendar = Calendar.of(corpus.papers.sort_index(), "year", coverage(corpus))
    rows, whole = [], None
    fits = (("all papers", 20_000, 12_000), ("12,000 landmarks", 1_000, 12_000), ("6,000 landmarks", 1_000, 6_000))
    for seed in (0, 1):
        for name, threshold, count in fits:
            with measured() as usage:
                topics = fit_topics(corpus, seed=seed, threshold=threshold, landmarks=count)
            labels = topics.assignments["topic"]
            whole = labels if whole is None else whole
            ami = adjusted_mutual_info_score(truth[labels.index], labels)
            inside = _shares_inside(whole.to_numpy(), labels.loc[whole.index].to_numpy(), calendar)
            rows.append([name, str(seed), f"{ami:.3f}", str(len(topics.table)), inside, f"{usage.seconds:.0f}"])
    head = ["fit", "seed", "AMI", "topics", "shares within the intervals of the first fit's", "seconds"]
    return f"## Landmarks beside a full fit\n\n{markdown(head, rows)}"


def _shares_inside(whole: np.ndarray, other: np.ndarray, calendar: Calendar) -> str:
    """Return how many shares of topics and years lie within the 95 % intervals of their counterparts in a full fit.

    Topics are matched one to one by the papers that they share; those without a counterpart are left out.
    """
    shared = pd.crosstab(whole, other).to_numpy()
    ours, theirs = linear_sum_assignment(-shared)
    series = [
        share_series(labels[:, None] == topics[None, :], pd.Index(np.arange(len(topics))), calendar)
        for labels, topics in ((whole, ours), (other, theirs))
    ]
    inside = series[1]["share"].between(series[0]["low"], series[0]["high"])
    counted = series[0]["n_total"] > 0
    return f"{inside[counted].mean():.0%} of {int(counted.sum())}"


def _alone(work: Callable[..., Any], *given: Any) -> Any:
    """Do work in a process of its own, so that memory is its own; a process that may have processes."""
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *given).result()
