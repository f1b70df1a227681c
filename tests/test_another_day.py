"""With `--day` what tests start is on that day too."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from another_day import SHIFT, here
from folders import ROOT, TESTS

TWO_YEARS_S = 730 * 86_400
PROGRAM = "import time, chatbot; print(time.time())"


@pytest.mark.parametrize("ahead", [0, TWO_YEARS_S])
def test_a_process_with_nothing_else_in_its_environment_is_there(
    ahead: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And finds the folders that it is told."""
    monkeypatch.setenv(SHIFT, str(float(os.environ.get(SHIFT, 0)) + ahead))
    monkeypatch.setenv("PYTHONPATH", str(TESTS / "clock"))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd="/", env=here(ROOT), text=True, check=True,
        capture_output=True,
    )  # fmt: skip
    assert float(done.stdout) - time.time() == pytest.approx(ahead, abs=600)
