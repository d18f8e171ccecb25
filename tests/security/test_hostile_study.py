"""A hostile study run whole: its pages do nothing, its pictures are drawn, its files are legible."""

import csv
import io
import json
import re
import warnings
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import docx
import pytest
from playwright.sync_api import Browser, Dialog, sync_playwright

from analysis.figures.static import find_browser
from analysis.study.face import Study
from tests.security.test_escaping import HOSTILE

pytestmark = pytest.mark.slow

FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
SUBJECTS = ("volcano magma lava crater ash", "violin sonata melody cello concerto", "glacier moraine crevasse ice snow")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Sixty records in files with hostile names, and hostile words wherever a study takes words."""
    folder = tmp_path_factory.mktemp("hostile") / "study"
    raw = folder / "data" / "raw"
    raw.mkdir(parents=True)
    texts = [text.encode("utf-8", "replace").decode() for text in HOSTILE]
    names = ["a\x1b[31mred", "b\nline", "c\u202egnp", "=d()", "<img src=x onerror=alert(1)>", "{f}$%&#_"]
    for number, name in enumerate(names):
        rows = []
        for i in range(10):
            hostile = texts[(10 * number + i) % len(texts)]
            words = SUBJECTS[i % 3]
            rows.append(
                {
                    "title": f"{hostile} {words} {number} {i}",
                    "abstract": f"{words} {words} {hostile} {words} number {i}.",
                    "date": f"{2016 + (number + i) % 7}-05-0{1 + i % 9}",
                    "authors": [hostile, f"Author {hostile}"],
                    "url": hostile,
                    "venue": hostile,
                }
            )
        (raw / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (folder / "data" / "vocabulary.toml").write_text(
        '[task]\n"=1+1 <script>" = ["lava"]\n"\\u001b[31m\\u202econ" = ["sonata"]\n"a{b}$" = ["moraine"]\n',
        encoding="utf-8",
    )
    (folder / "data" / "topic_edits.toml").write_text(
        '[[edit]]\naction = "rename"\nlabel = "=cmd() <b>\\u202e{x} $%"\n'
        f"papers = {json.dumps([f'{texts[0]} {SUBJECTS[0]} 0 0'])}\n",
        encoding="utf-8",
    )
    (folder / "study.toml").write_text(
        'title = "\\u001b]0;x\\u0007 \\u0000 <script>alert(1)</script> \\\\input{/etc/passwd} \\u202e"\n'
        '[concepts]\nvocabulary = "data/vocabulary.toml"\n[trends]\nsensitivity = false\npermutations = 99\n'
        '[figures]\nformats = ["svg", "pdf"]\n',
        encoding="utf-8",
    )
    opened = Study.open(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        opened.run()
    return opened


def test_it_runs_and_verifies(study: Study) -> None:
    assert len(study.corpus) == 60
    assert study.verify() == []


@pytest.mark.skipif(find_browser() is None, reason="needs a browser")
def test_every_picture_is_drawn(study: Study) -> None:
    names = {path.stem for path in study.figures_folder.glob("*.csv")}
    for kind in ("svg", "pdf"):
        assert {path.stem for path in study.figures_folder.glob(f"*.{kind}")} == names
    for path in study.figures_folder.glob("*.svg"):
        root = ET.fromstring(path.read_text(encoding="utf-8"))
        assert not [node for node in root.iter() if node.tag.endswith(("script", "foreignObject"))]


def test_no_cell_of_a_csv_is_a_formula(study: Study) -> None:
    files = list(study.figures_folder.rglob("*.csv"))
    assert len(files) > 20
    for path in files:
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"))):
            for cell in row:
                assert not cell.startswith(FORMULA) or re.fullmatch(r"-?[\d.e+-]+|-inf", cell), (path.name, cell)


def test_no_text_holds_control_characters(study: Study) -> None:
    for path in study.figures_folder.rglob("*"):
        if path.suffix in (".csv", ".md", ".tex", ".bib", ".json", ".svg"):
            assert not _CONTROL.search(path.read_text(encoding="utf-8")), path.name
    assert all(not _CONTROL.search(line) for line in study.summary(1.0))


def test_latex_holds_no_command_of_a_strangers(study: Study) -> None:
    for path in (study.figures_folder / "survey").rglob("*.tex"):
        text = path.read_text(encoding="utf-8")
        assert "\\input{/etc" not in text
        assert not re.search(r"\\(?:write|openin|openout|catcode|csname|include)\b", text), path.name


def test_the_word_document_opens(study: Study) -> None:
    document = docx.Document(str(study.figures_folder / "survey" / "section.docx"))
    assert len(document.paragraphs) > 10


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """An installed Chromium."""
    path = find_browser()
    if path is None:
        pytest.skip("needs a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def test_no_page_runs_a_script_of_its_own_opens_a_dialog_or_asks_anybody(study: Study, chromium: Browser) -> None:
    pages = sorted(study.figures_folder.glob("*.html"))
    assert len(pages) > 15
    page = chromium.new_page()
    dialogs: list[str] = []
    asked: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.on("request", lambda request: asked.append(request.url))
    for path in pages:
        page.goto(path.as_uri())
        page.wait_for_timeout(100)
        assert page.evaluate("document.querySelectorAll('img, iframe, object, embed').length") == 0, path.name
        assert page.evaluate(
            "[...document.querySelectorAll('*')].every(n => ![...n.attributes].some(a => /^on/.test(a.name)))"
        )
    assert dialogs == []
    own = study.figures_folder.as_uri()
    assert all(url.startswith((own, "data:", "blob:")) for url in asked)
