"""Every setting is documented."""

from __future__ import annotations

import pytest
from folders import ROOT
from pydantic import ValidationError

from chatbot.settings import Settings
from chatbot.shield.protection import allowed_origins
from server import main

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


def test_an_origin_is_as_a_browser_says_it() -> None:
    """What is meant is taken; a slash at the end would never match."""
    settings = Settings(
        _env_file=None, allowed_origins=["https://Rete.example/", "http://a.example:80"],
        widget_keys={"k": ["https://rete.example:8443/"]},
    )  # fmt: skip
    assert settings.allowed_origins == ["https://rete.example", "http://a.example"]
    assert settings.widget_keys == {"k": ["https://rete.example:8443"]}


@pytest.mark.parametrize("wrong", ["rete.example", "https://rete.example/pagina", "*", "ftp://a.b"])
def test_what_is_no_origin_is_told_at_the_start(wrong: str) -> None:
    """With what to write."""
    with pytest.raises(ValidationError, match="scrivila come https:"):
        Settings(_env_file=None, frame_origins=[wrong])


@pytest.mark.parametrize(
    ("written", "site"),
    [
        ("https://rete.example/", "https://rete.example"),
        ("HTTPS://Rete.example", "https://rete.example"),
        ("https://www.rete.example:443", "https://www.rete.example"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://[::1]:9000", "http://[::1]:9000"),
    ],
)
def test_web_02_a_site_is_known_however_it_is_written(written: str, site: str) -> None:
    """As a browser says it: the widget does not fail in silence for a slash."""
    named = Settings(allowed_origins=[written], widget_keys={"chiave": [written]})
    assert allowed_origins(named) == [site]


@pytest.mark.parametrize("written", ["rete.example", "https://", "https://a.it/pagina"])
def test_web_02_what_is_no_site_is_refused_at_the_start(
    written: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the setting, what is wrong and what to write; no traceback."""
    monkeypatch.setattr("server.configure_logs", lambda: None)
    monkeypatch.setenv("BUSSOLA_ALLOWED_ORIGINS", f'["{written}"]')
    assert main() == 2
    told = capsys.readouterr().err
    assert told.startswith("BUSSOLA_ALLOWED_ORIGINS: ")
    assert f"«{written}»" in told
    assert "scrivi" in told
