"""OpenAlex: a work, or a list of works."""

from collections.abc import Iterable
from typing import Any

from analysis.corpus.fields import Fields, page_range

FORMAT = "openalex"
# an inverted index that claims a position beyond this is damaged
_LONGEST = 100_000


def recognises(item: dict[str, Any]) -> bool:
    """Return whether an object is an OpenAlex work."""
    return "openalex.org" in str(item.get("id", "")) and ("display_name" in item or "title" in item)


def fields(item: dict[str, Any]) -> Fields:
    """Return a work's fields; its abstract is put together from the inverted index."""
    ids = item.get("ids") or {}
    location = item.get("primary_location") or {}
    venue = location.get("source") or item.get("host_venue") or {}
    authorships, biblio = item.get("authorships") or [], item.get("biblio") or {}
    names = [(authorship.get("author") or {}).get("display_name") or "" for authorship in authorships]
    return Fields(
        title=item.get("title") or item.get("display_name") or "",
        abstract=_abstract(item.get("abstract_inverted_index") or {}),
        dates=[str(item.get("publication_date") or ""), str(item.get("publication_year") or "")],
        authors=names,
        doi=item.get("doi") or ids.get("doi") or "",
        arxiv_id=next(
            (text for text in (location.get("landing_page_url"), location.get("pdf_url")) if text and "arxiv" in text),
            "",
        ),
        pmid=str(ids.get("pmid") or ""),
        url=location.get("landing_page_url") or item.get("id") or "",
        venue=venue.get("display_name") or "",
        affiliations=_each(
            text for one in authorships for text in one.get("raw_affiliation_strings") or _institutions(one)
        ),
        countries=_each(code for one in authorships for code in one.get("countries") or []),
        index_keywords=[word.get("display_name") or word.get("keyword") or "" for word in item.get("keywords") or []],
        record_id=str(item.get("id") or ""),
        type=item.get("type") or item.get("type_crossref") or "",
        language=item.get("language") or "",
        references=item.get("referenced_works") or [],
        n_cited=str(item.get("cited_by_count") if item.get("cited_by_count") is not None else ""),
        volume=str(biblio.get("volume") or ""),
        issue=str(biblio.get("issue") or ""),
        pages=page_range(str(biblio.get("first_page") or ""), str(biblio.get("last_page") or "")),
    )


def _institutions(authorship: dict[str, Any]) -> list[str]:
    return [one.get("display_name") or "" for one in authorship.get("institutions") or []]


def _each(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def _abstract(index: dict[str, list[int]]) -> str:
    words = {
        int(position): word for word, several in index.items() for position in several if 0 <= int(position) <= _LONGEST
    }
    return " ".join(words[position] for position in sorted(words))
