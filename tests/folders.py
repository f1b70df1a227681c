"""Where things are, from whatever folder a test stands in."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parent
DATA = TESTS / "data"
ROOT = TESTS.parent
GUIDES = ROOT / "guides"
