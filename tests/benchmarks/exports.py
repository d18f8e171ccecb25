"""Reading exports beside peers, merging records, and what damaged files do."""

import io
import multiprocessing
import random
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from analysis.corpus.export import export
from analysis.corpus.formats import read_content, read_file
from analysis.corpus.paper import Corpus
from analysis.corpus.records import ReadFile
from analysis.corpus.same_paper import group_records
from analysis.io.resources import measured
from tests.benchmarks.elsewhere import run_elsewhere
from tests.benchmarks.tables import markdown, paragraph
from tests.corpus.readers.damage import damaged, lost_in_silence
from tests.corpus.readers.samples import SAMPLES
from tests.corpus.readers.test_damage import WHOLE
from tests.corpus.twins import TWINS, library, scores

_RECORDS = 5_000
_SIZES = (1_000, 10_000, 100_000, 1_000_000)
_DAMAGED = 400
_SILENT = 10_000
_INTRO = f"""
Reading {_RECORDS:,} records of a title, an abstract of 150 words, three authors, identifiers and a date, from files that this
project wrote, each in a process of its own. The peers parse the same file into their own records and do no more; this project
also cleans texts, reads dates with their precision, normalises identifiers and keeps lines. pandas reads the table alone.
"""
_MERGE_INTRO = """
Grouping records of the same paper in libraries of planted twins (three records in ten: other spelling, a slip, preprint and
publication, translated with the DOI, without authors, "RETRACTED:" ...) and near-twins, which are other papers (two
in ten: parts,
"without", other places, errata, editorials, supplements with one DOI, a bogus arXiv id, replies, yearly reports). Precision
and recall are over pairs of records. Seconds are those of grouping alone, on one core.
"""
_SILENCE_INTRO = f"""
Is a record lost in silence? {_SILENT:,} damaged versions in all, lines and letters lost, doubled or changed; a
regular expression counts
what begins a record and what is a whole title, and where the reader found less and told nothing, that is a loss in silence.
"""
_DAMAGE_INTRO = f"""
{_DAMAGED} damaged versions of each sample: one to four times bytes flipped, cut out or repeated. Every one was read without an
exception and gave records, rejects or both; a hang would have stopped the benchmark.
"""


def report() -> str:
    """Measure and return the section as Markdown."""
    parts = [
        "## Exports",
        paragraph(_INTRO),
        _throughput(),
        paragraph(_MERGE_INTRO),
        _merging(),
        paragraph(_DAMAGE_INTRO),
        _damage(),
        paragraph(_SILENCE_INTRO),
        _silence(),
    ]
    return "\n\n".join(parts)


def _throughput() -> str:
    rng = np.random.default_rng(0)
    corpus = _corpus(_RECORDS, rng)
    context = multiprocessing.get_context("spawn")
    rows = []
    with TemporaryDirectory() as name:
        for kind, peers in _PEERS.items():
            path = Path(name) / f"file.{kind}"
            path.write_bytes(export(corpus, kind))
            with context.Pool(1) as pool:
                seconds, peak, count = pool.apply(_ours, (path,))
            cells = []
            for peer, read in peers.items():
                with context.Pool(1) as pool:
                    theirs, their_peak = pool.apply(_theirs, (read, path))
                cells.append(_beside(peer, theirs, their_peak, seconds))
            if kind in _LITSTUDY:
                cells.append(_litstudy(kind, path, seconds))
            rows.append(
                [
                    kind,
                    f"{path.stat().st_size / 1e6:.1f}",
                    f"{count:,}",
                    f"{seconds:.2f}",
                    f"{count / seconds:,.0f}",
                    f"{peak:.0f}",
                    "; ".join(cells) or "none reads it",
                ]
            )
    head = [
        "file",
        "MB",
        "records",
        "this project, s",
        "records per second",
        "peak MiB",
        "beside: peer, its seconds, our ratio",
    ]
    return markdown(head, rows)


def _beside(peer: str, theirs: float, peak: float, ours: float) -> str:
    return f"{peer} {theirs:.2f} s, {peak:.0f} MiB: {ours / theirs:.{1 if ours > theirs else 2}f} times"


def _litstudy(kind: str, path: Path, ours: float) -> str:
    """litstudy reads BibTeX with an older bibtexparser than this project, so it stands elsewhere."""
    load = f"litstudy.{_LITSTUDY[kind]}"
    small = path.with_name(f"small{path.suffix}")
    found = run_elsewhere(
        f"import litstudy\n{load}(sys.argv[2])",
        f"found = {load}(sys.argv[1])",
        "len(found)",
        str(path),
        str(small),
    )
    if found.missing:
        return f"litstudy {found.missing}"
    assert found.value == _RECORDS
    return _beside("litstudy", found.seconds, found.peak, ours)


def _corpus(count: int, rng: np.random.Generator) -> Corpus:
    words = np.array(
        [f"{first}{second}" for first in "bcdfglmnprst" for second in ("ana", "elo", "iru", "omes", "uth", "ality")]
    )
    texts = [" ".join(words[rng.integers(len(words), size=150)]) for _ in range(count)]
    titles = [f"{' '.join(words[rng.integers(len(words), size=8)])} {number}" for number in range(count)]
    corpus = Corpus.from_frame(pd.DataFrame({"title": titles, "abstract": texts, "date": "2021-05-06"}))
    papers = corpus.papers.copy()
    papers["authors"] = pd.Series([["Anna Berg", "Li Wei", "Jon Palsson"]] * count, index=papers.index, dtype=object)
    papers["doi"] = [f"10.1000/{number}" for number in range(count)]
    return Corpus(papers, corpus.occurrences, corpus.rejects)


def _ours(path: Path) -> tuple[float, float, int]:
    small = path.with_name(f"small{path.suffix}")
    small.write_bytes(export(_corpus(5, np.random.default_rng(1)), path.suffix[1:]))
    read_file(small, "warm")
    with measured() as usage:
        found = read_file(path, path.name)
    assert isinstance(found, ReadFile)
    return usage.seconds, usage.peak_mib, len(found.records)


def _theirs(read: Callable[[Path], object], path: Path) -> tuple[float, float]:
    read(path.with_name(f"small{path.suffix}"))
    with measured() as usage:
        read(path)
    return usage.seconds, usage.peak_mib


def _bibtexparser(path: Path) -> object:
    import bibtexparser

    return bibtexparser.parse_string(path.read_text(encoding="utf-8"))


def _rispy(path: Path) -> object:
    import rispy

    return rispy.loads(path.read_text(encoding="utf-8"))


def _pandas_csv(path: Path) -> object:
    return pd.read_csv(path)


def _pandas_json(path: Path) -> object:
    return pd.read_json(io.StringIO(path.read_text(encoding="utf-8")), lines=True)


def _pandas_parquet(path: Path) -> object:
    return pd.read_parquet(path)


_LITSTUDY = {"bib": "load_bibtex", "ris": "load_ris_file", "csv": "load_csv"}
_PEERS: dict[str, dict[str, Callable[[Path], object]]] = {
    "bib": {"bibtexparser": _bibtexparser},
    "ris": {"rispy": _rispy},
    "csv": {"pandas": _pandas_csv},
    "jsonl": {"pandas": _pandas_json},
    "parquet": {"pandas": _pandas_parquet},
}


def _merging() -> str:
    rows, seconds = [], {}
    for size in _SIZES:
        drawn = library(size, np.random.default_rng(size))
        start = time.perf_counter()
        first = group_records(drawn.items).first
        seconds[size] = time.perf_counter() - start
        found = scores(drawn, first)
        worst = min(TWINS, key=lambda kind: found[kind])
        rows.append(
            [
                f"{size:,}",
                f"{seconds[size]:.1f}",
                f"{found['precision']:.4f}",
                f"{found['recall']:.4f}",
                f"{worst}, {found[worst]:.3f}",
            ]
        )
    growth = np.log(seconds[_SIZES[-1]] / seconds[_SIZES[1]]) / np.log(_SIZES[-1] / _SIZES[1])
    rows.append(["growth exponent from 10,000", f"{growth:.2f}", "", "", ""])
    return markdown(["records", "seconds", "precision", "recall", "kind of twin least found"], rows)


def _silence() -> str:
    rows = []
    for name, whole in WHOLE.items():
        rng = random.Random(name)
        told = lost = 0
        for _ in range(_SILENT // len(WHOLE)):
            text = damaged(whole.replace("\r\n", "\n"), rng)
            found = read_content(text.encode("utf-8", "surrogatepass"), name)
            titles = [record.title for record in found.records] if isinstance(found, ReadFile) else []
            says = not isinstance(found, ReadFile) or bool(found.rejects)
            told += says
            lost += bool(lost_in_silence(name, text, titles, says))
        rows.append([name, f"{_SILENT // len(WHOLE):,}", f"{told:,}", str(lost)])
    return markdown(["format", "damaged versions", "told of damage", "lost in silence"], rows)


def _damage() -> str:
    rows = []
    with TemporaryDirectory() as name:
        path = Path(name) / "damaged"
        for sample, (content, _) in SAMPLES.items():
            rng = np.random.default_rng(len(content))
            whole, part, nothing, slowest = 0, 0, 0, 0.0
            for _ in range(_DAMAGED):
                path.write_bytes(_damaged(content, rng))
                start = time.perf_counter()
                found = read_file(path, "damaged")
                slowest = max(slowest, time.perf_counter() - start)
                records = len(found.records) if isinstance(found, ReadFile) else 0
                told = not isinstance(found, ReadFile) or bool(found.rejects)
                assert records or told
                whole += records >= 2
                part += records == 1
                nothing += records == 0
            rows.append([sample, str(whole), str(part), str(nothing), f"{1000 * slowest:.0f}"])
    return markdown(["sample", "both records", "one record", "none, with the reason", "slowest, ms"], rows)


def _damaged(content: bytes, rng: np.random.Generator) -> bytes:
    damaged = bytearray(content)
    for _ in range(int(rng.integers(1, 5))):
        place = int(rng.integers(len(damaged)))
        kind = int(rng.integers(3))
        if kind == 0:
            damaged[place] = int(rng.integers(256))
        elif kind == 1:
            del damaged[place : place + int(rng.integers(1, 80))]
        else:
            damaged[place:place] = damaged[place : place + 60]
        damaged = damaged or bytearray(b"x")
    return bytes(damaged)
