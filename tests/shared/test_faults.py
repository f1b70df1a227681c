"""A database that is slow or away: answers go on, nothing that was acknowledged is lost, and who
looks is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from database_proxy import a_proxy
from several import Server, a_server, built, until
from small import small_folder
from sqlalchemy import select

from chatbot.http.health import APART
from chatbot.journal.engine import open_engine
from chatbot.journal.records import answers
from chatbot.shared.table_drawer import AWAY

pytestmark = pytest.mark.timeout(3600)


def answers_kept(database: str) -> set[str]:
    engine = open_engine(database)
    with engine.connect() as connection:
        found = set(connection.scalars(select(answers.c.id)))
    engine.dispose()
    return found


def gauge(server: Server, name: str) -> float:
    lines = server.client.get("/metrics").text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"bussola_{name} "))


def told_of(server: Server) -> list[str]:
    """What health says of the database; of the encoder of the tests it says something too."""
    detail = server.health()["detail"]
    return [what for what in (AWAY, APART) if what in detail]


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("fault", ["held", "cut"])
def test_answers_go_on_without_the_database(fault: str, database: str, tmp_path: Path) -> None:
    """Held back, as by a disk that does not write or a network without an end, or cut, so that
    every connection breaks: each question is answered, the journal waits and says so, rates are
    each server's own, and the server stays ready. Then all that waited is in the journal, once."""
    guides = small_folder(tmp_path / "guide")
    built(guides, tmp_path / "var")
    with a_proxy(database) as proxy, a_server(tmp_path / "var", guides, proxy.url) as server:
        told = [server.ask().json()["id"]]
        until(lambda: answers_kept(database) == set(told))
        proxy.hold()
        if fault == "cut":
            proxy.cut()
        told += [server.ask().json()["id"] for _ in range(3)]
        until(lambda: not server.health()["journal"]["working"])
        until(lambda: not server.health()["shared"]["reached"])
        until(lambda: not server.health()["shared"]["rates_together"])
        health = server.health()
        assert health["status"] == "degraded"
        assert told_of(server) == [AWAY, APART]
        assert health["journal"]["waiting"] == gauge(server, "journal_waiting") >= 3
        assert gauge(server, "journal_working") == gauge(server, "database_reached") == 0
        assert server.client.get("/api/ready").status_code == 200
        told.append(server.ask().json()["id"])
        assert answers_kept(database) == set(told[:1])
        proxy.let()
        until(lambda: answers_kept(database) == set(told))
        until(lambda: not told_of(server))
        assert gauge(server, "journal_lost") == 0
        until(lambda: gauge(server, "rates_together") == 1)
