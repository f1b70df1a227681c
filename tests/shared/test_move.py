"""What one server keeps in files goes to a database, and comes back as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from made_encoder import made_encoder
from signing_in import PASSPHRASE
from small import small_folder
from sqlalchemy import select
from typer.testing import CliRunner, Result

from chatbot.__main__ import app
from chatbot.desk.drafts import DRAFTS, Drafts
from chatbot.desk.people import FILE as PEOPLE
from chatbot.desk.people import People
from chatbot.http.access import FILE as TOKENS
from chatbot.http.access import Keyring
from chatbot.journal.engine import FILE as JOURNAL
from chatbot.journal.engine import open_engine
from chatbot.journal.records import Asking, AuditLine, Cited, Entry, Feedback, metadata
from chatbot.journal.writer import Journal
from chatbot.move import BATCH
from chatbot.shared.cabinet import Cabinet, open_shared
from chatbot.shared.document import Document
from chatbot.shared.editions import Editions
from index.publish.build import build
from index.publish.published import current_id
from index.publish.snapshot import load_current

MANY = BATCH + 7  # more than are moved at a time


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """The files of a server that was in use."""
    place = tmp_path / "var"
    build(small_folder(tmp_path / "guide"), place, made_encoder())
    people = People(place / PEOPLE)
    people.accept(people.invite("editor", "prove"), "redazione", PASSPHRASE)
    Keyring(place / TOKENS).create("macchina", "editor")
    Drafts(Cabinet(place).drawer(DRAFTS)).create("redazione", "Una bozza")
    journal = Journal.open(f"sqlite:///{place / JOURNAL}")
    cited = (Cited(1, "conto", "residenza", "parole"),)
    for n in range(MANY):
        journal.put(Entry(f"a{n}", "Che cosa?", "answered", cited=cited, hits=({"p": 1.5},)))
    journal.put(Feedback("a1", "ottima", "bene"))
    journal.put(AuditLine("redazione", "publish", "prova"))
    journal.put(Asking("Cuneo"))
    journal.close(600)
    return place


def run(source: Path | str, target: Path | str, guides: Path) -> Result:
    words = ["move", "--from", str(source), "--to", str(target), "--guides", str(guides)]
    return CliRunner().invoke(app, words)


def rows_of(url: str) -> dict[str, list[tuple[Any, ...]]]:
    engine = open_engine(url)
    with engine.connect() as connection:
        found = {
            table.name: sorted(tuple(map(str, row)) for row in connection.execute(select(table)))
            for table in metadata.sorted_tables
        }
    engine.dispose()
    return found


def texts_of(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and not file.name.startswith(".")
    }


def test_there_and_back(var: Path, database: str, tmp_path: Path) -> None:
    """Every row, document, text and the snapshot; a target with something in it is left alone, and
    so is what was moved."""
    guides, back, texts = tmp_path / "guide", tmp_path / "altra", tmp_path / "testi"
    before = rows_of(f"sqlite:///{var / JOURNAL}")
    assert len(before["answers"]) == MANY
    there = run(var, database, guides)
    assert there.exit_code == 0, there.output
    assert f"answers: {MANY}" in there.stderr
    assert rows_of(database) == before
    engine = open_shared(database)
    kept = Cabinet(Path(), engine)
    assert People(Document(kept.drawer(), PEOPLE)).check("redazione", PASSPHRASE) is not None
    assert [one.name for one in Drafts(kept.drawer(DRAFTS)).all()] == ["Una bozza"]
    newest = Editions(engine).newest()
    assert newest is not None
    assert newest.snapshot == current_id(var)
    engine.dispose()

    again = run(var, database, guides)
    assert (again.exit_code, "c'è già qualcosa" in again.stderr) == (1, True)
    home = run(database, back, texts)
    assert home.exit_code == 0, home.output
    assert rows_of(f"sqlite:///{back / JOURNAL}") == before == rows_of(f"sqlite:///{var / JOURNAL}")
    for name in (PEOPLE, TOKENS):
        assert (back / name).read_bytes() == (var / name).read_bytes()
        assert (back / name).stat().st_mode & 0o077 == 0
    assert texts_of(back / DRAFTS) == texts_of(var / DRAFTS)
    assert load_current(back).id == current_id(var)
    assert texts_of(texts) == texts_of(guides)
    assert run(database, back, tmp_path / "nuova").exit_code == 1


def test_what_cannot_be_moved_is_told(var: Path, database: str, tmp_path: Path) -> None:
    """From a folder to a folder; from one in which nothing is published; over guides that are
    there; and then nothing has arrived."""
    assert "l'altra un database" in run(var, tmp_path / "altra", tmp_path / "guide").stderr
    assert "bussola index build" in run(tmp_path / "x", database, tmp_path / "guide").stderr
    engine = open_shared(database)
    assert Editions(engine).newest() is None
    engine.dispose()
    assert "(le guide)" in run(database, tmp_path / "altra", tmp_path / "guide").stderr
