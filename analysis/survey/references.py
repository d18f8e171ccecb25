"""references.bib: every paper of the corpus, and the papers of the methods."""

import re
from collections.abc import Sequence

import pandas as pd

from analysis.latex_table import latex_escape
from analysis.topics.phrases import STOP_WORDS

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
# key, entry type, fields: the papers of the methods that the section names
_METHODS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("grootendorst2022bertopic", "misc", {"author": "Grootendorst, Maarten", "title": "{BERTopic}: Neural topic modeling with a class-based {TF-IDF} procedure", "year": "2022", "eprint": "2203.05794", "archiveprefix": "arXiv"}),
    ("mcinnes2018umap", "misc", {"author": "McInnes, Leland and Healy, John and Melville, James", "title": "{UMAP}: Uniform Manifold Approximation and Projection for Dimension Reduction", "year": "2018", "eprint": "1802.03426", "archiveprefix": "arXiv"}),
    ("campello2013hdbscan", "inproceedings", {"author": "Campello, Ricardo J. G. B. and Moulavi, Davoud and Sander, Joerg", "title": "Density-Based Clustering Based on Hierarchical Density Estimates", "booktitle": "Advances in Knowledge Discovery and Data Mining", "year": "2013", "pages": "160--172"}),
    ("fred2005evidence", "article", {"author": "Fred, Ana L. N. and Jain, Anil K.", "title": "Combining Multiple Clusterings Using Evidence Accumulation", "journal": "IEEE Transactions on Pattern Analysis and Machine Intelligence", "volume": "27", "number": "6", "pages": "835--850", "year": "2005"}),
    ("hennig2007stability", "article", {"author": "Hennig, Christian", "title": "Cluster-wise assessment of cluster stability", "journal": "Computational Statistics and Data Analysis", "volume": "52", "number": "1", "pages": "258--271", "year": "2007"}),
    ("firth1993bias", "article", {"author": "Firth, David", "title": "Bias reduction of maximum likelihood estimates", "journal": "Biometrika", "volume": "80", "number": "1", "pages": "27--38", "year": "1993"}),
    ("heinze2002separation", "article", {"author": "Heinze, Georg and Schemper, Michael", "title": "A solution to the problem of separation in logistic regression", "journal": "Statistics in Medicine", "volume": "21", "number": "16", "pages": "2409--2419", "year": "2002"}),
    ("benjamini1995fdr", "article", {"author": "Benjamini, Yoav and Hochberg, Yosef", "title": "Controlling the False Discovery Rate: A Practical and Powerful Approach to Multiple Testing", "journal": "Journal of the Royal Statistical Society: Series B", "volume": "57", "number": "1", "pages": "289--300", "year": "1995"}),
    ("phipson2010permutation", "article", {"author": "Phipson, Belinda and Smyth, Gordon K.", "title": "Permutation {P}-values Should Never Be Zero", "journal": "Statistical Applications in Genetics and Molecular Biology", "volume": "9", "number": "1", "year": "2010"}),
    ("brown2001interval", "article", {"author": "Brown, Lawrence D. and Cai, T. Tony and DasGupta, Anirban", "title": "Interval Estimation for a Binomial Proportion", "journal": "Statistical Science", "volume": "16", "number": "2", "pages": "101--133", "year": "2001"}),
    ("rubin1987multiple", "book", {"author": "Rubin, Donald B.", "title": "Multiple Imputation for Nonresponse in Surveys", "publisher": "Wiley", "year": "1987"}),
)  # fmt: skip
METHOD_KEYS = tuple(key for key, _, _ in _METHODS)


def citation_keys(papers: pd.DataFrame) -> dict[str, str]:
    """Return a citation key for each paper: the title's first telling word and the year, letters where two agree.

    Parameters
    ----------
    papers : DataFrame
        As `Corpus.papers`.

    Returns
    -------
    dict of paper_id to key
        Keys are ASCII letters and digits and differ from one another and from the methods' keys.
    """
    taken = set(METHOD_KEYS)
    keys: dict[str, str] = {}
    for paper_id, row in papers.sort_index().iterrows():
        words = [word for word in re.findall(r"[A-Za-z][A-Za-z0-9]+", row["title"]) if word.lower() not in STOP_WORDS]
        year = row["date"].year if pd.notna(row["date"]) else "nd"
        base = f"{words[0].lower() if words else 'paper'}{year}"
        key, turn = base, 0
        while key in taken:
            turn += 1
            key = f"{base}{_letters(turn)}"
        taken.add(key)
        keys[str(paper_id)] = key
    return keys


def references_bib(papers: pd.DataFrame) -> str:
    """Return references.bib: one entry a paper, then the methods' papers."""
    keys = citation_keys(papers)
    entries = [_entry(keys[str(paper_id)], "misc", _fields(row)) for paper_id, row in papers.sort_index().iterrows()]
    entries += [_entry(key, kind, fields) for key, kind, fields in _METHODS]
    return "\n".join(entries)


def _fields(row: pd.Series) -> dict[str, str]:
    title = latex_escape(row["title"])
    fields = {"title": f"{{{title}}}"}
    if isinstance(row["authors"], Sequence) and not isinstance(row["authors"], str) and len(row["authors"]):
        fields["author"] = " and ".join(latex_escape(author) for author in row["authors"])
    else:
        # without authors a bibliography sorts and labels by this
        fields["key"] = latex_escape(re.split(r"[:\s]", row["title"].strip() or "untitled")[0])
    if row["date_precision"] != "none":
        fields["year"] = str(row["date"].year)
    if row["date_precision"] in ("day", "month"):
        fields["month"] = _MONTHS[row["date"].month - 1]
    for name, column in (("eprint", "arxiv_id"), ("doi", "doi"), ("url", "url")):
        if pd.notna(row[column]):
            fields[name] = str(row[column])
    if "eprint" in fields:
        fields["archiveprefix"] = "arXiv"
    return fields


def _entry(key: str, kind: str, fields: dict[str, str]) -> str:
    # a month is BibTeX's own abbreviation and stands without braces
    lines = [f"  {name} = {value}" if name == "month" else f"  {name} = {{{value}}}" for name, value in fields.items()]
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _letters(turn: int) -> str:
    """Return a, b, ..., z, aa, ab, ... for 1, 2, ..."""
    text = ""
    while turn:
        turn, rest = divmod(turn - 1, 26)
        text = chr(97 + rest) + text
    return text
