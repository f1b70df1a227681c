"""The database is brought back to a moment, with the commands that the documents give."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from folders import ROOT
from postgres_pair import AS_ROOT, USER, Node, a_place
from serving import free_port
from several import a_server, built, until
from small import edit, small_folder
from sqlalchemy import create_engine, text

from chatbot.journal.engine import open_engine
from chatbot.journal.records import answers
from chatbot.shared.cabinet import Cabinet, open_shared
from chatbot.shared.drawer import Drawer, read
from chatbot.shared.editions import Editions
from chatbot.shared.follower import Follower
from index.publish.published import current_id

DEPLOY = ROOT / "docs/deploy"
SHOWN = "/backup/wal"


def configured(node: Node, name: str, archive: Path, **changed: str) -> None:
    """With the lines of the documents, of which the folder is another, and values may be."""
    lines = (DEPLOY / name).read_text("utf-8").replace(SHOWN, str(archive))
    for key, value in changed.items():
        assert re.search(f"(?m)^{key} = ", lines)
        lines = re.sub(f"(?m)^{key} = .*$", f"{key} = '{value}'", lines)
    with (node.data / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(lines)


def moment(url: str) -> datetime:
    engine = create_engine(url)
    with engine.connect() as connection:
        now: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    engine.dispose()
    return now


def put_by(url: str) -> None:
    """What is written so far goes to the archive."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        name = connection.scalar(text("SELECT pg_walfile_name(pg_switch_wal())"))
        done = text("SELECT last_archived_wal >= :name FROM pg_stat_archiver")
        until(lambda: bool(connection.scalar(done, {"name": name})))
    engine.dispose()


def publish(url: str, var: Path, guides: Path, words: str) -> str:
    """Another edition, made here; the name of its snapshot."""
    edit(guides, words)
    built(guides, var)
    engine = open_shared(url)
    follower = Follower(Editions(engine), var)
    snapshot = current_id(var)
    assert snapshot
    follower.sync()
    follower.publish(snapshot, "prova", texts=guides)
    engine.dispose()
    return snapshot


def spoilt(url: str) -> None:
    """As somebody does who takes one database for another."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM documents"))
        connection.execute(text("TRUNCATE answers CASCADE"))
    engine.dispose()


@pytest.fixture
def nodes() -> Iterator[tuple[Node, Node, Path]]:
    """One that archives what it writes, another that is not there yet, and the archive."""
    with a_place() as place:
        first, again = Node(place / "a", free_port()), Node(place / "b", free_port())
        archive = place / "wal"
        archive.mkdir()
        if AS_ROOT:
            shutil.chown(archive, USER)
        first.create()
        configured(first, "archive.conf", archive)
        try:
            first.start()
            yield first, again, archive
        finally:
            first.stop()
            again.stop()


@pytest.mark.usefixtures("made")
def test_a_mistake_is_taken_back(nodes: tuple[Node, Node, Path], tmp_path: Path) -> None:
    """A copy taken under work, what was archived after it, and a moment: all that was written until
    then is there, journal, drafts and edition, and nothing of the mistakes after it. A server that
    had what came later serves what holds, and the next publication is accepted."""
    first, again, archive = nodes
    guides, var, later = small_folder(tmp_path / "guides"), tmp_path / "var", tmp_path / "later"
    built(guides, var)
    with a_server(var, guides, first.url) as server:
        told = {server.ask().json()["id"]}
        again.copy_from(first, "-X", "fetch")
        told.add(server.ask().json()["id"])
        until(lambda: kept(first.url) == told)
    drawer(var, first.url).write("bozza", b"da tenere")
    right = publish(first.url, var, guides, "giusta")
    good = moment(first.url)
    publish(first.url, later, guides, "sbagliata")
    spoilt(first.url)
    put_by(first.url)
    first.kill()
    shutil.rmtree(first.data)
    configured(again, "restore.conf", archive, recovery_target_time=good.isoformat())
    (again.data / "recovery.signal").touch()
    again.start()
    until(lambda: writable(again.url))
    assert kept(again.url) == told
    assert read(drawer(var, again.url), "bozza") == b"da tenere"
    with a_server(later, guides, again.url) as server:
        health = server.health()
        assert (health["snapshot"], health["shared"]["edition"]) == (right, 2)
        assert server.ask().status_code == 200
    third = publish(again.url, later, guides, "corretta")
    newest = Editions(open_shared(again.url)).newest()
    assert newest
    assert (newest.n, newest.snapshot) == (3, third)


def drawer(var: Path, url: str) -> Drawer:
    return Cabinet(var, open_shared(url)).drawer("desk")


def writable(url: str) -> bool:
    engine = create_engine(url)
    with engine.connect() as connection:
        waits = bool(connection.scalar(text("SELECT pg_is_in_recovery()")))
    engine.dispose()
    return not waits


def kept(url: str) -> set[str]:
    engine = open_engine(url)
    with engine.connect() as connection:
        found = set(connection.scalars(answers.select().with_only_columns(answers.c.id)))
    engine.dispose()
    return found
