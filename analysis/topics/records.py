"""What the records of papers tell beside their texts, read for the papers that topics are found in."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.corpus.citations import reference_key, resolved_references
from analysis.corpus.paper import Corpus
from analysis.embedding.centring import LanguageGroups
from analysis.embedding.recorded import RecordedKind, Records, recorded_views
from analysis.embedding.views import View

_LISTED = ("keywords", "index_keywords", "references")
_CITATION_FACTS = ("title", "authors", "date", "doi", "arxiv_id", "references")
_IDENTIFIERS = ("paper_id", "doi", "arxiv_id", "pmid", "record_id")


def recorded_kinds(corpus: Corpus, ids: pd.Index, views: Sequence[View], groups: LanguageGroups) -> list[RecordedKind]:
    """Return what the records of some papers give beside the views of their texts; nothing where they tell nothing.

    Parameters
    ----------
    corpus : Corpus
    ids : Index of paper_id, length n
        Of the papers, in the order of the views' rows.
    views : sequence of View
    groups : LanguageGroups
    """
    listed = corpus.rows(ids, *_LISTED)
    if not listed.notna().to_numpy().any():
        return []
    return recorded_views(_records(corpus, listed), views, groups)


def _records(corpus: Corpus, listed: pd.DataFrame) -> Records:
    ids = listed.index
    keywords, index_terms = (
        [value if isinstance(value, list) else [] for value in listed[name]] for name in ("keywords", "index_keywords")
    )
    years = corpus.rows(ids, "date")["date"].dt.year.fillna(-1).to_numpy(dtype=int)
    none = np.zeros(0, dtype=np.int64)
    if not listed["references"].notna().any():
        return Records(keywords, index_terms, none, none, none, none, years)
    occurrences = corpus.occurrence_facts(*_IDENTIFIERS)
    found = resolved_references(corpus.rows(ids, *_CITATION_FACTS), occurrences[occurrences["paper_id"].isin(ids)])
    found = found[found["by"] != "itself"]
    papers = ids.get_indexer(found["paper_id"])
    inside = found["cited"].notna().to_numpy()
    cited = ids.get_indexer(found["cited"].where(inside))
    works = [f"paper {number}" for number in cited]
    keys = [
        work if within else reference_key(reference)
        for work, within, reference in zip(works, inside, found["reference"], strict=True)
    ]
    held = inside & (cited >= 0)
    return Records(keywords, index_terms, papers, pd.factorize(np.array(keys))[0], papers[held], cited[held], years)
