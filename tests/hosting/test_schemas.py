"""Several networks in one PostgreSQL: each in a schema of its own, out of which no query looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError
from two_networks import (
    QUESTION,
    WORDS,
    Visitor,
    common_settings,
    network_folder,
    opened,
    person,
    token,
    visited,
)

from chatbot.hosting.gateway import Gateway
from chatbot.hosting.schema import in_schema, make_schema
from chatbot.journal.backup import JournalError, sqlite_file
from chatbot.parts import part
from chatbot.shared.cabinet import Cabinet, open_shared
from chatbot.shared.database import connect

HOSTS = {"nord": "nord.example", "sud": "sud.example"}
REFUSED = re.compile("permission denied|must be owner|does not exist")
OWN_TABLES = {"documents", "editions", "pieces", "answers", "audit", "alembic_version"}


@pytest.fixture
def front(database: str, tmp_path: Path) -> Gateway:
    networks = {n: {**network_folder(tmp_path, n), "hosts": [h]} for n, h in HOSTS.items()}
    return opened(common_settings(tmp_path, networks, database_url=database))


@pytest.fixture
def client(front: Gateway) -> Iterator[httpx.Client]:
    with visited(front) as client:
        yield client


def test_each_network_is_in_its_own_schema(
    database: str, front: Gateway, client: httpx.Client
) -> None:
    """Guides, people, journal and publications; what one publishes is an edition of it alone; and a
    publication of one under way leaves the other free to publish."""
    person(front, "nord", "anna-del-nord")
    for name, host in HOSTS.items():
        visitor = Visitor(client, host)
        told = visitor.ask("POST", "/api/chat", json={"question": QUESTION})
        assert WORDS[name] in told.text
        bearer = token(front, name, f"macchina-di-{name}", "editor")
        draft = visitor.ask("POST", "/api/admin/desk/drafts", json={"name": WORDS[name]},
                            headers=bearer)  # fmt: skip
        assert draft.status_code == 200, draft.text
    (here, there) = (part(front.apps[name], Cabinet) for name in HOSTS)
    with here.alone("publish"), there.alone("publish"):
        pass
    for name, cabinet in zip(HOSTS, (here, there), strict=True):
        (other,) = set(HOSTS) - {name}
        assert isinstance(cabinet.engine, Engine)
        with cabinet.engine.connect() as connection:
            seen = text("SELECT table_name FROM information_schema.tables "
                        "WHERE table_schema = ANY (current_schemas(false))")  # fmt: skip
            assert set(connection.scalars(seen)) >= OWN_TABLES
            assert connection.scalar(text("SELECT current_schemas(false)")) == [name]
            for table in ("documents", "answers", "audit", "edition_pieces", "pieces"):
                rows = str(connection.execute(text(f"SELECT * FROM {table}")).all())
                assert WORDS[other] not in rows
                assert f"-{other}" not in rows
    with connect(database).connect() as connection:
        tables = text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert connection.scalar(tables) == 0


def test_a_user_for_each_network_reaches_no_other(database: str) -> None:
    """As docs/deploy/networks.md says it: the database itself refuses what is not its own, also to
    a query that names it."""
    administrator = create_engine(database, isolation_level="AUTOCOMMIT")
    urls = {}
    with administrator.connect() as connection:
        owner = make_url(database).database
        connection.execute(text(f"REVOKE ALL ON DATABASE {owner} FROM PUBLIC"))
        for name in HOSTS:
            user = f"{owner}_{name}"
            for line in (
                f"CREATE ROLE {user} LOGIN PASSWORD 'prova'",
                f"GRANT CONNECT ON DATABASE {owner} TO {user}",
                f"CREATE SCHEMA {name} AUTHORIZATION {user}",
                f"ALTER ROLE {user} SET search_path = {name}",
            ):
                connection.execute(text(line))
            told = make_url(database).set(username=user, password="prova")
            urls[name] = told.render_as_string(hide_password=False)
    engines = {name: open_shared(url) for name, url in urls.items()}
    with engines["nord"].connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM documents")) == 0
        for line in (
            "SELECT * FROM sud.documents",
            "SET search_path = sud; SELECT * FROM documents",
            "INSERT INTO sud.documents SELECT * FROM documents",
            "CREATE SCHEMA altro",
            "DROP SCHEMA sud CASCADE",
        ):
            with pytest.raises(ProgrammingError, match=REFUSED):
                connection.execute(text(line))
            connection.rollback()
    for engine in engines.values():
        engine.dispose()


def test_a_schema_is_made_once(database: str) -> None:
    """By whoever comes first; its connections look in it alone."""
    make_schema(database, "nord")
    make_schema(database, "nord")
    engine = connect(in_schema(database, "nord"))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT current_schema()")) == "nord"
    engine.dispose()


def test_the_command_of_a_copy_names_the_schema() -> None:
    """Of that network alone, without the password."""
    url = in_schema("postgresql+psycopg://u:segreta@db.example/bussola", "nord")
    with pytest.raises(JournalError, match="--schema=nord --file=") as told:
        sqlite_file(url)
    assert "segreta" not in str(told.value)
