"""DOIs in every dress are one; what is none is none."""

import pytest

from analysis.corpus.identifiers import is_preprint, normal_arxiv, normal_doi, normal_pmid, work_doi


@pytest.mark.parametrize(
    "text",
    [
        "10.1002/Ab.1(2)",
        "doi:10.1002/ab.1(2)",
        "DOI 10.1002/ab.1(2).",
        "https://doi.org/10.1002/ab.1%282%29",
        "http://dx.doi.org/10.1002/ab.1(2)",
        "https://onlinelibrary.wiley.com/doi/full/10.1002/ab.1%282%29?af=R",
        "https://onlinelibrary.wiley.com/doi/abs/10.1002/ab.1(2)#section",
        "https://example.org/content/10.1002/ab.1(2)/full",
        "https://example.org/content/10.1002/ab.1(2).full.pdf",
        "(10.1002/ab.1(2))",
        '<a href="https://doi.org/10.1002/ab.1(2)">here</a>',
        "10.1002/ab.1(2) [doi]",
        "https://example.org/login?url=https%3A%2F%2Fdoi.org%2F10.1002%2Fab.1%25282%2529",
    ],
)
def test_one_doi_in_every_dress(text: str) -> None:
    assert normal_doi(text) == "10.1002/ab.1(2)"


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1175/1520-0469(1963)020<0130:DNF>2.0.CO;2", "10.1175/1520-0469(1963)020<0130:dnf>2.0.co;2"),
        ("10.1175/1520-0469(1963)020%3C0130:DNF%3E2.0.CO;2", "10.1175/1520-0469(1963)020<0130:dnf>2.0.co;2"),
        ("10.1002/1097-0142(2001)91:1&lt;1::AID-X1&gt;3.0.CO;2-A", "10.1002/1097-0142(2001)91:1<1::aid-x1>3.0.co;2-a"),
        ("https://www.biorxiv.org/content/10.1101/2020.01.02.123456v2.full", "10.1101/2020.01.02.123456"),
        ("https://journals.plos.org/plosone/article?id=10.1371/journal.pone.001", "10.1371/journal.pone.001"),
        ("https://link.springer.com/content/pdf/10.1007/s00401-020-1.pdf", "10.1007/s00401-020-1"),
        ("10.1000.10/123", "10.1000.10/123"),
    ],
)
def test_other_dois(text: str, doi: str) -> None:
    assert normal_doi(text) == doi


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "10.",
            "10.1145/nnnnnnn.nnnnnnn",
            "10.1016/j.xxxx.2020",
            "10.1145/1122445.1122456",
            "10.1109/ACCESS.2017.DOI",
        ),
        *("10.1007/s00000-000-0000-0", "10.475/123_4", "version 10.15/2"),
    ],
)
def test_placeholders_are_none(text: str) -> None:
    assert normal_doi(text) is None


@pytest.mark.parametrize(
    ("versions", "work"),
    [
        (("10.21203/rs.3.rs-1/v1", "10.21203/rs.3.rs-1/v2"), "10.21203/rs.3.rs-1"),
        (("10.12688/f1000research.7654.1", "10.12688/f1000research.7654.2"), "10.12688/f1000research.7654"),
        (("10.26434/chemrxiv-2021-abc", "10.26434/chemrxiv-2021-abc-v2"), "10.26434/chemrxiv-2021-abc"),
        (("10.1002/essoar.10501234.1", "10.1002/essoar.10501234.2"), "10.1002/essoar.10501234"),
        (("10.5555/one.1",), "10.5555/one.1"),
    ],
)
def test_versions_are_one_work(versions: tuple[str, ...], work: str) -> None:
    assert {work_doi(doi) for doi in versions} == {work}


def test_servers_of_preprints() -> None:
    for doi in (
        "10.26434/chemrxiv-1",
        "10.31235/osf.io/a",
        "10.3386/w123",
        "10.22541/au.1",
        "10.2139/ssrn.1",
        "10.48550/arxiv.1",
    ):
        assert is_preprint(doi)
    assert not is_preprint("10.1038/s41586-020-1")


def test_numbers_of_other_kinds() -> None:
    assert normal_pmid("31234567.0") == "31234567"
    assert normal_pmid("PMID: 007") == "7"
    assert normal_arxiv("arXiv:1011.1669v3") == "1011.1669"
