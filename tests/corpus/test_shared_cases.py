"""Cases that the project was given: small exports with their right answers."""

import subprocess
import sys

import pytest

from tests.conftest import SHARED

CHECK = SHARED / "cases" / "check_exports.py"


@pytest.mark.slow
@pytest.mark.skipif(not CHECK.is_file(), reason="the folder of cases is not here")
def test_every_export_is_read_right() -> None:
    run = subprocess.run([sys.executable, str(CHECK)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert ", 0 fail" in run.stdout
