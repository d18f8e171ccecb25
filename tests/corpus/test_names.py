"""Names in one cell, names that are none, and surnames that are one."""

import pytest

from analysis.corpus.names import authors, names_of, surname_keys, surnames


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Ode, P.; Umi, K.", ["Ode, P.", "Umi, K."]),
        ("Ode, P. and Umi, K.", ["Ode, P.", "Umi, K."]),
        ("Ode, P., Umi, K.", ["Ode, P.", "Umi, K."]),
        ("AG Abe, J Ivo, et al.", ["AG Abe", "J Ivo"]),
        ("Ode P., Umi K.", ["Ode P.", "Umi K."]),
        ("P Ode, K Umi, ...", ["P Ode", "K Umi"]),
        ("P Ode, K Umi, …", ["P Ode", "K Umi"]),
        ("['Ode, P.', 'Umi, K.']", ["Ode, P.", "Umi, K."]),
        ('[{"name": "Pat Ode"}, {"given": "Kim", "family": "Umi"}]', ["Pat Ode", "Kim Umi"]),
        ("Ode, P. (57202138757); Umi, K. (1)", ["Ode, P.", "Umi, K."]),
        ("Pat Ode|Kim Umi", ["Pat Ode", "Kim Umi"]),
        ("Ode, Pat", ["Ode, Pat"]),
        ("Centers for Disease Control and Prevention", ["Centers for Disease Control and Prevention"]),
        ("Ministry of Health, Labour and Welfare", ["Ministry of Health, Labour and Welfare"]),
        ("", []),
    ],
)
def test_names_in_a_cell(cell: str, names: list[str]) -> None:
    assert names_of(cell) == names


def test_what_stands_for_unlisted_authors_is_none() -> None:
    given = [
        "Ode, P.",
        "and others",
        "others",
        "et al.",
        "[Anonymous]",
        "Anonymous",
        "No authors listed",
        "Umi, K. et al.",
    ]
    assert authors(given) == ["Ode, P.", "Umi, K."]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sørensen, T.", "Sorensen, T"),
        ("Sørensen, T.", "Soerensen T"),
        ("Wałęsa, L.", "Walesa, L"),
        ("Müller, L.", "Mueller, L"),
        ("Müller, L.", "Muller, Lea"),
        ("Weiß, A.", "Weiss, A."),
        ("van der Berg, J.", "Berg, J. van der"),
        ("J. van der Berg", "van der Berg, J."),
        ("García-López, M.", "Garcia Lopez, Maria"),
        ("García López, M.", "García, M."),
        ("de Souza, A.", "Souza, A. de"),
        ("Ode P", "P. Ode"),
        ("LI X", "Li, X."),
        ("Smith Jr, J.", "Smith, J."),
        ("O'Brien, K.", "OBrien, K."),
        ("al-Khatib, S.", "Khatib, S."),
        ("Ångström, A.", "Angstrom, A."),
    ],
)
def test_one_person_in_two_spellings(one: str, other: str) -> None:
    assert surname_keys(one) & surname_keys(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Ode, P.", "Umi, P."), ("Li, X.", "Liu, X."), ("van Dyke, A.", "van Berg, A.")]
)
def test_two_persons(one: str, other: str) -> None:
    assert surnames([one]).isdisjoint(surnames([other]))
