"""JSON of services whose objects differ in names alone: under which paths each keeps title, dates, names and identifiers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.corpus.fields import Fields
from analysis.corpus.names import name_of, names_of

# members of an object that holds a text beside its language or type, and of a link or identifier
_TEXTS = ("value", "title", "text", "content", "#text", "$", "name", "display_name", "description", "id")


@dataclass(frozen=True)
class Layout:
    """How a service builds its objects.

    Attributes
    ----------
    FORMAT : str
        As it stands in `Corpus.pages`; modules of readers call theirs so, too.
    marks : tuple of frozenset of str
        An object that has all members of one of these is the service's.
    paths : mapping of field to tuple of str
        Where a field stands, in the order of trust: "journal.title", and "ids[type=doi].value" of a list's objects.
    """

    FORMAT: str
    marks: tuple[frozenset[str], ...]
    paths: Mapping[str, tuple[str, ...]]

    def recognises(self, item: dict[str, Any]) -> bool:
        """Return whether an object is built so."""
        return any(marks <= item.keys() for marks in self.marks) and bool(self.every(item, "title"))

    def fields(self, item: dict[str, Any]) -> Fields:
        """Return an object's fields."""

        def first(name: str) -> str:
            return next(iter(self.every(item, name)), "")

        return Fields(
            title=first("title"),
            subtitle=first("subtitle"),
            abstract=first("abstract"),
            dates=self.every(item, "dates", all_paths=True),
            authors=self.names(item, "authors"),
            editor=self.names(item, "editor"),
            affiliations=list(dict.fromkeys(self.every(item, "affiliations"))),
            countries=self.every(item, "countries"),
            keywords=self.every(item, "keywords"),
            index_keywords=self.every(item, "index_keywords"),
            doi=first("doi"),
            arxiv_id=first("arxiv_id"),
            pmid=first("pmid"),
            url=first("url"),
            venue=first("venue"),
            type="; ".join(self.every(item, "type")),
            language=first("language"),
            references=self.every(item, "references"),
            n_cited=first("n_cited"),
            volume=first("volume"),
            issue=first("issue"),
            pages=first("pages"),
            record_id=first("record_id"),
        )

    def every(self, item: Any, name: str, *, all_paths: bool = False) -> list[str]:
        """Return a field's texts from the first path that has any, or from all."""
        found: list[str] = []
        for path in self.paths.get(name, ()):
            found += [text for value in picked(item, path) for text in texts_of(value)]
            if found and not all_paths:
                break
        return found

    def names(self, item: Any, name: str) -> list[str]:
        """Return names, whether they stand as texts, as objects, or in one text together."""
        for path in self.paths.get(name, ()):
            values = picked(item, path)
            if len(values) == 1 and isinstance(values[0], str):
                return names_of(values[0])
            found = [name_of(value) for value in values]
            if any(found):
                return found
        return []


def picked(item: Any, path: str) -> list[Any]:
    """Return what stands under a path, the elements of lists one by one; "a[b=c]" takes objects whose member b is c."""
    values = [item]
    for step in path.split("."):
        key, _, condition = step.partition("[")
        inner: list[Any] = []
        for value in values:
            found = value.get(key) if isinstance(value, dict) else None
            inner += found if isinstance(found, list) else [] if found is None else [found]
        if condition:
            member, _, wanted = condition.rstrip("]").partition("=")
            inner = [
                one for one in inner if isinstance(one, dict) and str(one.get(member, "")).lower() == wanted.lower()
            ]
        values = inner
    return values


def texts_of(value: Any) -> list[str]:
    """Return the texts of a value: a text, a number, a list's, or the one that an object holds beside its type."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, int | float):
        return [str(value)]
    if isinstance(value, list):
        return [text for one in value for text in texts_of(one)]
    if isinstance(value, dict):
        inner = next((value[name] for name in _TEXTS if isinstance(value.get(name), str | int | list)), None)
        return texts_of(inner)
    return []


def _layout(name: str, marks: str, **paths: str) -> Layout:
    """Build a layout from words: marks are parted by bars, paths by spaces."""
    return Layout(
        name,
        tuple(frozenset(group.split()) for group in marks.split("|")),
        {field: tuple(listed.split()) for field, listed in paths.items()},
    )


LAYOUTS: tuple[Layout, ...] = (
    _layout(
        "zotero",
        "itemType title",
        title="title",
        abstract="abstractNote",
        dates="date",
        authors="creators[creatorType=author] creators",
        editor="creators[creatorType=editor]",
        keywords="tags.tag",
        doi="DOI",
        arxiv_id="archiveID",
        url="url",
        venue="publicationTitle proceedingsTitle bookTitle repository",
        type="itemType",
        language="language",
        volume="volume",
        issue="issue",
        pages="pages",
    ),
    _layout(
        "lens",
        "lens_id title",
        record_id="lens_id",
        title="title",
        abstract="abstract",
        dates="date_published year_published",
        authors="authors",
        affiliations="authors.affiliations.name",
        countries="authors.affiliations.country_code",
        keywords="keywords",
        index_keywords="mesh_terms.mesh_heading fields_of_study",
        doi="external_ids[type=doi].value",
        pmid="external_ids[type=pmid].value",
        url="source_urls.url",
        venue="source.title",
        type="publication_type",
        language="languages",
        references="references.lens_id",
        n_cited="scholarly_citations_count",
        volume="volume",
        issue="issue",
        pages="start_page",
    ),
    _layout(
        "biorxiv",
        "server doi title|rel_title rel_doi",
        title="title rel_title",
        abstract="abstract rel_abs",
        dates="date rel_date",
        authors="authors rel_authors",
        affiliations="author_corresponding_institution",
        index_keywords="category",
        doi="doi rel_doi",
        venue="server rel_site",
        type="type",
    ),
    _layout(
        "europe_pmc",
        "authorString title|abstractText title|pubYear title source",
        title="title",
        abstract="abstractText",
        dates="firstPublicationDate pubYear journalInfo.printPublicationDate",
        authors="authorList.author authorString",
        affiliations="authorList.author.authorAffiliationDetailsList.authorAffiliation.affiliation affiliation",
        keywords="keywordList.keyword",
        index_keywords="meshHeadingList.meshHeading.descriptorName",
        doi="doi",
        pmid="pmid",
        venue="journalInfo.journal.title journalTitle",
        type="pubTypeList.pubType pubType",
        language="language",
        n_cited="citedByCount",
        volume="journalInfo.volume journalVolume",
        issue="journalInfo.issue issue",
        pages="pageInfo",
    ),
    _layout(
        "datacite",
        "titles creators|titles publicationYear",
        title="titles.title",
        abstract="descriptions[descriptionType=Abstract].description",
        dates="dates[dateType=Issued].date publicationYear",
        authors="creators",
        affiliations="creators.affiliation",
        keywords="subjects.subject",
        doi="doi",
        url="url",
        venue="container.title publisher",
        type="types.resourceTypeGeneral types.ris",
        language="language",
        references="relatedIdentifiers[relationType=References].relatedIdentifier",
        n_cited="citationCount",
        volume="container.volume",
        issue="container.issue",
        pages="container.firstPage",
    ),
    _layout(
        "inspire",
        "titles abstracts|titles arxiv_eprints|titles control_number",
        title="titles.title",
        subtitle="titles.subtitle",
        abstract="abstracts.value",
        dates="preprint_date earliest_date publication_info.year imprints.date",
        authors="authors",
        affiliations="authors.affiliations.value",
        keywords="keywords.value",
        doi="dois.value",
        arxiv_id="arxiv_eprints.value",
        venue="publication_info.journal_title",
        type="document_type",
        references="references.reference.dois",
        n_cited="citation_count",
        volume="publication_info.journal_volume",
        pages="publication_info.page_start publication_info.artid",
    ),
    _layout(
        "hal",
        "title_s",
        title="title_s",
        subtitle="subTitle_s",
        abstract="abstract_s",
        dates="producedDate_s publicationDate_s producedDateY_i",
        authors="authFullName_s",
        affiliations="structName_s",
        countries="structCountry_s",
        keywords="keyword_s",
        doi="doiId_s",
        arxiv_id="arxivId_s",
        pmid="pubmedId_s",
        url="uri_s",
        venue="journalTitle_s conferenceTitle_s bookTitle_s",
        type="docType_s",
        language="language_s",
        volume="volume_s",
        issue="issue_s",
        pages="page_s",
    ),
    _layout(
        "ads",
        "bibcode title",
        record_id="bibcode",
        title="title",
        abstract="abstract",
        dates="pubdate date year",
        authors="author",
        affiliations="aff",
        keywords="keyword",
        doi="doi",
        arxiv_id="eprintid arxiv_id",
        venue="pub bibstem",
        type="doctype",
        references="reference",
        n_cited="citation_count",
        volume="volume",
        issue="issue",
        pages="page_range page",
    ),
    _layout(
        "openreview",
        "forum content",
        title="content.title.value content.title",
        abstract="content.abstract.value content.abstract",
        dates="content.date content.year",
        authors="content.authors.value content.authors",
        keywords="content.keywords.value content.keywords",
        venue="content.venue.value content.venue",
        url="content.html content.pdf.value",
    ),
    _layout(
        "dblp",
        "title venue key|title ee key|title key authors",
        record_id="key",
        title="title",
        dates="year",
        authors="authors.author",
        doi="doi",
        url="ee",
        venue="venue",
        type="type",
        volume="volume",
        issue="number",
        pages="pages",
    ),
    _layout(
        "scopus_api",
        "dc:title",
        title="dc:title",
        abstract="dc:description",
        dates="prism:coverDate prism:coverDisplayDate",
        authors="author dc:creator",
        affiliations="affiliation.affilname",
        countries="affiliation.affiliation-country",
        keywords="authkeywords",
        doi="prism:doi",
        pmid="pubmed-id",
        url="prism:url",
        venue="prism:publicationName",
        type="subtypeDescription prism:aggregationType",
        n_cited="citedby-count",
        volume="prism:volume",
        issue="prism:issueIdentifier",
        pages="prism:pageRange article-number",
    ),
    _layout(
        "ieee_api",
        "article_title|title publication_title article_number",
        title="title article_title",
        abstract="abstract",
        dates="publication_date publication_year",
        authors="authors.authors",
        affiliations="authors.authors.affiliation",
        keywords="index_terms.author_terms.terms",
        index_keywords="index_terms.ieee_terms.terms",
        doi="doi",
        url="html_url",
        venue="publication_title",
        type="content_type",
        n_cited="citing_paper_count",
        volume="volume",
        issue="issue",
        pages="start_page",
    ),
    _layout(
        "springer_api",
        "publicationName creators title",
        title="title",
        abstract="abstract.p abstract",
        dates="onlineDate publicationDate",
        authors="creators.creator",
        doi="doi identifier",
        url="url.value",
        venue="publicationName",
        type="contentType",
        language="language",
        keywords="keyword",
        volume="volume",
        issue="number",
        pages="startingPage",
    ),
    _layout(
        "doaj",
        "title identifier journal|title identifier author",
        title="title",
        abstract="abstract",
        dates="year",
        authors="author",
        affiliations="author.affiliation",
        keywords="keywords",
        doi="identifier[type=doi].id",
        url="link.url",
        venue="journal.title",
        language="journal.language",
        volume="journal.volume",
        issue="journal.number",
        pages="start_page",
    ),
    _layout(
        "dimensions",
        "title researchers|title pub_year|title times_cited journal|title date_online",
        title="title",
        abstract="abstract",
        dates="date pub_year year",
        authors="authors researchers",
        countries="research_org_countries.id research_org_country_names",
        index_keywords="concepts mesh_terms",
        doi="doi",
        arxiv_id="arxiv_id",
        pmid="pmid",
        venue="journal.title source_title.title",
        type="type",
        references="reference_ids",
        n_cited="times_cited",
        volume="volume",
        issue="issue",
        pages="pages",
    ),
    _layout(
        "core",
        "yearPublished title|publishedDate title authors",
        title="title",
        abstract="abstract",
        dates="publishedDate yearPublished",
        authors="authors",
        doi="doi",
        arxiv_id="arxivId",
        pmid="pubmedId",
        url="downloadUrl",
        venue="journals.title publisher",
        type="documentType",
        language="language.code language",
        n_cited="citationCount",
    ),
)
