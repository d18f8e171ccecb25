"""Every format that a survey author has: read whole, read damaged, never in silence."""

import gzip
import json
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.corpus.fields import Fields, Location, to_record
from analysis.corpus.formats import read_file, unpacked
from analysis.corpus.identifiers import normal_arxiv, normal_doi, normal_pmid
from analysis.corpus.records import ReadFile, Record, Reject, Source
from analysis.corpus.text import is_abstract, title_key
from tests.corpus.readers.samples import BIBTEX, FIRST, MEDLINE, PUBMED_XML, RIS, SAMPLES, SCOPUS, WEB_OF_SCIENCE


def read(folder: Path, content: bytes, name: str = "export") -> ReadFile:
    path = folder / name
    path.write_bytes(content)
    found = read_file(path, name)
    return found if isinstance(found, ReadFile) else ReadFile(Source(name, format="unknown"), [], [found])


@pytest.mark.parametrize("name", list(SAMPLES))
def test_every_format_gives_its_papers_whatever_its_name(name: str, tmp_path: Path) -> None:
    content, expected = SAMPLES[name]
    found = read(tmp_path, content, "no_telling_name")
    assert found.source.format == expected
    assert found.rejects == []
    first, second = found.records
    assert title_key(first.title) == title_key(str(FIRST["title"]))
    assert first.abstract == FIRST["abstract"]
    assert first.published is not None
    assert first.published.date.year == 2021
    assert first.n_authors == 2
    assert "Berg" in first.authors[0]
    assert second.title == "A note on snow"
    assert not is_abstract(second.abstract)
    assert second.published is not None
    assert (second.published.date.year, second.published.precision) == (2019, "year")
    if expected not in ("arxiv", "arxiv_atom", "daily_papers_api"):
        assert second.arxiv_id is None
    if expected != "daily_papers_api":
        assert first.doi == FIRST["doi"]
        assert first.venue == FIRST["venue"]
        assert second.authors is not None
        assert "son" in second.authors[0]


@pytest.mark.parametrize(
    ("name", "precision"),
    [
        ("manager.ris", "day"),
        ("pubmed.nbib", "day"),
        ("savedrecs.txt", "day"),
        ("library.bib", "day"),
        ("scopus.csv", "year"),
        ("works.json", "day"),
        ("snapshot.jsonl", "day"),
        ("efetch.xml", "day"),
        ("anthology.xml", "month"),
        ("csl.json", "day"),
    ],
)
def test_dates_keep_the_precision_that_the_file_gives(name: str, precision: str, tmp_path: Path) -> None:
    found = read(tmp_path, SAMPLES[name][0])
    assert found.records[0].published.precision == precision
    if precision == "day":
        assert str(found.records[0].published.date.date()) == "2021-03-05"


@pytest.mark.parametrize(
    ("name", "lines"), [("manager.ris", [(1, 11), (13, 18)]), ("pubmed.nbib", [(1, 12), (14, 18)])]
)
def test_lines_are_those_of_the_file(name: str, lines: list[tuple[int, int]], tmp_path: Path) -> None:
    found = read(tmp_path, SAMPLES[name][0])
    assert [(record.line_start, record.line_end) for record in found.records] == lines


def test_ids_of_daily_papers_are_text(tmp_path: Path) -> None:
    found = read(tmp_path, SAMPLES["daily.json"][0])
    assert [record.arxiv_id for record in found.records] == ["2503.0213", "2503.02130"]
    assert found.records[0].organisation == "Ice Lab"
    assert found.records[0].comments == 3


def test_repeated_keys_lose_no_entry(tmp_path: Path) -> None:
    found = read(tmp_path, (BIBTEX + BIBTEX.replace("snow}", "snow, again}")).encode())
    assert len(found.records) == 4
    assert found.rejects == []


def test_papers_take_what_they_leave_out_from_the_volume_that_they_name(tmp_path: Path) -> None:
    volume = (
        "@proceedings{v, booktitle = {All of it}, year = {2020}}\n"
        "@inproceedings{p, title = {One paper of it}, crossref = {V}}\n@misc{q, title = {No paper of it}}\n"
    )
    found = read(tmp_path, volume.encode())
    assert [(record.title, record.published and record.published.date.year) for record in found.records] == [
        ("All of it", 2020),
        ("One paper of it", 2020),
        ("No paper of it", None),
    ]
    assert found.records[1].venue == "All of it"


@pytest.mark.parametrize(
    ("content", "scope", "reason"),
    [
        (RIS.replace("TI  - Tracking glaciers from orbit\r\n", ""), "record", "a record without a title"),
        (RIS.replace("ER  - \r\n\r\nTY", "TY"), "damage", "without its last line"),
        (RIS.rsplit("ER", 1)[0], "damage", "the file may be cut"),
        (RIS.replace("2021/03/05/", "2021/13/05/").replace("PY  - 2021\r\n", ""), "date", "not a day of the calendar"),
        ("stray words\n" + RIS, "damage", "outside of any record"),
        (WEB_OF_SCIENCE.replace("\nEF\n", "\n"), "damage", "records may be missing"),
        (MEDLINE.replace("TI  - A note on snow\n", ""), "record", "a record without a title"),
        (BIBTEX + "@article{open, title = {never closed\n", "damage", "without its last brace"),
        (SCOPUS + "Extra,Title,2020,V,,A,more,cells\n", "damage", "more cells than the header of 6"),
        (json.dumps([{"paperId": "1", "title": "x"}, {"no": "title"}]), "record", "without a title"),
        ('{"title": "a", "year": 2020}\n{"title": broken\n{"title": "b", "year": 2021}\n', "record", "no JSON"),
        (PUBMED_XML.replace("</PubmedArticleSet>", ""), "damage", "damaged XML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_the_rest_is_read(
    content: str, scope: str, reason: str, tmp_path: Path
) -> None:
    found = read(tmp_path, content.encode())
    assert any(reject.scope == scope and reason in reject.reason for reject in found.rejects), found.rejects
    assert all(reject.line >= 1 for reject in found.rejects)
    assert len(found.records) >= 1


def test_a_damaged_record_among_sound_ones_is_the_only_one_lost(tmp_path: Path) -> None:
    found = read(tmp_path, PUBMED_XML.replace("<ArticleTitle>A note", "<ArticleTitle><b>A note").encode())
    assert [record.title for record in found.records] == ["Tracking glaciers from orbit"]
    assert {reject.scope for reject in found.rejects} == {"record", "damage"}


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><PubmedArticleSet><PubmedArticle>&c;</PubmedArticle></PubmedArticleSet>'
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><PubmedArticleSet><PubmedArticle>'
    "<MedlineCitation><Article><ArticleTitle>&a;</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
)


@pytest.mark.parametrize("text", [BOMB, OUTSIDE])
def test_entities_are_refused(text: str, tmp_path: Path) -> None:
    found = read(tmp_path, text.encode())
    assert found.records == []
    assert "declares entities or outside sources" in found.rejects[0].reason


def test_what_unpacks_to_too_much_is_refused() -> None:
    packed = gzip.compress(b"\0" * 5_000_000)
    assert len(unpacked(packed)) == 5_000_000
    with pytest.raises(ValueError, match="unpacks to more than"):
        unpacked(packed, largest=1_000_000)


@pytest.mark.parametrize("name", ["manager.ris.gz", "library.bib.xz", "sheet.xlsx", "sheet.ods", "table.parquet"])
def test_a_cut_archive_is_a_reject_of_the_file(name: str, tmp_path: Path) -> None:
    found = read(tmp_path, SAMPLES[name][0][: len(SAMPLES[name][0]) // 2])
    assert found.records == []
    assert [reject.scope for reject in found.rejects] == ["file"]


def test_an_old_workbook_that_is_damaged_is_told_as_one(tmp_path: Path) -> None:
    (reject,) = read(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)).rejects
    assert reject.scope == "file"
    assert "a damaged xls file" in reject.reason


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("<html><body>hello</body></html>", "a web page"),
        ("a,b,c\n1,2,3\n", "a table has a line that names a title"),
        ("words", "export it as RIS"),
    ],
)
def test_an_unknown_format_is_named_with_its_nearest(text: str, hint: str, tmp_path: Path) -> None:
    found = read(tmp_path, text.encode())
    assert "no known format" in found.rejects[0].reason
    assert hint in found.rejects[0].reason


def test_columns_with_names_of_their_own_can_be_mapped(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("Headline here,What it says,When\nA title,An abstract,2020-05\n", encoding="utf-8")
    assert isinstance(read_file(path, "table.csv"), Reject)
    found = read_file(path, "table.csv", {"title": "Headline here", "abstract": "What it says", "date": "When"})
    assert isinstance(found, ReadFile)
    (record,) = found.records
    assert (record.title, record.abstract, record.published.precision) == ("A title", "An abstract", "month")


@pytest.mark.parametrize("depth", [10_000])
def test_deep_nesting_is_a_reject(depth: int, tmp_path: Path) -> None:
    for content in (
        "[" * depth + "]" * depth,
        '{"a":' * depth + "1" + "}" * depth,
        "<collection><volume>" + "<a>" * depth,
    ):
        found = read(tmp_path, content.encode())
        assert found.records == []
        assert found.rejects
    braces = "@article{a, title = {" + "{" * depth + "x" + "}" * depth + "}}"
    found = read(tmp_path, braces.encode())
    assert len(found.records) + len(found.rejects) >= 1


def test_a_very_long_line_is_read_in_time(tmp_path: Path) -> None:
    start = time.monotonic()
    found = read(tmp_path, RIS.replace("They retreat.", "word " * 1_000_000).encode())
    assert len(found.records) == 2
    # a hang, not a speed: a reader that is quadratic in the line would need hours
    assert time.monotonic() - start < 60


@pytest.mark.parametrize("name", list(SAMPLES))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_bytes_never_raise_and_never_vanish(name: str, data: st.DataObject, tmp_path: Path) -> None:
    content = bytearray(SAMPLES[name][0])
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(content) - 1))
        kind = data.draw(st.sampled_from(["flip", "cut", "repeat"]))
        if kind == "flip":
            content[position] = data.draw(st.integers(0, 255))
        elif kind == "cut":
            del content[position : position + data.draw(st.integers(1, 80))]
        else:
            content[position:position] = content[position : position + 60]
        if not content:
            content = bytearray(b"x")
    found = read(tmp_path, bytes(content))
    assert found.records or found.rejects
    assert all(isinstance(record, Record) and record.title for record in found.records)


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("https://doi.org/10.1000/ABC", "10.1000/abc"),
        ("doi: 10.1000/x_y.", "10.1000/x_y"),
        (r"10.1000/x\_y", "10.1000/x_y"),
        ("10.1000/ spaced", "10.1000/spaced"),
        ("none", None),
        ("10.1000%2Fq", "10.1000/q"),
        ("", None),
    ],
)
def test_dois_have_one_form(text: str, doi: str | None) -> None:
    assert normal_doi(text) == doi


@pytest.mark.parametrize(
    ("text", "arxiv_id"),
    [
        ("arXiv:2103.01234v2", "2103.01234"),
        ("http://arxiv.org/abs/hep-th/9901001v1", "hep-th/9901001"),
        ("2103.01234", "2103.01234"),
        ("https://arxiv.org/pdf/2103.01234v3.pdf", "2103.01234"),
        ("10.1000/2103.01234", None),
        ("https://example.org/x", None),
    ],
)
def test_arxiv_ids_have_one_form(text: str, arxiv_id: str | None) -> None:
    assert normal_arxiv(text) == arxiv_id


def test_pubmed_ids_have_one_form() -> None:
    assert normal_pmid("https://pubmed.ncbi.nlm.nih.gov/00123/") == "123"
    assert normal_pmid("PMID: 77") == "77"
    assert normal_pmid("x77") is None


def test_the_most_precise_date_of_the_first_year_stands() -> None:
    record, rejects = to_record(Fields(title="T", dates=["2020", "2020-05", "2021-06-07"]), Location("f", 1, 1, 1))
    assert record is not None
    assert rejects == []
    assert (record.published.date.year, record.published.date.month, record.published.precision) == (2020, 5, "month")


@pytest.mark.parametrize("declared", ["ISO-8859-1", "UFF-8", "utf-16"])
def test_a_declared_encoding_does_not_matter_once_the_text_is_read(declared: str, tmp_path: Path) -> None:
    text = PUBMED_XML.replace('<?xml version="1.0" ?>', f'<?xml version="1.0" encoding="{declared}"?>')
    found = read(tmp_path, text.encode("cp1252"))
    assert [record.authors for record in found.records][1] == ("Jón Pálsson",)
    assert found.rejects == []


def test_a_parser_that_fails_tells_it_as_a_reject_and_not_to_the_terminal(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    found = read(tmp_path, (BIBTEX + "@article{open, title = {never closed\n").encode())
    assert len(found.rejects) == 1
    assert caplog.records == []
    assert capfd.readouterr().err == ""
