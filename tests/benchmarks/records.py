"""What keywords, index terms and references add to topics: planted ones on labelled papers, and real ones judged by each other.

Planted: labelled papers are given keywords or references that tell of their label with some probability; in the worlds in
which they tell of nothing, of something else, or of their time alone, topics must be as without. Real: topics found with one
kind of record are judged by another kind, which they have not seen.
"""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.metrics import adjusted_mutual_info_score
from sklearn.preprocessing import normalize

import analysis as at
from tests.benchmarks.samples import ABSENT, CORPORA, sample
from tests.benchmarks.tables import markdown, paragraph

_FORMATS = CORPORA.parent / "formats"
_REAL = {
    "hospital papers, four databases": (
        "bib/hospitales_scopus.bib",
        "ris/hospitales_embase.ris",
        "pubmed/pubmed_hospitales.nbib",
        "other/scielo_hospitales.txt",
    ),
    "hospital papers, PubMed": ("pubmed/pubmed_hospitales.nbib",),
    "microbiome, Web of Science": ("wos/savedrecs_bioinfo.txt",),
    "gut bacteria, PubMed": ("pubmed/pubmed-gastrointe-set.nbib",),
    "graphics processors, IEEE": ("other/ieee_xplore.csv",),
}
_COLUMNS = ("keywords", "index_keywords", "references")
_SIZE, _SEED, _COVERED = 300, 11, 0.8


def report() -> str:
    """Return the section of RESULTS.md."""
    if not CORPORA.is_dir():
        return ABSENT
    return "\n\n".join(
        [
            "## Records beside texts",
            paragraph(__doc__.partition("\n\n")[2]),
            _planted(),
            paragraph(
                """Real: how much more alike the held-out records of papers of one topic are than those of other topics, over the
                mean likeness of all (cosine of rarity-weighted terms), at one number of topics, mean of three seeds."""
            ),
            _judged(),
        ]
    )


def _keywords(truth: np.ndarray, right: float, rng: np.random.Generator) -> pd.DataFrame:
    groups = np.unique(truth)
    chance = 1 / np.arange(1, 41)
    cells = []
    for own in truth:
        subjects = [own if rng.random() < right else rng.choice(groups) for _ in range(5)]
        terms = {f"term{subject}x{rng.choice(40, p=chance / chance.sum())}" for subject in subjects}
        cells.append(sorted(terms) if rng.random() < _COVERED else None)
    return pd.DataFrame({"keywords": cells})


def _references(truth: np.ndarray, right: float, rng: np.random.Generator) -> pd.DataFrame:
    """Return works of a subject that are some years older than the paper, and the papers' dates."""
    groups, years = np.unique(truth), rng.integers(2008, 2024, len(truth))
    chance = 1 / np.arange(1, 16)
    cells = []
    for own, year in zip(truth, years, strict=True):
        works = set()
        for _ in range(25):
            subject = own if rng.random() < right else rng.choice(groups)
            works.add(f"work{subject}y{year - int(rng.exponential(4))}n{rng.choice(15, p=chance / chance.sum())}")
        cells.append(sorted(works) if rng.random() < _COVERED else None)
    return pd.DataFrame({"references": cells, "date": [f"{year}-06-01" for year in years]})


_Maker = Callable[[np.ndarray, np.random.Generator], pd.DataFrame]
_WORLDS: dict[str, _Maker] = {
    "no records": lambda truth, rng: pd.DataFrame(index=range(len(truth))),
    "keywords, 80 % of the label": lambda truth, rng: _keywords(truth, 0.8, rng),
    "keywords, 50 %": lambda truth, rng: _keywords(truth, 0.5, rng),
    "keywords, 20 %": lambda truth, rng: _keywords(truth, 0.2, rng),
    "keywords of nothing": lambda truth, rng: _keywords(truth, 0.0, rng),
    "keywords of something else": lambda truth, rng: _keywords(rng.integers(0, 5, len(truth)), 0.9, rng),
    "references, 60 % of the label": lambda truth, rng: _references(truth, 0.6, rng),
    "references, 30 %": lambda truth, rng: _references(truth, 0.3, rng),
    "references of the time alone": lambda truth, rng: _references(truth, 0.0, rng),
}


def _planted() -> str:
    lines = []
    drawn = {name: sample(name, _SIZE, _SEED) for name in ("arxiv30", "newsgroups20", "acl_tracks2020")}
    for world, make in _WORLDS.items():
        cells = []
        for papers in drawn.values():
            truth = pd.factorize(papers["label"])[0]
            told = make(truth, np.random.default_rng(5))
            table = pd.concat([papers[["id", "title", "abstract"]], told], axis=1)
            topics = at.fit_topics(at.Corpus.from_frame(table))
            labels = topics.assignments["topic"].reindex(papers["id"])
            inside = labels.notna().to_numpy()
            value = adjusted_mutual_info_score(truth[inside], labels[inside])
            kinds = topics.views["agreement"].dropna()
            cells.append(f"{value:.3f}" + (f" ({kinds.iloc[0]:.2f})" if len(kinds) else ""))
        lines.append([world, *cells])
    return markdown(["AMI (agreement)", *drawn], lines)


def _judged() -> str:
    lines = []
    for name, files in _REAL.items():
        corpus = at.load_corpus([_FORMATS / file for file in files])
        count = int(np.clip(corpus.in_topics.sum() // 25, 4, 25))
        listed = corpus.facts(*_COLUMNS)
        have = [column for column in _COLUMNS if listed[column].notna()[corpus.in_topics].mean() >= 1 / 3]
        plain = _found(corpus, count, records=False)
        for column in have:
            hidden = corpus.with_papers(corpus.papers.assign(**{other: None for other in _COLUMNS if other != column}))
            helped = _found(hidden, count, records=True)
            for judge in _COLUMNS:
                if judge != column and listed[judge].notna()[corpus.in_topics].sum() >= 40:
                    before, after = (_cohesion(labels, listed[judge]) for labels in (plain, helped))
                    lines.append([name, column, judge, f"{before:.2f}", f"{after:.2f}"])
    return markdown(["papers", "with", "judged by", "texts alone", "with the records"], lines)


def _found(corpus: at.Corpus, count: int, *, records: bool) -> list[pd.Series]:
    fits = (at.fit_topics(corpus, granularity=count, seed=seed, records=records) for seed in range(3))
    return [fit.assignments["topic"] for fit in fits]


def _cohesion(fits: list[pd.Series], records: pd.Series) -> float:
    """Return by how much records are more alike within topics than between, relative to all pairs."""
    held = records[records.map(lambda one: isinstance(one, list) and len(one) > 0) & records.index.isin(fits[0].index)]
    terms = [
        {word for text in cell for word in [text.casefold(), *re.findall(r"[^\W\d_]{3,}", text.casefold())]}
        for cell in held
    ]
    kinds, codes = np.unique([word for cell in terms for word in sorted(cell)], return_inverse=True)
    rows = np.repeat(np.arange(len(terms)), [len(cell) for cell in terms])
    counts = sparse.csr_matrix((np.ones(len(rows)), (rows, codes)), shape=(len(terms), len(kinds)))
    uses = counts.getnnz(axis=0)
    kept = (uses > 1) & (uses <= len(terms) / 2)
    weighed = normalize((counts[:, kept] @ sparse.diags(np.log(len(terms) / uses[kept]) + 1)).tocsr())
    alike = (weighed @ weighed.T).toarray()
    off = ~np.eye(len(alike), dtype=bool)
    values = []
    for fit in fits:
        labels = fit.loc[held.index].to_numpy()
        same = (labels[:, None] == labels[None, :]) & off
        values.append((alike[same].mean() - alike[off & ~same].mean()) / alike[off].mean())
    return float(np.mean(values))
