"""The organisation's own sign-in, by OpenID Connect."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import oidc_provider_mock
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from serving import served
from signing_in import SESSION as URL
from signing_in import application, person

from chatbot.desk.people import People
from chatbot.http import oidc_api
from chatbot.parts import part


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def issuer() -> Iterator[str]:
    """A real provider of OpenID Connect."""
    server = make_server("127.0.0.1", 0, oidc_provider_mock.app(), handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_organisations_own_sign_in(issuer: str, var: Path) -> None:
    """By a real provider: who is new has the role of the settings and a free name, who comes back
    is the same person; a reply that was not asked for opens nothing."""
    person(var, "Ufficio")
    app = application(var, oidc_issuer=issuer, oidc_client_id="bussola",
                      oidc_client_secret="segreto", oidc_role="evaluator")  # fmt: skip
    assert httpx.put(f"{issuer}/users/u1", json={"name": "Ufficio"}).is_success
    with served(app) as address:
        for _ in range(2):
            with httpx.Client(follow_redirects=True) as browser:
                form = browser.get(f"{address}{oidc_api.PREFIX}")
                back = browser.post(form.url, data={"sub": "u1"})
                told = browser.get(f"{address}{URL}").json()
                assert back.history[-1].headers["location"] == "/revisione"
                assert (told["name"], told["role"]) == ("Ufficio 2", "evaluator")
        forged = httpx.get(f"{address}{oidc_api.PREFIX}/back?code=x&state=y")
        assert forged.headers["location"] == "/accedi?errore=1"
    assert [one.subject for one in part(app, People).all()] == ["", f"{issuer} u1"]


def test_without_a_provider_there_is_no_such_way_in(app: FastAPI) -> None:
    assert TestClient(app).get(oidc_api.PREFIX).status_code == 404
