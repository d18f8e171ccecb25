"""A first look at exports, from which a new study's settings are fitted to them."""

import glob
import re
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.errors import TopicTrendsError
from analysis.io.display import counted
from analysis.io.files import files_under
from analysis.study.estimate import expected_records

# more records are not read only to look at them
_MOST_RECORDS = 30_000
# what a period should hold, and how many there should be at least, for shorter ones than years
_PAPERS_A_PERIOD, _FEWEST_PERIODS = 25, 6
# concepts that make a vocabulary
_FEWEST_CONCEPTS = 5
# past so many sources of so few papers on the mean, files are one source: strata of a few papers say nothing
_MANY_SOURCES, _FEW_PAPERS = 8, 20
# kinds of records and languages that are told by name
_MOST_TOLD = 5


@dataclass(frozen=True)
class Source:
    """Files that look like exports of one search: their names differ in a number alone."""

    name: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class FirstLook:
    """What exports hold, as far as settings hang on it.

    Attributes
    ----------
    told : tuple of str
        What was found, a sentence each.
    readable : bool
        Whether a run would find papers.
    left_out : tuple of str
        Files and folders that hold no record, by name.
    sources : tuple of Source
    periods : {"year", "half", "quarter", "month"}
    types, languages : str
        What there is, the commonest first, with numbers of papers; empty where nothing is known.
    vocabulary : str
        A proposed vocabulary file; empty where too little was found.
    """

    told: tuple[str, ...]
    readable: bool = False
    left_out: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    periods: str = "year"
    types: str = ""
    languages: str = ""
    vocabulary: str = ""


def look_at(folder: Path, names: list[str]) -> FirstLook:
    """Return what the exports of these names in a folder hold; what cannot be read is told, and nothing is raised.

    Parameters
    ----------
    folder : Path
    names : list of str
        Files and folders in it.
    """
    paths = [folder / name for name in names if (folder / name).exists()]
    files = files_under(paths)
    if not files:
        return FirstLook((f"There are no exports yet: put them into {folder / names[0]}.",))
    # as the corpus' stage reads them
    exports = paths[0] if len(paths) == 1 else files
    try:
        if expected_records(files) > _MOST_RECORDS:
            many = f"{counted(len(files), 'file')} with too many records to look at each"
            # which of them hold records is not known, and a source must hold some
            return FirstLook((f"{many}; `topictrends import` tells of them.",), True)
        return _found(_read(exports), {path.name: {file.name for file in files_under([path])} for path in paths})
    except TopicTrendsError as error:
        return FirstLook((f"The exports cannot be read yet: {error}",))


def grouped(names: list[str]) -> tuple[Source, ...]:
    """Return files as sources: databases give large results in several files, which they number.

    Examples
    --------
    >>> [source.files for source in grouped(["savedrecs.txt", "savedrecs (1).txt", "scopus.ris"])]
    [('savedrecs (1).txt', 'savedrecs.txt'), ('scopus.ris',)]
    """
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        stem = _stem(name)
        found.setdefault(f"{_without_number(stem)}.{name[len(stem) + 1 :]}", []).append(name)
    stems = {key: _without_number(_stem(files[0])) for key, files in found.items()}
    shared = {stem for stem, count in Counter(stems.values()).items() if count > 1}
    named = {key: key.strip(".") if stem in shared else stem for key, stem in stems.items()}
    return tuple(Source(named[key], tuple(map(glob.escape, files))) for key, files in found.items())


def _stem(name: str) -> str:
    """Return a name without its ending, that of a packed file with both."""
    plain = name.removesuffix(".gz").removesuffix(".xz")
    return plain.rpartition(".")[0] or plain


def _without_number(stem: str) -> str:
    return re.sub(r"[\s_.#-]*(?:\(\d{1,9}\)|\d|part|page)*$", "", stem, flags=re.IGNORECASE).strip() or stem


def _read(exports: Path | list[Path]) -> Corpus:
    from analysis.corpus.load import load_corpus

    with warnings.catch_warnings():
        # the run tells of rejects
        warnings.simplefilter("ignore")
        return load_corpus(exports)


def _found(corpus: Corpus, lying: dict[str, set[str]]) -> FirstLook:
    """Return what a corpus tells of the files that lie at each name of its folder."""
    from analysis.concepts.proposal import propose_vocabulary, vocabulary_text

    counts, dates = corpus.counts, corpus.papers["date"].dropna()
    read = sorted(set(corpus.occurrences["file"]))
    # a member of an archive is called after it
    held = {part for name in read for part in name.split("/")}
    # a file, or a folder in which no file holds a record, such as one of attachments
    left_out = tuple(sorted(name for name, files in lying.items() if not files & held))
    sources = grouped(read)
    if len(sources) > _MANY_SOURCES and len(corpus) < _FEW_PAPERS * len(sources):
        sources = (Source("exports", ("*",)),)
    span = f", {dates.min():%Y} to {dates.max():%Y}" if len(dates) else ""
    proposed = propose_vocabulary(corpus)
    abstracts = int(corpus.has_abstract.sum())
    told = [
        f"Looked at {counted(int(counts['records_read']), 'record')} of {counted(len(corpus), 'paper')}{span}; "
        f"{abstracts:,} with an abstract.",
    ]
    if not abstracts:
        told.append("Topics come from titles and abstracts: export the records once more, with abstracts.")
    if not len(dates):
        told.append("No paper has a date, so topics can be found, and no trend can be told.")
    if left_out:
        more = f" and {len(left_out) - _MOST_TOLD} more" if len(left_out) > _MOST_TOLD else ""
        told.append(f"Left out, for they hold no record: {', '.join(left_out[:_MOST_TOLD])}{more}.")
    if len(sources) == 1 and sources[0].files == ("*",):
        told.append(
            f"{len(read)} files of a few records each are named as one source; part them in study.toml if they are not."
        )
    if counts["records_rejected"]:
        told.append(f"{counts['records_rejected']:,} could not be read: `topictrends import` says why.")
    if len(sources) > 1:
        told.append(f"{len(sources)} sources by the files' names: see [[corpus.source]] in study.toml.")
    enough = len(proposed) >= _FEWEST_CONCEPTS
    languages = corpus.papers["language"].fillna(corpus.papers["language_detected"])
    return FirstLook(
        tuple(told),
        abstracts > 0,
        left_out,
        sources,
        periods_for(dates),
        _told_counts(corpus.papers["type"]),
        _told_counts(languages),
        vocabulary_text(proposed) if enough else "",
    )


def periods_for(dates: pd.Series) -> str:
    """Return years where there are enough of them, else the shortest period that still holds enough papers."""
    known = dates.dropna()
    if not len(known) or known.dt.year.nunique() >= _FEWEST_PERIODS:
        return "year"
    months = (known.dt.year * 12 + known.dt.month).to_numpy()
    for name, width in (("month", 1), ("quarter", 3), ("half", 6)):
        counts = np.bincount((months - months.min()) // width)
        # those in which nearly all papers lie: a few early ones do not make periods long
        held = counts[int(np.searchsorted(counts.cumsum(), 0.05 * counts.sum())) :]
        if len(held) >= _FEWEST_PERIODS and np.median(held) >= _PAPERS_A_PERIOD:
            return name
    return "year"


def _told_counts(values: pd.Series) -> str:
    counts = values.dropna().value_counts()
    counts = counts[counts.index != ""]
    shown = ", ".join(f"{name} {count:,}" for name, count in counts.head(_MOST_TOLD).items())
    return shown + (f" and {len(counts) - _MOST_TOLD} more" if len(counts) > _MOST_TOLD else "")
