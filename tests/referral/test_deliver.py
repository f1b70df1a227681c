"""A slip on its way: what is in the mail, how the POST is signed, what counts as arrived."""

from __future__ import annotations

import importlib.util
import json
import socket
from pathlib import Path
from types import ModuleType

import pytest
from fastapi.testclient import TestClient
from folders import ROOT
from made_referrals import SECRET, made, settings
from pytest_httpserver import HTTPServer

from chatbot.journal.records import now
from chatbot.mail import Mailer, NotSentError, send_mail
from chatbot.referral.deliver import NotHandedOnError, body_of, hand_on, mail_of
from chatbot.referral.referral import Slip
from chatbot.referral.ways import Way, Ways

SLIP = Slip("Il conto\nè chiuso", (("Nome", "nome di prova"),), "https://b.example/x", "2031-06-01")


@pytest.fixture
def connector(monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer) -> ModuleType:
    """The example of docs, with a small fake in the place of Zammad."""
    path: Path = ROOT / "docs/esempi/zammad/connector.py"
    spec = importlib.util.spec_from_file_location("zammad_connector", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, value in {
        "ZAMMAD_URL": httpserver.url_for(""), "ZAMMAD_TOKEN": "t", "ZAMMAD_GROUP": "Accoglienza",
        "BUSSOLA_REFERRAL_SECRET": SECRET,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    return module


def ways() -> Ways:
    return Ways.of(settings(referral_webhooks={"*": "https://x.example"}, referral_secret=SECRET))


def test_the_mail_says_consent_and_link_and_its_subject_nothing() -> None:
    """What identifies the person is in the body alone."""
    message = mail_of(made(), SLIP, "a@servizio.example", "b@rete.example")
    body = message.get_content()
    assert "nome di prova" in body
    assert "ha detto di sì a Sportello" in body
    assert SLIP.link in body
    assert "nome di prova" not in str(message["Subject"])
    assert message["To"] == "a@servizio.example"


def test_a_mail_server_that_is_away_is_tried_again() -> None:
    """It is no failure for good."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    mailer = Mailer.parse(f"smtp://127.0.0.1:{port}?tls=no", "b@rete.example")
    with pytest.raises(NotSentError) as told:
        send_mail(mail_of(made(), SLIP, "a@servizio.example", mailer.sender), mailer)
    assert not told.value.for_good


@pytest.mark.parametrize(("status", "for_good"), [(500, False), (302, False), (410, True)])
def test_only_2xx_is_delivered(httpserver: HTTPServer, status: int, for_good: bool) -> None:
    """A redirect is not followed: the slip goes where the settings say, or nowhere."""
    httpserver.expect_request("/hook").respond_with_data("", status, {"Location": "/altrove"})
    way = Way("webhook", httpserver.url_for("/hook"))
    with pytest.raises(NotHandedOnError) as told:
        hand_on(made(), SLIP, way, ways(), now())
    assert told.value.for_good is for_good
    assert len(httpserver.log) == 1


def test_a_slip_becomes_a_ticket(httpserver: HTTPServer, connector: ModuleType) -> None:
    """From the signed POST, through the example connector, to Zammad's API."""
    httpserver.expect_request("/hook").respond_with_data("", 204)
    referral = made()
    state = hand_on(referral, SLIP, Way("webhook", httpserver.url_for("/hook")), ways(), now())
    assert state == "delivered"
    ((posted, _),) = httpserver.log
    httpserver.expect_request(
        "/api/v1/tickets", method="POST", headers={"Authorization": "Token token=t"}
    ).respond_with_json({"id": 1}, 201)
    signed = {k: v for k, v in posted.headers.items() if k.lower().startswith("webhook-")}
    client = TestClient(connector.app)
    assert client.post("/hook", content=posted.data, headers=signed).status_code == 204
    ticket = json.loads(httpserver.log[-1][0].data)
    assert ticket["group"] == "Accoglienza"
    assert "nome di prova" in ticket["article"]["body"]
    assert "nome di prova" not in ticket["title"]
    assert ticket["article"]["internal"] is True


def test_a_forged_or_old_slip_makes_no_ticket(
    httpserver: HTTPServer, connector: ModuleType
) -> None:
    """Another body, another key, another day."""
    client = TestClient(connector.app)
    httpserver.expect_request("/hook").respond_with_data("", 204)
    hand_on(made(), SLIP, Way("webhook", httpserver.url_for("/hook")), ways(), now())
    ((posted, _),) = httpserver.log
    signed = {k.lower(): v for k, v in posted.headers.items() if k.lower().startswith("webhook-")}
    other = json.dumps(body_of(made(office="Altro"), SLIP)).encode()
    assert client.post("/hook", content=other, headers=signed).status_code == 401
    old = {**signed, "webhook-timestamp": "1000"}
    assert client.post("/hook", content=posted.data, headers=old).status_code == 401
    assert client.post("/hook", content=posted.data).status_code == 401
    assert len(httpserver.log) == 1
