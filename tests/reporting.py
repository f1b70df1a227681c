"""What a test leaves for the last lines of a session."""

from __future__ import annotations

from pathlib import Path

import pytest

REPORT = pytest.StashKey[Path]()  # the report of the suite, told at the end
