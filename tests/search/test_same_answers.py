"""What is searched in the database is answered as what is searched in memory."""

from __future__ import annotations

from random import Random

import pytest
from databases import empty_database
from folders import MADE
from made_encoder import made_encoder

from chatbot.bot import Bot
from chatbot.question import Question
from chatbot.settings import Settings
from chatbot.shared.searched import in_memory, searched_by
from index.publish.build import build
from index.publish.snapshot import Snapshot, load_current
from index.search.store import VectorStore
from index.search.table import TableStore, VectorTables


@pytest.fixture(scope="module")
def made_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    var = tmp_path_factory.mktemp("var")
    build(MADE, var, made_encoder())
    return load_current(var)


def questions(snapshot: Snapshot, count: int) -> list[str]:
    """What the guides are asked, and their sentences, each three times, with a word in three gone:
    so many of them."""
    dice = Random(7)
    found = [asked for passage in snapshot.passages for asked in passage.questions]
    for passage in snapshot.passages:
        for unit in passage.units * 3:
            words = [word for word in unit.text.split() if dice.random() > 1 / 3]
            found.append(" ".join(words[:30]))
    distinct = sorted({one for one in found if len(one.split()) > 2})
    assert len(distinct) >= count
    return dice.sample(distinct, count)


def settings(database: str, large: int) -> Settings:
    return Settings(_env_file=None, database_url=database, search_in_database_from=large)  # type: ignore[call-arg]


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("count", [60, pytest.param(500, marks=pytest.mark.soak)])
def test_both_find_and_answer_the_same(count: int, database: str, made_snapshot: Snapshot) -> None:
    """Same passages in the same order, same outcome, same words, same quotes."""
    here, bot = made_snapshot, Bot(made_encoder())
    there = searched_by(settings(database, large=1))(here)
    stores = (there.store, there.asked, there.near_units)
    assert all(isinstance(store, TableStore) for store in stores)
    different = []
    for asked in questions(here, count):
        one, other = (bot.reply(Question(asked), snapshot) for snapshot in (here, there))
        told = [(a.outcome, a.answer, a.citations, [h.passage.id for h in a.hits])
                for a in (one, other)]  # fmt: skip
        if told[0] != told[1]:
            different.append(asked)
    assert different == []
    assert [store.in_file for store in stores if isinstance(store, TableStore)] == [0, 0, 0]


def test_a_small_snapshot_stays_in_memory(database: str, made_snapshot: Snapshot) -> None:
    """And any, where no database is shared; one is searched there from the number that is set."""
    many = len(made_snapshot.passages)
    small = searched_by(settings(database, large=many + 1))(made_snapshot)
    assert small is made_snapshot
    assert searched_by(settings("", large=0)) is in_memory
    large = searched_by(settings(database, large=many))(made_snapshot)
    assert isinstance(large.store, TableStore)


def test_a_server_without_pgvector_is_searched_in_memory(
    postgres: str, made_snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And so is one that does not answer: the log says why, no question is lost."""
    monkeypatch.setattr(VectorTables, "_make", _no_extension)
    found = searched_by(settings(empty_database(postgres), large=1))(made_snapshot)
    assert isinstance(found.store, VectorStore)
    nobody = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    assert isinstance(searched_by(settings(nobody, large=1))(made_snapshot).store, VectorStore)


def _no_extension(tables: VectorTables, connection: object) -> None:
    from sqlalchemy import Connection, text

    assert isinstance(connection, Connection)
    connection.execute(text("CREATE EXTENSION no_such_extension"))
