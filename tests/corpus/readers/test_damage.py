"""Nothing is lost in silence: damaged files give what an independent count gives, or say that they do not."""

import random
from pathlib import Path

import pytest

from analysis.corpus.formats import read_content
from analysis.corpus.records import Reject
from tests.corpus.readers.damage import damaged, lost_in_silence
from tests.corpus.readers.samples import BIBTEX, MEDLINE, RIS, WEB_OF_SCIENCE
from tests.corpus.readers.test_more_formats import ENDNOTE

WHOLE = {"ris": RIS, "web_of_science": WEB_OF_SCIENCE, "medline": MEDLINE, "bibtex": BIBTEX, "endnote": ENDNOTE}


@pytest.mark.parametrize("name", list(WHOLE))
def test_a_record_that_goes_is_told(name: str, tmp_path: Path) -> None:
    rng = random.Random(name)
    for _ in range(400):
        text = damaged(WHOLE[name].replace("\r\n", "\n"), rng)
        found = read_content(text.encode("utf-8", "surrogatepass"), name)
        if isinstance(found, Reject):
            assert found.reason
            continue
        lost = lost_in_silence(name, text, [record.title for record in found.records], bool(found.rejects))
        assert not lost, f"{lost} in {text}"
