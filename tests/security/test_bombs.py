"""Files that are small, and not when they are read."""

import gzip
import lzma
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from analysis.corpus import formats
from analysis.corpus.records import Reject

pytestmark = pytest.mark.slow

# bytes of address space that reading is given beside what its imports take
ROOM = 700_000_000


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_a_packed_file_is_not_unpacked_past_what_memory_allows(
    pack: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "free_memory", lambda: 50_000_000)
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(pack(b"\0" * 20_000_000))  # type: ignore[operator]
    found = formats.read_file(bomb, bomb.name)
    assert isinstance(found, Reject)
    assert "unpacks to more than 10,000,000 bytes" in found.reason


@pytest.mark.parametrize("kind", ["gz", "csv", "xlsx"])
def test_reading_within_a_limit_of_memory_ends_in_a_reject(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"bomb.{kind}"
    if kind == "gz":
        path.write_bytes(gzip.compress(b"title,abstract\n" + b"a,b\n" * 100_000_000, 1))
    elif kind == "csv":
        path.write_bytes(b"title,abstract\n" + b"a,b\n" * 60_000_000)
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", b"<a>" * 100_000_000)
    code = (
        "import resource, psutil, sys\nfrom pathlib import Path\nimport pandas, pyarrow.parquet\n"
        "from analysis.corpus.formats import read_file\n"
        f"limit = psutil.Process().memory_info().vms + {ROOM}\n"
        "resource.setrlimit(resource.RLIMIT_AS, (limit, limit))\n"
        "found = read_file(Path(sys.argv[1]), 'bomb')\n"
        "print('REASONS', getattr(found, 'reason', '') or [item.reason for item in found.rejects])\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert len(done.stdout.removeprefix("REASONS").strip()) > 5
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY
