"""Formats of other databases and programs: each gives both papers, whatever the file is called, and says what it is."""

import io
import json
import os
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from analysis.corpus.formats import read_file
from analysis.corpus.records import ReadFile, Reject

ENDNOTE = """%0 Journal Article
%T Bees of the meadows
%A Ode, Pat
%A Umi, Kim
%J Journal of Bees
%D 2020
%V 3
%N 2
%P 10-19
%X We look at bees.
%R 10.1234/bees
%K bees
%K meadows

%0 Journal Article
%T Wasps of the dunes
%D 2021
"""
ENDNOTE_XML = """<?xml version="1.0" encoding="UTF-8"?><xml><records><record><ref-type name="Journal Article">17</ref-type>
<contributors><authors><author><style>Ode, Pat</style></author><author><style>Umi, Kim</style></author></authors></contributors>
<titles><title><style face="normal">Bees of the </style><style face="italic">meadows</style></title>
<secondary-title>Journal of Bees</secondary-title></titles>
<dates><year><style>2020</style></year></dates><abstract><style>We look at bees.</style></abstract>
<electronic-resource-num>10.1234/bees</electronic-resource-num></record>
<record><titles><title>Wasps of the dunes</title></titles><dates><year>2021</year></dates></record></records></xml>"""
REFWORKS = """RT Journal Article
SR Electronic
A1 Ode,Pat
A1 Umi,Kim
T1 Bees of the meadows
JF Journal of Bees
YR 2020
AB We look at bees.
DO 10.1234/bees

RT Journal Article
T1 Wasps of the dunes
YR 2021
"""
OVID = """<1>
Unique Identifier
  1
Title
  Bees of the meadows
Authors
  Ode P. Umi K.
Journal Name
  Journal of Bees
Abstract
  We look
  at bees.
Year of Publication
  2020
Digital Object Identifier
  10.1234/bees

<2>
Title
  Wasps of the dunes
Year of Publication
  2021
"""
COCHRANE = """Record #1 of 2
ID: CN-1
AU: Ode P
AU: Umi K
TI: Bees of the meadows
SO: Journal of Bees
YR: 2020
AB: We look at bees.
DOI: 10.1234/bees

Record #2 of 2
ID: CN-2
TI: Wasps of the dunes
YR: 2021
"""
ERIC = """
OWN - ERIC
TI  - Bees of the meadows
AU  - Ode, Pat
AU  - Umi, Kim
JT  - Journal of Bees
DP  - 2020
AB  - We look
      at bees.
LID - 10.1234/bees

OWN - ERIC
TI  - Wasps of the dunes
DP  - 2021
"""
PUBMED_TEXT = """1. J Bees. 2020 Mar;3(2):10-9. doi: 10.1234/bees. Epub 2020 Feb 1.

Bees of the meadows.

Ode P(1), Umi K(1)(2).

Author information:
(1)Univ. of Lima, Peru.
(2)MIT, USA.

We look at bees.

Copyright © 2020 Nobody.

DOI: 10.1234/bees
PMID: 12345678

2. J Wasps. 2021 Mar;1(2):3-4.

Wasps of the dunes.

Umi K.

PMID: 12345679
"""
SCOPUS_TEXT = """Scopus
EXPORT DATE: 01 January 2022

Ode, P., Umi, K.
57200000001; 57200000002;
Bees of the meadows
(2020) Journal of Bees, 3 (2), pp. 10-19. Cited 5 times.
https://www.scopus.com/inward/record.uri?eid=1

DOI: 10.1234/bees

ABSTRACT: We look at bees.

DOCUMENT TYPE: Article
SOURCE: Scopus

Umi, K.
57200000002;
Wasps of the dunes
(2021) Wasps, 1 (1), pp. 1-2.

DOCUMENT TYPE: Article
SOURCE: Scopus
"""
DBLP = """<?xml version="1.0"?><!DOCTYPE dblp SYSTEM "dblp.dtd"><dblp><article key="a"><author>Pat Ode 0001</author>
<author>K&uuml;m Umi</author><title>Bees of the meadows</title><journal>Journal of Bees</journal><year>2020</year>
<ee>https://doi.org/10.1234/bees</ee></article><inproceedings key="b"><author>Kim Umi</author>
<title>Wasps of the dunes</title><year>2021</year></inproceedings></dblp>"""
DUBLIN_CORE = """<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>
<record><metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>Bees of the meadows</dc:title><dc:creator>Ode, Pat</dc:creator><dc:creator>Umi, Kim</dc:creator>
<dc:description>We look at bees.</dc:description><dc:date>2020</dc:date><dc:identifier>https://doi.org/10.1234/bees</dc:identifier>
<dc:source>Journal of Bees</dc:source></oai_dc:dc></metadata></record>
<record><metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>Wasps of the dunes</dc:title><dc:date>2021</dc:date></oai_dc:dc></metadata></record></ListRecords></OAI-PMH>"""
JATS = """<articles><article article-type="research-article"><front><journal-meta><journal-title-group>
<journal-title>Journal of Bees</journal-title></journal-title-group></journal-meta><article-meta>
<article-id pub-id-type="doi">10.1234/bees</article-id><title-group>
<article-title>Bees of the <italic>meadows</italic></article-title>
</title-group><contrib-group><contrib contrib-type="author"><name><surname>Ode</surname>
<given-names>Pat</given-names></name></contrib>
<contrib contrib-type="author"><name><surname>Umi</surname><given-names>Kim</given-names></name></contrib></contrib-group>
<pub-date><year>2020</year></pub-date><abstract><p>We look at bees.</p></abstract></article-meta></front></article>
<article><front><article-meta><title-group><article-title>Wasps of the dunes</article-title></title-group>
<pub-date><year>2021</year></pub-date></article-meta></front></article></articles>"""
EUROPE_PMC_XML = """<responseWrapper><resultList><result><doi>10.1234/bees</doi><title>Bees of the meadows</title>
<authorString>Ode P, Umi K.</authorString><journalInfo><journal><title>Journal of Bees</title></journal></journalInfo>
<pubYear>2020</pubYear><abstractText>We look at bees.</abstractText></result>
<result><title>Wasps of the dunes</title><pubYear>2021</pubYear></result></resultList></responseWrapper>"""
PEOPLE = [{"first_name": "Pat", "last_name": "Ode"}, {"first_name": "Kim", "last_name": "Umi"}]
BEES, WASPS, ABSTRACT, DOI, VENUE = (
    "Bees of the meadows",
    "Wasps of the dunes",
    "We look at bees.",
    "10.1234/bees",
    "Journal of Bees",
)
JSON: dict[str, object] = {
    "biorxiv": {
        "messages": [{"status": "ok"}],
        "collection": [
            {
                "doi": DOI,
                "title": BEES,
                "authors": "Ode, P.; Umi, K.",
                "date": "2020-01-02",
                "abstract": ABSTRACT,
                "server": VENUE,
            },
            {"doi": "10.1234/w", "title": WASPS, "date": "2021-01-02", "server": VENUE},
        ],
    },
    "zotero": [
        {
            "key": "A",
            "data": {
                "itemType": "journalArticle",
                "title": BEES,
                "abstractNote": ABSTRACT,
                "date": "2020",
                "DOI": DOI,
                "publicationTitle": VENUE,
                "creators": [
                    {"creatorType": "author", "firstName": one["first_name"], "lastName": one["last_name"]}
                    for one in PEOPLE
                ],
            },
        },
        {"key": "B", "data": {"itemType": "journalArticle", "title": WASPS, "date": "2021"}},
    ],
    "lens": {
        "data": [
            {
                "lens_id": "1",
                "title": BEES,
                "abstract": ABSTRACT,
                "date_published": "2020-03-04T00:00:00",
                "external_ids": [{"type": "doi", "value": DOI}],
                "authors": PEOPLE,
                "source": {"title": VENUE},
            },
            {"lens_id": "2", "title": WASPS, "year_published": 2021},
        ]
    },
    "europe_pmc": {
        "resultList": {
            "result": [
                {
                    "title": BEES,
                    "authorString": "Ode P, Umi K.",
                    "abstractText": ABSTRACT,
                    "pubYear": "2020",
                    "doi": DOI,
                    "journalTitle": VENUE,
                },
                {"title": WASPS, "pubYear": "2021", "source": "MED"},
            ]
        }
    },
    "datacite": {
        "data": [
            {
                "id": DOI,
                "attributes": {
                    "doi": DOI,
                    "titles": [{"title": BEES}],
                    "creators": [{"name": "Ode, Pat"}, {"name": "Umi, Kim"}],
                    "publicationYear": 2020,
                    "container": {"title": VENUE},
                    "descriptions": [{"descriptionType": "Abstract", "description": ABSTRACT}],
                },
            },
            {"id": "x", "attributes": {"titles": [{"title": WASPS}], "publicationYear": 2021}},
        ]
    },
    "inspire": {
        "hits": {
            "hits": [
                {
                    "metadata": {
                        "titles": [{"title": BEES}],
                        "abstracts": [{"value": ABSTRACT}],
                        "authors": [{"full_name": "Ode, Pat"}, {"full_name": "Umi, Kim"}],
                        "dois": [{"value": DOI}],
                        "preprint_date": "2020-01-02",
                        "publication_info": [{"journal_title": VENUE}],
                        "control_number": 1,
                    }
                },
                {"metadata": {"titles": [{"title": WASPS}], "earliest_date": "2021", "control_number": 2}},
            ]
        }
    },
    "hal": {
        "response": {
            "docs": [
                {
                    "title_s": [BEES],
                    "abstract_s": [ABSTRACT],
                    "authFullName_s": ["Pat Ode", "Kim Umi"],
                    "producedDate_s": "2020-03",
                    "doiId_s": DOI,
                    "journalTitle_s": VENUE,
                },
                {"title_s": [WASPS], "producedDate_s": "2021"},
            ]
        }
    },
    "ads": {
        "response": {
            "docs": [
                {
                    "bibcode": "x",
                    "title": [BEES],
                    "abstract": ABSTRACT,
                    "author": ["Ode, P.", "Umi, K."],
                    "pubdate": "2020-03-00",
                    "doi": [DOI],
                    "pub": VENUE,
                },
                {"bibcode": "y", "title": [WASPS], "year": "2021"},
            ]
        }
    },
    "openreview": {
        "notes": [
            {
                "forum": "a",
                "content": {
                    "title": {"value": BEES},
                    "abstract": {"value": ABSTRACT},
                    "authors": {"value": ["Pat Ode", "Kim Umi"]},
                    "venue": {"value": VENUE},
                    "year": "2020",
                    "html": f"https://doi.org/{DOI}",
                },
            },
            {"forum": "b", "content": {"title": WASPS, "year": "2021"}},
        ]
    },
    "dblp": {
        "result": {
            "hits": {
                "hit": [
                    {
                        "info": {
                            "title": BEES,
                            "venue": VENUE,
                            "year": "2020",
                            "key": "a",
                            "doi": DOI,
                            "authors": {"author": [{"text": "Pat Ode"}, {"text": "Kim Umi"}]},
                        }
                    },
                    {"info": {"title": WASPS, "venue": "W", "year": "2021", "key": "b"}},
                ]
            }
        }
    },
}
TEXTS = {
    "endnote": ENDNOTE,
    "endnote_xml": ENDNOTE_XML,
    "refworks": REFWORKS,
    "ovid": OVID,
    "cochrane": COCHRANE,
    "medline": ERIC,
    "pubmed_text": PUBMED_TEXT,
    "scopus_text": SCOPUS_TEXT,
    "dblp xml": DBLP,
    "dublin_core": DUBLIN_CORE,
    "jats": JATS,
    "europe_pmc xml": EUROPE_PMC_XML,
} | {f"{name} json": json.dumps(content) for name, content in JSON.items()}


def read(folder: Path, content: bytes, name: str = "no_telling_name") -> ReadFile:
    path = folder / name
    path.write_bytes(content)
    found = read_file(path, name)
    assert isinstance(found, ReadFile), found
    return found


@pytest.mark.parametrize("name", list(TEXTS))
def test_both_papers_are_read(name: str, tmp_path: Path) -> None:
    found = read(tmp_path, TEXTS[name].encode())
    assert found.source.format == name.split()[0]
    assert found.rejects == []
    bees, wasps = found.records
    assert (bees.title, wasps.title) == (BEES, WASPS)
    assert [record.published and record.published.date.year for record in found.records] == [2020, 2021]
    assert bees.n_authors == 2
    assert bees.doi == DOI
    if "dblp" not in name:
        assert bees.abstract == ABSTRACT
    assert bees.venue is not None
    assert bees.venue.startswith("J") or name == "biorxiv json"


def test_a_workbook_is_read_below_a_line_of_text_and_on_every_sheet(tmp_path: Path) -> None:
    rows = [["About the data: exported", None, None], ["Title", "Abstract", "PubYear"], [BEES, ABSTRACT, 2020]]
    target = io.BytesIO()
    with pd.ExcelWriter(target, engine="openpyxl") as writer:
        pd.DataFrame([["nothing"]]).to_excel(writer, sheet_name="notes", index=False, header=False)
        pd.DataFrame(rows).to_excel(writer, sheet_name="one", index=False, header=False)
        pd.DataFrame({"Title": [WASPS], "Year": [2021]}).to_excel(writer, sheet_name="two", index=False)
    found = read(tmp_path, target.getvalue(), "a.xlsx")
    assert [(record.title, record.ordinal) for record in found.records] == [(BEES, 1), (WASPS, 2)]
    assert found.records[0].line_start == 3


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("<html><body>Please log in</body></html>", "a web page"),
        (
            '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>News</title></entry></feed>',
            "an Atom feed that is not arXiv's",
        ),
        ("<rss><channel/></rss>", "an RSS feed"),
        ("<music><song/></music>", "XML whose root is <music>"),
    ],
)
def test_a_message_names_what_a_file_is(content: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(content)
    found = read_file(tmp_path / "a.xml", "a.xml")
    assert isinstance(found, Reject)
    assert told in found.reason


def test_what_records_say_is_kept(tmp_path: Path) -> None:
    text = (
        "FN Clarivate\nVR 1.0\nPT J\nAU Ode, P\nTI Bees of the meadows\nSO J BEES\nLA Spanish\nDT Review\n"
        "DE bees; meadows\nID APIS\n"
        "C1 [Ode, P] Univ Lima, Lima, Peru.\n   [Umi, K] MIT, Cambridge, MA 02139 USA.\n"
        "CR Umi K, 2010, J WASPS, V1, P2, DOI 10.1234/w\n"
        "TC 7\nPY 2020\nVL 3\nIS 2\nBP 10\nEP 19\nER\n\nEF\n"
    )
    [record] = read(tmp_path, text.encode()).records
    assert (record.type, record.language, record.n_cited) == ("review", "es", 7)
    assert record.countries == ("PE", "US")
    assert record.keywords == ("bees", "meadows")
    assert record.index_keywords == ("APIS",)
    assert record.references == ("10.1234/w",)
    assert (record.volume, record.issue, record.pages) == ("3", "2", "10-19")


def test_a_screeners_labels_are_kept(tmp_path: Path) -> None:
    table = read(tmp_path, b"title,abstract,asreview_label\nBees,We look.,1\nWasps,We see.,0\n").records
    assert [record.label for record in table] == ["1", "0"]
    ris = "".join(
        f"TY  - JOUR\nTI  - {title}\nN1  - ASReview_{label}\nER  - \n\n"
        for title, label in (("A", "relevant"), ("B", "irrelevant"))
    )
    assert [record.label for record in read(tmp_path, ris.encode()).records] == ["relevant", "irrelevant"]


def test_an_archive_of_exports_is_read_member_by_member(tmp_path: Path) -> None:
    from analysis import load_corpus

    with zipfile.ZipFile(tmp_path / "exports.zip", "w") as archive:
        archive.writestr("a.enw", ENDNOTE)
        archive.writestr("__MACOSX/._a.enw", b"\x00\x05\x16\x07")
        archive.writestr("more/b.txt", COCHRANE)
    corpus = load_corpus(tmp_path)
    assert corpus.occurrences["file"].drop_duplicates().tolist() == ["exports.zip/a.enw", "exports.zip/more/b.txt"]
    assert len(corpus) == 2


def test_half_characters_in_any_field_can_be_written(tmp_path: Path) -> None:
    named = {
        field: f"10.1234/a\ud800b {field} \udc00"
        for field in ("title", "abstract", "doi", "url", "journal", "language")
    }
    named |= {
        field: f"x\ud800 {field}"
        for field in ("keywords", "type", "volume", "issue", "pages", "label", "references", "eid")
    }
    content = json.dumps([{**named, "authors": ["A\ud800"], "affiliations": ["B\udc00, Peru"], "year": "2020 \ud800"}])
    found = read(tmp_path, content.encode())
    for value in [*vars(found.records[0]).values(), *(item.excerpt for item in found.rejects)]:
        str(value).encode("utf-8")


def test_a_name_that_is_not_utf_8_is_a_name(tmp_path: Path) -> None:
    from analysis.study.face import Study

    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    (tmp_path / "study.toml").write_text('title = "x"\n')
    Path(os.fsdecode(os.fsencode(raw) + b"/caf\xe9.enw")).write_text(ENDNOTE)
    study = Study.open(tmp_path)
    study.run(["corpus"])
    assert set(study.corpus.occurrences["file"]) == {"caf\ufffd.enw"}
