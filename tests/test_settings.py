"""Every setting is documented."""

from __future__ import annotations

from folders import ROOT

from chatbot.settings import Settings

DOCUMENT = ROOT / "docs" / "settings.md"


def test_every_setting_has_its_row() -> None:
    """A setting that nobody can find might as well not be there."""
    text = DOCUMENT.read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"`BUSSOLA_{name.upper()}`" not in text]
    assert missing == []


def test_every_row_is_a_setting() -> None:
    """A row for a setting that is gone misleads."""
    rows = [line.split("`")[1] for line in DOCUMENT.read_text().splitlines() if "| `" in line[:3]]
    known = {f"BUSSOLA_{name.upper()}" for name in Settings.model_fields} | {"HOST", "PORT"}
    assert set(rows) <= known
