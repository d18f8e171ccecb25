"""One small file a format, written by hand: two papers, the second without abstract and known to the year."""

import gzip
import io
import json
import lzma
from typing import Literal

import pandas as pd

FIRST = {
    "title": "Tracking glaciers from orbit",
    "abstract": "We follow ice fronts over ten years. They retreat.",
    "date": "2021-03-05",
    "doi": "10.1234/ice.2021.7",
    "authors": ["Anna Berg", "Li Wei"],
    "venue": "Journal of Cold Places",
}
SECOND = {"title": "A note on snow", "date": "2019", "authors": ["Jón Pálsson"], "venue": "Letters on Weather"}

RIS = (
    "TY  - JOUR\r\nTI  - Tracking glaciers from orbit\r\nAU  - Berg, Anna\r\nAU  - Wei, Li\r\n"
    "AB  - We follow ice fronts over ten years.\r\nThey retreat.\r\nPY  - 2021\r\nDA  - 2021/03/05/\r\n"
    "DO  - https://doi.org/10.1234/ICE.2021.7\r\nT2  - Journal of Cold Places\r\nER  - \r\n\r\n"
    "TY  - JOUR\r\nT1  - A note on snow\r\nA1  - Pálsson, Jón\r\nY1  - 2019///\r\nJF  - Letters on Weather\r\nER  -\r\n"
)
MEDLINE = (
    "PMID- 123456\nTI  - Tracking glaciers\n      from orbit\nAB  - We follow ice fronts over ten years. They\n      retreat.\n"
    "FAU - Berg, Anna\nAU  - Berg A\nFAU - Wei, Li\nAU  - Wei L\nDP  - 2021 Mar 5\nLID - 10.1234/ice.2021.7 [doi]\n"
    "JT  - Journal of Cold Places\n\nPMID- 123457\nTI  - A note on snow\nFAU - Pálsson, Jón\nDP  - 2019 Apr-Jun\n"
    "JT  - Letters on Weather\n"
)
WEB_OF_SCIENCE = (
    "\ufeffFN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nAU Berg, A\n   Wei, L\nAF Berg, Anna\n   Wei, Li\n"
    "TI Tracking glaciers\n   from orbit\nSO Journal of Cold Places\nAB We follow ice fronts over ten years. They retreat.\n"
    "PD MAR 5\nPY 2021\nDI 10.1234/ice.2021.7\nER\n\nPT J\nAF Pálsson, Jón\nTI A note on snow\nSO Letters on Weather\n"
    "PY 2019\nER\n\nEF\n"
)
BIBTEX = (
    "% from a manager\n@string{jcp = {Journal of Cold Places}}\n@article{berg2021,\n  title = {Tracking {Glaciers} from Orbit},\n"
    '  author = "Berg, Anna and Wei, Li",\n  abstract = {We follow ice fronts over ten years. They retreat.},\n'
    "  year = 2021, month = mar, day = {5},\n  journal = jcp,\n  doi = {10.1234/ice.2021.7}\n}\n\n"
    "@misc{snow,\n  title = {A note on snow},\n  author = {P{\\'a}lsson, J{\\'o}n},\n  year = {2019},\n"
    "  journal = {Letters on Weather}\n}\n"
)
SCOPUS = (
    '\ufeffAuthors,Title,Year,Source title,DOI,Abstract\n"Berg A., Wei L.",Tracking glaciers from orbit,2021,'
    'Journal of Cold Places,10.1234/ice.2021.7,"We follow ice fronts over ten years. They retreat."\n'
    '"Pálsson J.",A note on snow,2019,Letters on Weather,,[No abstract available]\n'
)
TABS = (
    "Article Title\tAuthors\tPublication Year\tDOI\tAbstract\tSource Title\n"
    "Tracking glaciers from orbit\tBerg, Anna; Wei, Li\t2021\t10.1234/ice.2021.7\t"
    "We follow ice fronts over ten years. They retreat.\tJournal of Cold Places\n"
    "A note on snow\tPálsson, Jón\t2019\t\t\tLetters on Weather\n"
)
OPENALEX = json.dumps(
    {
        "meta": {"count": 2},
        "results": [
            {
                "id": "https://openalex.org/W1",
                "display_name": "Tracking glaciers from orbit",
                "publication_date": "2021-03-05",
                "publication_year": 2021,
                "doi": "https://doi.org/10.1234/ice.2021.7",
                "authorships": [{"author": {"display_name": "Anna Berg"}}, {"author": {"display_name": "Li Wei"}}],
                "abstract_inverted_index": {
                    "We": [0],
                    "follow": [1],
                    "ice": [2],
                    "fronts": [3],
                    "over": [4],
                    "ten": [5],
                    "years.": [6],
                    "They": [7],
                    "retreat.": [8],
                },
                "primary_location": {"source": {"display_name": "Journal of Cold Places"}, "landing_page_url": None},
            },
            {
                "id": "https://openalex.org/W2",
                "title": "A note on snow",
                "publication_year": 2019,
                "abstract_inverted_index": None,
                "authorships": [{"author": {"display_name": "Jón Pálsson"}}],
                "primary_location": {"source": {"display_name": "Letters on Weather"}},
            },
        ],
    }
)
ARXIV = "\n".join(
    json.dumps(item)
    for item in (
        {
            "id": "2103.01234",
            "title": "Tracking glaciers\n  from orbit",
            "doi": "10.1234/ice.2021.7",
            "abstract": "  We follow ice fronts over ten years. They\nretreat.\n",
            "journal-ref": "Journal of Cold Places",
            "authors_parsed": [["Berg", "Anna", ""], ["Wei", "Li", ""]],
            "versions": [
                {"version": "v1", "created": "Fri, 5 Mar 2021 10:00:00 GMT"},
                {"version": "v2", "created": "2022"},
            ],
        },
        {
            "id": "1901.00001",
            "title": "A note on snow",
            "abstract": "",
            "authors_parsed": [["Pálsson", "Jón", ""]],
            "versions": [{"created": "2019"}],
            "journal-ref": "Letters on Weather",
        },
    )
)
DAILY_PAPERS_API = json.dumps(
    [
        {
            "paper": {
                "id": "2503.0213",
                "title": "Tracking glaciers from orbit",
                "publishedAt": "2021-03-05T00:00:00.000Z",
                "summary": "We follow ice fronts over ten years. They retreat.",
                "upvotes": 7,
                "authors": [{"name": "Anna Berg"}, {"name": "Li Wei"}],
            },
            "numComments": 3,
            "organization": {"name": "ice", "fullname": "Ice Lab"},
        },
        {"paper": {"id": "2503.02130", "title": "A note on snow", "summary": "", "publishedAt": "2019", "upvotes": 0}},
    ]
)
SEMANTIC_SCHOLAR = json.dumps(
    {
        "data": [
            {
                "paperId": "a1",
                "title": "Tracking glaciers from orbit",
                "venue": "Journal of Cold Places",
                "year": 2021,
                "abstract": "We follow ice fronts over ten years. They retreat.",
                "publicationDate": "2021-03-05",
                "authors": [{"name": "Anna Berg"}, {"name": "Li Wei"}],
                "externalIds": {"DOI": "10.1234/ice.2021.7"},
            },
            {
                "paperId": "a2",
                "title": "A note on snow",
                "abstract": None,
                "year": 2019,
                "venue": "Letters on Weather",
                "authors": [{"name": "Jón Pálsson"}],
            },
        ]
    }
)
CSL = json.dumps(
    [
        {
            "id": "berg",
            "type": "article-journal",
            "title": "Tracking glaciers from orbit",
            "DOI": "10.1234/ice.2021.7",
            "abstract": "<jats:p>We follow ice fronts over ten years. They retreat.</jats:p>",
            "issued": {"date-parts": [[2021, 3, 5]]},
            "author": [{"given": "Anna", "family": "Berg"}, {"given": "Li", "family": "Wei"}],
            "container-title": "Journal of Cold Places",
        },
        {
            "id": "snow",
            "title": ["A note on snow"],
            "issued": {"date-parts": [["2019"]]},
            "container-title": ["Letters on Weather"],
            "author": [{"literal": "Jón Pálsson"}],
        },
    ]
)
JSON_TABLE = "\n".join(json.dumps({"headline": "x", **paper}) for paper in (FIRST, SECOND))
PUBMED_XML = """<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed.dtd">
<PubmedArticleSet>
<PubmedArticle><MedlineCitation><PMID Version="1">123456</PMID><Article><Journal><JournalIssue><PubDate><Year>2021</Year>
<Month>Mar</Month><Day>05</Day></PubDate></JournalIssue><Title>Journal of Cold Places</Title></Journal>
<ArticleTitle>Tracking <i>glaciers</i> from orbit</ArticleTitle><ELocationID EIdType="doi">10.1234/ice.2021.7</ELocationID>
<Abstract><AbstractText>We follow ice fronts over ten years.</AbstractText><AbstractText>They retreat.</AbstractText></Abstract>
<AuthorList><Author><LastName>Berg</LastName><ForeName>Anna</ForeName></Author><Author><LastName>Wei</LastName>
<ForeName>Li</ForeName></Author></AuthorList></Article></MedlineCitation></PubmedArticle>
<PubmedArticle><MedlineCitation><PMID>123457</PMID><Article><Journal><JournalIssue><PubDate><MedlineDate>2019 Spring</MedlineDate>
</PubDate></JournalIssue><Title>Letters on Weather</Title></Journal><ArticleTitle>A note on snow</ArticleTitle>
<AuthorList><Author><LastName>Pálsson</LastName><ForeName>Jón</ForeName></Author></AuthorList></Article></MedlineCitation>
</PubmedArticle></PubmedArticleSet>
"""
ARXIV_ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"><title>ArXiv Query</title>
<entry><id>http://arxiv.org/abs/2103.01234v2</id><published>2021-03-05T10:00:00Z</published>
<title>Tracking glaciers
  from orbit</title><summary>We follow ice fronts over ten years. They retreat.</summary><author><name>Anna Berg</name></author>
<author><name>Li Wei</name></author><arxiv:doi>10.1234/ice.2021.7</arxiv:doi>
<arxiv:journal_ref>Journal of Cold Places</arxiv:journal_ref></entry>
<entry><id>http://arxiv.org/abs/1901.00001v1</id><published>2019</published><title>A note on snow</title><summary></summary>
<author><name>Jón Pálsson</name></author><arxiv:journal_ref>Letters on Weather</arxiv:journal_ref></entry></feed>
"""
ACL_XML = """<?xml version='1.0' encoding='UTF-8'?>
<collection id="2021.ice"><volume id="1"><meta>
<booktitle>Journal of Cold Places</booktitle><month>March</month><year>2021</year></meta>
<paper id="1"><title>Tracking <fixed-case>g</fixed-case>laciers from orbit</title>
<author><first>Anna</first><last>Berg</last></author>
<author><first>Li</first><last>Wei</last></author><abstract>We follow ice fronts over ten years. They retreat.</abstract>
<doi>10.1234/ice.2021.7</doi><url>2021.ice-1.1</url></paper></volume>
<volume id="2"><meta><booktitle>Letters on Weather</booktitle><year>2019</year></meta><paper id="1"><title>A note on snow</title>
<author><first>Jón</first><last>Pálsson</last></author></paper></volume></collection>
"""


def _workbook(engine: Literal["openpyxl", "odf"]) -> bytes:
    target = io.BytesIO()
    rows = [{**paper, "authors": "; ".join(paper["authors"])} for paper in (FIRST, SECOND)]
    pd.DataFrame(rows).to_excel(target, index=False, engine=engine)
    return target.getvalue()


def _parquet() -> bytes:
    target = io.BytesIO()
    pd.DataFrame([FIRST, SECOND]).to_parquet(target)
    return target.getvalue()


# name of a file: its content, and the format it is to be read as
SAMPLES: dict[str, tuple[bytes, str]] = {
    "manager.ris": (RIS.encode(), "ris"),
    "pubmed.nbib": (MEDLINE.encode(), "medline"),
    "savedrecs.txt": (WEB_OF_SCIENCE.encode(), "web_of_science"),
    "library.bib": (BIBTEX.encode(), "bibtex"),
    "scopus.csv": (SCOPUS.encode(), "table"),
    "savedrecs.tsv": (TABS.encode(), "table"),
    "works.json": (OPENALEX.encode(), "openalex"),
    "snapshot.jsonl": (ARXIV.encode(), "arxiv"),
    "daily.json": (DAILY_PAPERS_API.encode(), "daily_papers_api"),
    "scholar.json": (SEMANTIC_SCHOLAR.encode(), "semantic_scholar"),
    "csl.json": (CSL.encode(), "csl_json"),
    "any.jsonl": (JSON_TABLE.encode(), "json_table"),
    "efetch.xml": (PUBMED_XML.encode(), "pubmed_xml"),
    "query.atom": (ARXIV_ATOM.encode(), "arxiv_atom"),
    "anthology.xml": (ACL_XML.encode(), "acl_anthology"),
    "sheet.xlsx": (_workbook("openpyxl"), "xlsx"),
    "sheet.ods": (_workbook("odf"), "ods"),
    "table.parquet": (_parquet(), "parquet"),
    "manager.ris.gz": (gzip.compress(RIS.encode()), "ris"),
    "library.bib.xz": (lzma.compress(BIBTEX.encode()), "bibtex"),
    "windows.ris": (RIS.encode("cp1252"), "ris"),
    "utf16.csv": (SCOPUS.removeprefix("\ufeff").encode("utf-16"), "table"),
}
