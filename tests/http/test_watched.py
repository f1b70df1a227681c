"""What who watches the servers is told: numbers near them, readiness to who shares out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from chatbot import problem
from chatbot.http import api, metrics
from chatbot.library import Library
from chatbot.parts import provide
from chatbot.shared.editions import Edition, Editions
from chatbot.shared.follower import Follower, Following
from chatbot.shield.meter import Meter
from chatbot.shield.queue import Turns

NOW = datetime.now(UTC)
OLD, NEW = Edition(1, "s", NOW), Edition(2, "t", NOW)


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    """A server among several, that has what is published."""
    library: Any = Library.__new__(Library)
    library._snapshot = SimpleNamespace(id="s", created="2026-11-30T00:00:00+00:00")
    library.error = ""
    no_engine: Any = None
    follower = Follower(Editions(no_engine), tmp_path)
    follower.status = Following(OLD, OLD, True)
    app = FastAPI()
    provide(app, library, follower, Meter(), Turns(1, 4))
    problem.install(app)
    app.include_router(api.router)
    app.include_router(metrics.router)
    return app


def seen(app: FastAPI, path: str, address: str = "127.0.0.1") -> Any:
    return TestClient(app, client=(address, 5000)).get(path)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.3.2.1", "172.31.23.4", "::1", "fd00::7"])
def test_near_machines_see_the_numbers(app: FastAPI, address: str) -> None:
    """In the words of Prometheus."""
    told = seen(app, "/metrics", address)
    assert told.status_code == 200
    assert told.headers["Content-Type"].startswith("text/plain")
    assert "bussola_edition 1.0" in told.text
    assert "bussola_database_reached 1.0" in told.text
    assert "bussola_ready 1.0" in told.text


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00::1", "testclient", ""])
def test_to_others_they_are_not_there(app: FastAPI, address: str) -> None:
    """As any address that leads nowhere."""
    assert seen(app, "/metrics", address).status_code == 404


def test_a_server_that_cannot_have_the_new_edition_is_not_ready(app: FastAPI) -> None:
    """It says why; it lives; and one that is only on its way, or whose database is away, is
    ready."""
    follower = app.state.parts[Follower]
    assert seen(app, "/api/ready").json() == {"ready": True, "snapshot": "s"}
    follower.status = Following(OLD, NEW, True)  # it is coming
    assert seen(app, "/api/ready").status_code == 200
    follower.status = Following(OLD, NEW, False, "Il database non risponde")
    assert seen(app, "/api/ready").status_code == 200
    follower.status = Following(OLD, NEW, True, "«passages.json» è arrivato rotto.")
    told = seen(app, "/api/ready")
    assert (told.status_code, told.json()["detail"]) == (503, "«passages.json» è arrivato rotto.")
    assert "bussola_ready 0.0" in seen(app, "/metrics").text
    assert seen(app, "/api/live").json() == {"alive": True}


def test_one_whose_library_refuses_the_snapshot_is_not_ready(app: FastAPI) -> None:
    """A server alone is: an old answer is better than none."""
    app.state.parts[Library].error = "L'istantanea t non è utilizzabile"
    assert seen(app, "/api/ready").status_code == 503
    del app.state.parts[Follower]
    assert seen(app, "/api/ready").status_code == 200
    assert "bussola_edition" not in seen(app, "/metrics").text
