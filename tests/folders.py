"""Where things are, from whatever folder a test stands in."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parent
DATA = TESTS / "data"
MADE = DATA / "guides"  # guides made for the tests
ROOT = TESTS.parent
GUIDES = ROOT / "guides"  # the real ones: for tests/content/ alone
