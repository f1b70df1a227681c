"""A rate is one for all servers; while the database is away each counts its own."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from limits import parse
from sqlalchemy import Engine, func, select, update

from chatbot.problem import Unavailable
from chatbot.shared import rates as module
from chatbot.shared.cabinet import open_shared
from chatbot.shared.rates import SharedCounts
from chatbot.shared.tables import rates
from chatbot.shield.limits import CONVERSATION_HEADER, Policy, RateLimit, client_key

POLICY = Policy("3 per hour", "100 per hour", "5 per hour", "4 per hour", "2 per hour")


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = open_shared(database)
    yield engine
    engine.dispose()


@pytest.fixture
def servers(engine: Engine) -> list[tuple[FastAPI, SharedCounts]]:
    """Two that share a database; each exchanges its counts when a test says so."""
    return [application(SharedCounts(engine)) for _ in range(2)]


def application(counts: SharedCounts) -> tuple[FastAPI, SharedCounts]:
    app = FastAPI()

    @app.post("/api/chat")
    @app.post("/v1/chat/completions")
    async def chat() -> str:
        return "ok"

    def program(scope: dict[str, object]) -> str:
        return "programma"

    app.add_middleware(RateLimit, policy=POLICY, program_of=program, counts=counts)
    return app, counts


def ask(app: FastAPI, address: str = "198.51.100.1", path: str = "/api/chat", **said: str) -> int:
    return TestClient(app, client=(address, 5000), headers=said).post(path).status_code


def exchange(*servers: tuple[FastAPI, SharedCounts]) -> None:
    for _, counts in servers:
        counts.exchange()


def test_an_address_has_one_rate_on_all_servers(
    servers: list[tuple[FastAPI, SharedCounts]],
) -> None:
    """Two here and one there are three: the fourth is refused on both, and another address is not.
    What was told once is not told again."""
    (first, _), (second, _) = servers
    assert [ask(first), ask(first), ask(second)] == [200, 200, 200]
    exchange(*servers, *servers, *servers)
    assert [ask(first), ask(second)] == [429, 429]
    assert ask(second, "198.51.100.2") == 200


def test_a_conversation_and_a_program_are_counted_together_too(
    servers: list[tuple[FastAPI, SharedCounts]],
) -> None:
    """A tab whose questions are shared out among servers has no more than one server gives it."""
    tab = {CONVERSATION_HEADER: f"{7:032x}"}
    assert [ask(app, **tab) for app, _ in servers] == [200, 200]
    bears = {"Authorization": "Bearer x"}
    for address in ("198.51.100.7", "198.51.100.8"):
        for app, _ in servers:
            assert ask(app, address, "/v1/chat/completions", **bears) == 200
    exchange(*servers, *servers)
    assert [ask(app, **tab) for app, _ in servers] == [429, 429]
    spoken = [ask(app, "198.51.100.9", "/v1/chat/completions", **bears) for app, _ in servers]
    assert spoken == [429, 429]


def test_who_asked_is_not_in_the_database_and_old_windows_go(
    engine: Engine, servers: list[tuple[FastAPI, SharedCounts]]
) -> None:
    """Digests are, for as long as they count."""
    ask(servers[0][0])
    exchange(servers[0])
    with engine.begin() as connection:
        kept = list(connection.execute(select(rates.c.key, rates.c.n)))
        assert len(kept) == 2  # of the address, and of everybody
        assert all(len(key) == 64 and "198" not in key[:3] and n == 1 for key, n in kept)
        connection.execute(update(rates).values(until=func.now() - func.make_interval(0, 0, 0, 1)))
    exchange(servers[1])
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(rates)) == 0


def test_while_the_database_is_away_each_counts_its_own(
    engine: Engine, servers: list[tuple[FastAPI, SharedCounts]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is refused for it and nobody let in without end; what was counted meanwhile is told
    when it is back."""
    (first, mine), (second, _) = servers
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE rates RENAME TO gone")
    assert [ask(first), ask(first)] == [200, 200]
    with pytest.raises(Unavailable):
        mine.exchange()
    assert [ask(first), ask(first)] == [200, 429]
    assert [ask(second), ask(second)] == [200, 200]
    assert mine.together  # it was heard of a moment ago
    monkeypatch.setattr(module, "SLOW_S", 0.0)
    assert not mine.together
    monkeypatch.undo()
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO rates")
    exchange(*servers)
    assert mine.together
    assert ask(second) == 429


def test_the_thread_exchanges_by_itself(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once started, until it is closed."""
    monkeypatch.setattr(module, "EVERY_S", 0.01)
    first, second = (application(SharedCounts(engine)) for _ in range(2))
    assert [ask(first[0]) for _ in range(3)] == [200, 200, 200]
    for _, counts in (first, second):
        counts.start()
    deadline = time.monotonic() + 60
    try:
        while second[1].get(window()) < 3:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        for _, counts in (first, second):
            counts.close()
    assert ask(second[0]) == 429


def window() -> str:
    """The name of the window in which an address is counted now."""
    item = parse(POLICY.ask_address)
    address = client_key({"client": ("198.51.100.1", 5000)})
    keys = SharedCounts.sliding_window_keys(item.key_for(address), item.get_expiry(), time.time())
    return keys[1]
