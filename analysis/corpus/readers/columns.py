"""Tables of one record per row: which column holds what, by the names that databases give them."""

import functools
import re
from collections.abc import Mapping, Sequence

from analysis.corpus.fields import Fields, page_range, split_list
from analysis.corpus.names import names_of

# the mark of a table that this package wrote, whose texts are clean already
OWN_MARK = "topictrends"
_NEUTRALISED = re.compile(r"'+[=+\-@\t\r]")
# for each field the names of columns, folded, in the order of trust
_NAMES: dict[str, tuple[str, ...]] = {
    field: tuple(name.strip() for name in names.split(","))
    for field, names in {
        "title": "title, document title, item title, article title, display name, paper title, primary title, headline, titel, "
        "titulo, título, titre, ti, t1, name, 标题, 题名, 論文名, タイトル, название",
        "subtitle": "subtitle, sub title",
        "abstract": "abstract, abstract note, abstract text, abstracts, summary, resumen, resume, résumé, "
        "resumo, zusammenfassung, "
        "ab, n2, description, 摘要, 抄録, аннотация",
        "date": "issued, published print, publication date, date, published, published online, published at, published date, "
        "date published, online date, issue date, cover date, prism coverdate, submitted, date submitted, fecha, datum, "
        "first posted, da",
        # when a service made or changed its record: asked where nothing else is known
        "registered": "created, date created, created at, update date",
        "year": "year, publication year, pub year, pubyear, published year, py, yr, jahr, ano, año, annee, "
        "année, 年, 出版年, 发表年, год",
        "month": "month, pd, publication month",
        "day": "day",
        "authors": "authors, author, authors full names, author full names, author names, author s, "
        "authorships author display name, "
        "authors with affiliations names, au, a1, creators, creator, autores, autor, auteurs, 作者, 著者, авторы",
        "affiliations": "affiliations, affiliation, authors with affiliations, addresses, author "
        "affiliations, authors affiliations, c1, "
        "institutions, institution, authorships institutions display name, raw affiliation, ad",
        "countries": "countries, country, country of research organization, authorships countries, country region, país, pais",
        "keywords": "author keywords, keywords, keyword, keywords display name, de, kw, palabras clave, "
        "palavras chave, mots clés, 关键词",
        "index_keywords": "index keywords, keywords plus, mesh terms, mesh, mesh headings, subject headings, subjects, subject, "
        "manual tags index, index terms, ieee terms, inspec controlled terms, controlled terms, concepts",
        "doi": "doi, item doi, di, dois, doi link, digital object identifier",
        "arxiv_id": "arxiv id, arxiv, eprint, archive id, arxivid",
        "pmid": "pmid, pubmed id, ids pmid, pm, pubmedid, medline id",
        "url": "url, link, urls, pdf link, article url, source url, landing page url, dimensions url, doi url, ur",
        "venue": "publication title, source title, journal, journal title, venue, primary location source "
        "display name, journal name, so, "
        "container title, conference name, host, journal book, t2, source, book title, publication name, "
        "source title anthology title, secondary title",
        "organisation": "organisation, organization",
        "type": "document type, publication type, item type, content type, type of reference, dt, type, type crossref, ty, "
        "study type, pubtype",
        "language": "language of original document, language, languages, la, lang, idioma, sprache, langue",
        "references": "references, cited references, cr, referenced works, reference list, bibliography",
        "n_cited": "n cited, cited by, times cited, tc, cited by count, cites, citations, citation "
        "count, times cited all databases, "
        "is referenced by count, article citation count, num citations, citedby",
        "volume": "volume, vl, vol, journal volume",
        "issue": "issue, is, number, journal issue, issue number, iss",
        "pages": "pages, page, pagination, page range, page numbers, pg",
        "first_page": "page start, start page, first page, bp, sp, beginning page, startpage",
        "last_page": "page end, end page, last page, ep, ending page, endpage",
        "article_number": "art no, article number, ar, article no",
        "editor": "editor, editors, be, book editors, ed",
        # a screener's decision: ASReview writes it as 1 and 0
        "label": "asreview label, label included, included, final included, label, screening decision",
        "record_id": "record id, eid, ut, ut unique wos id, openalex id, accession number, "
        "dimensions id, publication id, lens id",
        "n_authors": "n authors",
        "comments": "comments",
        "written_by": "written by",
    }.items()
}
# columns of a table that is Web of Science's whatever else it may be: its ID are keywords
_WEB_OF_SCIENCE = frozenset(("pt", "ut", "ti"))
FIELDS = tuple(_NAMES)


def folded(name: str) -> str:
    """Return a column's name in the form in which names are compared."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.findall(r"[^\W_]+", spaced.casefold()))


def map_columns(header: Sequence[str], chosen: Mapping[str, str] | None = None) -> dict[str, list[int]]:
    """Return which columns hold each field, in the order of trust.

    Parameters
    ----------
    header : sequence of str
    chosen : mapping of field to column, optional
        As study.toml names them; goes before any guess.
    """
    # the objects of a JSON file have the same names a million times
    return _mapped(tuple(header), tuple(sorted((chosen or {}).items())))


@functools.lru_cache(maxsize=256)
def _mapped(header: tuple[str, ...], chosen: tuple[tuple[str, str], ...]) -> dict[str, list[int]]:
    positions: dict[str, list[int]] = {}
    names = [folded(name) for name in header]
    first = {name: number for number, name in reversed(list(enumerate(names)))}
    own = dict(chosen)
    for field, known in _NAMES.items():
        columns = [first[name] for name in known if name in first]
        if field == "index_keywords" and first.keys() >= _WEB_OF_SCIENCE and "id" in first:
            columns.append(first["id"])
        if field in own:
            columns = [number for number, name in enumerate(header) if name == own[field]] + columns
        if columns:
            positions[field] = list(dict.fromkeys(columns))
    return positions


def is_table(header: Sequence[str], chosen: Mapping[str, str] | None = None) -> bool:
    """Return whether a header names a title, and an abstract, a date or an identifier."""
    positions = map_columns(header, chosen)
    return "title" in positions and any(name in positions for name in ("abstract", "date", "year", "doi", "authors"))


def fields_of_row(row: Sequence[str], positions: Mapping[str, Sequence[int]]) -> Fields:
    """Return the fields of one row; of several columns for a field the first that is filled counts."""
    filled = {
        name: [_as_text(row[at]) for at in columns if at < len(row) and row[at].strip()]
        for name, columns in positions.items()
    }

    def every(name: str) -> list[str]:
        return filled.get(name, [])

    def first(name: str) -> str:
        values = filled.get(name)
        return values[0] if values else ""

    year, month, day = first("year").removesuffix(".0"), first("month").removesuffix(".0"), first("day")
    dates = [*every("date"), f"{year} {month} {day.removesuffix('.0')}".strip() if year else "", year]
    return Fields(
        title=first("title"),
        subtitle=first("subtitle"),
        abstract=first("abstract"),
        dates=dates if any(dates) else every("registered"),
        authors=names_of(first("authors")),
        editor=names_of(first("editor")),
        affiliations=split_list(first("affiliations")),
        countries=split_list(first("countries"), ";|,"),
        keywords=_words(first("keywords")),
        index_keywords=_words(first("index_keywords")),
        doi=first("doi"),
        arxiv_id=first("arxiv_id"),
        pmid=first("pmid"),
        url=first("url"),
        venue=first("venue"),
        organisation=first("organisation"),
        type=first("type"),
        language=first("language"),
        references=split_list(first("references"), ";|"),
        n_cited=first("n_cited"),
        volume=first("volume"),
        issue=first("issue"),
        pages=first("pages") or page_range(first("first_page"), first("last_page")) or first("article_number"),
        label=first("label"),
        record_id=first("record_id"),
        n_authors=first("n_authors"),
        comments=first("comments"),
        verbatim=first("written_by") == OWN_MARK,
    )


def _as_text(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from running it."""
    cell = cell.strip()
    return cell[1:] if _NEUTRALISED.match(cell) else cell


def _words(text: str) -> list[str]:
    """Return keywords from one cell: parted by semicolons, bars or commas, or a list written as text."""
    if text[:1] == "[" and text[-1:] == "]" and text[:2] != '["':
        return [part.strip(" '\"") for part in text[1:-1].split(",") if part.strip(" '\"")]
    return split_list(text, ";|,")
