"""Documents that several processes share: the same promises in a folder and in PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from limits import parse
from signing_in import PASSPHRASE
from sqlalchemy import Engine, func, inspect, select, update

from chatbot.desk.draft_guide import DraftGuide
from chatbot.desk.drafts import Drafts, NotOpen, Stale
from chatbot.desk.people import People, PeopleError
from chatbot.desk.sessions import Sessions
from chatbot.http.access import Keyring
from chatbot.journal.engine import open_engine
from chatbot.journal.records import metadata as of_the_journal
from chatbot.shared.cabinet import VERSION_TABLE, Cabinet, SharedError, open_shared
from chatbot.shared.document import Document
from chatbot.shared.drawer import Drawer, DrawerError, InUse, read
from chatbot.shared.tables import attempts, metadata

MANY = 20


@pytest.fixture
def shared_engine(database: str) -> Iterator[Engine]:
    engine = open_shared(database)
    yield engine
    engine.dispose()


@pytest.fixture(params=["folder", "table"])
def cabinet(request: pytest.FixtureRequest, tmp_path: Path) -> Cabinet:
    engine = request.getfixturevalue("shared_engine") if request.param == "table" else None
    return Cabinet(tmp_path, engine)


@pytest.fixture
def drawer(cabinet: Cabinet) -> Drawer:
    return cabinet.drawer("desk/prove")


def test_a_document_is_read_back(drawer: Drawer) -> None:
    """Byte for byte, and one of another drawer is not there."""
    assert (drawer.look("uno"), drawer.all()) == (None, {})
    drawer.write("uno", b"\0\xff uno")
    drawer.write("due", b"")
    assert read(drawer, "uno") == b"\0\xff uno"
    assert drawer.all() == {"due": b"", "uno": b"\0\xff uno"}


def test_drawers_do_not_share_names(cabinet: Cabinet) -> None:
    """Each area is its own."""
    cabinet.drawer("desk").write("uno", b"1")
    assert cabinet.drawer("desk/prove").look("uno") is None
    assert cabinet.drawer().look("uno") is None


def test_what_is_known_is_not_fetched(drawer: Drawer) -> None:
    """Until it changes."""
    drawer.write("uno", b"1")
    first = drawer.look("uno")
    assert first is not None
    again = drawer.look("uno", first.stamp)
    assert again is not None
    assert (again.stamp, again.data) == (first.stamp, None)
    drawer.write("uno", b"2")
    changed = drawer.look("uno", first.stamp)
    assert changed is not None
    assert changed.data == b"2"


def test_who_is_alone_is_not_disturbed(cabinet: Cabinet) -> None:
    """Twenty add one each, by drawers of their own as servers have: none is lost."""
    cabinet.drawer("desk").write("somma", b"0")

    def add() -> None:
        drawer = cabinet.drawer("desk")
        with drawer.alone("somma"):
            drawer.write("somma", str(int(read(drawer, "somma") or b"") + 1).encode())

    threads = [threading.Thread(target=add) for _ in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read(cabinet.drawer("desk"), "somma") == str(MANY).encode()


def test_who_does_not_wait_is_told(cabinet: Cabinet) -> None:
    """Of a document, and of what one server does for all."""
    first, second = cabinet.drawer("desk"), cabinet.drawer("desk")
    with first.alone("uno"), pytest.raises(InUse), second.alone("uno", wait=False):
        pass
    with cabinet.alone("publish"), pytest.raises(InUse), cabinet.alone("publish"):
        pass
    with cabinet.alone("publish"):  # both gave it back
        pass


def test_what_fails_in_the_table_leaves_nothing(shared_engine: Engine) -> None:
    """Documents changed together are there together or not at all."""
    drawer = Cabinet(Path(), shared_engine).drawer("desk")

    def fail() -> None:
        with drawer.alone():
            drawer.write("uno", b"1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert drawer.look("uno") is None


def test_people_and_sessions_are_known_to_every_server(cabinet: Cabinet) -> None:
    """Who was let in by one is known to the other, and out of both when removed."""
    here, there = (People(Document(cabinet.drawer(), "people.json")) for _ in range(2))
    with pytest.raises(PeopleError):
        here.invite("editor", "prove", person="nessuno")
    here.accept(here.invite("admin", "prove"), "la prima", PASSPHRASE)
    here.accept(here.invite("editor", "prove"), "la seconda", PASSPHRASE)
    assert [person.name for person in there.all()] == ["la prima", "la seconda"]
    assert there.check("La Seconda", PASSPHRASE) is not None
    one, two = (Sessions(Document(cabinet.drawer(), "sessions.json"), 12) for _ in range(2))
    secret = one.begin("la seconda", "un browser")
    found = two.find(secret)
    assert found is not None
    assert found.person == "la seconda"
    two.end_all("la seconda")
    assert one.find(secret) is None
    there.remove("la seconda")
    assert here.find("la seconda") is None


def test_who_guesses_waits_on_every_server(cabinet: Cabinet) -> None:
    """Three wrong in a minute, here and there; of another name nobody waits."""
    limit, here = parse("3 per 1 minute"), cabinet.attempts()
    there = cabinet.attempts() if cabinet.engine is not None else here
    for one in (here, there, here):
        assert there.wait(limit, "10.0.0.1 redazione") == 0
        one.failed(limit, "10.0.0.1 redazione")
    assert 0 < there.wait(limit, "10.0.0.1 redazione") <= 60
    assert there.wait(limit, "10.0.0.1 altra") == 0
    assert there.wait(parse("4 per 1 minute"), "10.0.0.1 redazione") == 0


def test_whose_attempts_they_were_is_not_kept(shared_engine: Engine) -> None:
    """A digest is, and no longer than a day."""
    limit, attempts_of_all = parse("3 per 1 minute"), Cabinet(Path(), shared_engine).attempts()
    attempts_of_all.failed(limit, "10.0.0.1 redazione")
    with shared_engine.begin() as connection:
        (kept,) = connection.execute(select(attempts)).mappings()
        assert "10.0.0.1" not in kept["key"]
        old = kept["at"] - timedelta(days=2)
        connection.execute(update(attempts).values(at=old))
    attempts_of_all.failed(limit, "10.0.0.1 altra")
    with shared_engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(attempts)) == 1


def test_a_token_is_revoked_on_every_server(cabinet: Cabinet) -> None:
    """At once."""
    here, there = (Keyring(Document(cabinet.drawer(), "tokens.json")) for _ in range(2))
    token = here.create("macchina", "editor")
    assert there.find(token) is not None
    there.revoke("macchina")
    assert here.find(token) is None


def test_a_draft_is_one_for_every_server(cabinet: Cabinet) -> None:
    """Who saves over what another server saved is told, and the text refused is put aside."""
    here, there = (Drafts(cabinet.drawer("desk/drafts")) for _ in range(2))
    draft = here.create("una", "Prova")
    guide = DraftGuide(slug="conto", path="schede/conto.md", text="uno", at=datetime.now(UTC))
    here.put(draft.id, guide, "una", 0)
    there.put(draft.id, guide.model_copy(update={"text": "due"}), "altra", 1)
    with pytest.raises(Stale) as caught:
        here.put(draft.id, guide.model_copy(update={"text": "tre"}), "una", 1)
    assert caught.value.current.by == "altra"
    kept = there.get(draft.id).find("conto")
    assert kept is not None
    assert [aside.text for aside in kept.aside] == ["tre"]
    there.close(draft.id, "discarded")
    with pytest.raises(NotOpen):
        here.put(draft.id, guide, "una", 2)
    assert [one.state for one in here.all()] == ["discarded"]


def test_a_migrated_database_is_the_one_described(database: str) -> None:
    """The migrations make exactly the tables of `tables`, beside the journal's; a second start
    does nothing."""
    open_engine(database).dispose()
    engine = open_shared(database)
    open_shared(database).dispose()
    with engine.connect() as connection:
        ours = {
            "compare_type": True,
            "version_table": VERSION_TABLE,
            "include_name": lambda name, kind, _: kind != "table" or name in metadata.tables,
        }
        context = MigrationContext.configure(connection, opts=ours)  # fmt: skip
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == "rates"
    names = {*metadata.tables, *of_the_journal.tables, VERSION_TABLE, "alembic_version"}
    assert set(inspect(engine).get_table_names()) == names
    engine.dispose()


def test_a_database_that_is_away_is_told_without_its_password() -> None:
    """At the start, and later by who asks for a document."""
    url = "postgresql+psycopg://u:segreta@127.0.0.1:1/x"
    with pytest.raises(SharedError, match="BUSSOLA_DATABASE_URL non si apre") as caught:
        open_shared(url)
    assert "segreta" not in str(caught.value)


def test_a_drawer_whose_database_went_is_told(shared_engine: Engine) -> None:
    """As something that passes, not as an empty drawer."""
    drawer = Cabinet(Path(), shared_engine).drawer()
    with shared_engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE documents")
    with pytest.raises(DrawerError, match="riprova fra poco"):
        drawer.look("people.json")
    with pytest.raises(DrawerError):
        People(Document(drawer, "people.json")).all()
