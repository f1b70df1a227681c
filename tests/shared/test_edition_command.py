"""What is built outside the desk is published for all by a command, and never over another's."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_encoder import made_encoder
from small import edit, small_folder
from typer.testing import CliRunner, Result

from chatbot.__main__ import app
from index.publish.build import build
from index.publish.published import current_id
from index.publish.snapshot import load_current

GUIDE = "schede/conto-di-base.md"


@pytest.fixture
def place(tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of guides with what was built from it, and a database in which nothing is."""
    guides = small_folder(tmp_path / "guides")
    build(guides, tmp_path / "var", made_encoder())
    monkeypatch.setenv("BUSSOLA_DATABASE_URL", database)
    monkeypatch.setenv("BUSSOLA_GUIDES", str(guides))
    monkeypatch.setenv("BUSSOLA_VAR", str(tmp_path / "var"))
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["edition", *words])


def test_a_first_edition_and_the_next(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another machine has it with its texts; over an edition that is not the last any more nothing
    is published."""
    assert run("status").output == "nessuna\n"
    assert run("fetch").exit_code == 1
    first = run("publish", "--over", "0", "--reason", "si comincia")
    assert first.exit_code == 0, first.output
    edit(place / "guides", "rivista fuori dalla redazione")
    build(place / "guides", place / "var", made_encoder())
    late = run("publish", "--over", "0")
    assert (late.exit_code, "è la 1" in late.output) == (1, True)
    build(place / "guides", place / "var", made_encoder())  # it was sent back to edition 1
    again = run("publish", "--over", "1")
    assert again.exit_code == 0, again.output
    published = current_id(place / "var")
    assert run("status").output.startswith(f"2\t{published}\t")
    monkeypatch.setenv("BUSSOLA_VAR", str(place / "altra"))
    assert run("fetch").exit_code == 0
    assert load_current(place / "altra").id == published
    assert run("texts", str(place / "testi")).exit_code == 0
    assert "rivista fuori" in (place / "testi" / GUIDE).read_text("utf-8")
    assert (place / "altra/guides" / GUIDE).read_bytes() == (place / "testi" / GUIDE).read_bytes()
    assert run("texts", str(place / "testi")).exit_code == 1  # nothing is written over


def test_a_server_alone_has_no_editions(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And is told which setting is missing."""
    monkeypatch.delenv("BUSSOLA_DATABASE_URL")
    told = run("status")
    assert (told.exit_code, "manca BUSSOLA_DATABASE_URL" in told.output) == (1, True)
