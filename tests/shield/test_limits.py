"""Too many requests are told so early, fairly, and by the right address."""

import http.client
import time

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from folders import ROOT
from serving import served
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from chatbot.settings import Settings
from chatbot.shield.limits import CONVERSATION_HEADER, Policy, RateLimit, client_key

POLICY = Policy("3 per minute", "10 per minute", "5 per minute")


def application(policy: Policy = POLICY, proxies: list[str] | None = None) -> FastAPI:
    app = FastAPI()

    @app.post("/api/chat")
    async def chat() -> str:
        return "ok"

    @app.get("/guide")
    async def guide() -> str:
        return "ok"

    @app.get("/api/health")
    async def health() -> str:
        return "ok"

    app.add_middleware(RateLimit, policy=policy)
    if proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=proxies)
    return app


def client(app: FastAPI, address: str = "198.51.100.1", **headers: str) -> TestClient:
    return TestClient(app, client=(address, 5000), headers=headers)


def test_one_address_has_its_rate_and_the_others_theirs() -> None:
    """The fourth question of a minute is 429 with Retry-After; another address asks freely."""
    app = application()
    statuses = [client(app).post("/api/chat").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    refused = client(app).post("/api/chat")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert client(app, "198.51.100.2").post("/api/chat").status_code == 200


def test_web_01_an_office_behind_one_address_is_let_in() -> None:
    """Forty people, two questions a minute each and three pages: with the default rates nobody is
    refused, as the documents say; and one of them may then ask as fast as one can."""
    app = application(default_policy())
    tabs = [client(app, **{CONVERSATION_HEADER: f"{n:032x}"}) for n in range(40)]
    assert {tab.post("/api/chat").status_code for tab in tabs for _ in range(2)} == {200}
    assert {tab.get("/guide").status_code for tab in tabs for _ in range(3)} == {200}
    assert {tabs[0].post("/api/chat").status_code for _ in range(18)} == {200}
    assert "asks 80: none is refused" in (ROOT / "docs/settings.md").read_text("utf-8")


def default_policy() -> Policy:
    settings = Settings()
    return Policy(
        settings.ask_rate, settings.global_rate, settings.read_rate, settings.program_rate,
        settings.conversation_rate,
    )  # fmt: skip


def test_a_tab_that_asks_without_end_leaves_room_for_its_office() -> None:
    """Refused after twenty in a minute, while another conversation of the same address is not. A
    name in another form is none: it is counted by the address alone."""
    app = application(default_policy())
    mad, calm = (client(app, **{CONVERSATION_HEADER: f"{n:032x}"}) for n in (1, 2))
    assert [mad.post("/api/chat").status_code for _ in range(22)] == [200] * 20 + [429] * 2
    assert calm.post("/api/chat").status_code == 200
    strange = client(app, **{CONVERSATION_HEADER: "x" * 32})
    assert {strange.post("/api/chat").status_code for _ in range(25)} == {200}


def test_names_of_conversations_give_no_more_than_an_address_has() -> None:
    """Whoever invents a new one for each question is refused by the address."""
    app = application()
    invented = [client(app, **{CONVERSATION_HEADER: f"{n:032x}"}) for n in range(4)]
    assert [one.post("/api/chat").status_code for one in invented] == [200, 200, 200, 429]


def test_everybody_together_has_a_rate_that_one_address_cannot_use_up() -> None:
    """A flood from one address takes only its own share of the global rate; beyond the global rate
    a new address is refused as well."""
    app = application()
    for _ in range(50):
        client(app).post("/api/chat")
    others = [client(app, f"198.51.100.{n}").post("/api/chat").status_code for n in range(2, 12)]
    assert others == [200] * 7 + [429] * 3


def test_reading_has_its_own_rate_and_health_none() -> None:
    """Pages are counted apart from questions; the health check is always answered."""
    app = application()
    assert [client(app).get("/guide").status_code for _ in range(6)] == [200] * 5 + [429]
    assert client(app).post("/api/chat").status_code == 200
    assert {client(app).get("/api/health").status_code for _ in range(20)} == {200}


def test_a_forwarded_address_is_believed_only_from_a_declared_proxy() -> None:
    """Without declared proxies X-Forwarded-For changes nothing; with them the address before the
    proxy counts, and what a client wrote in the header does not."""
    direct = application()
    for n in range(3):
        client(direct, **{"X-Forwarded-For": f"203.0.113.{n}"}).post("/api/chat")
    spoofed = client(direct, **{"X-Forwarded-For": "203.0.113.99"}).post("/api/chat")
    assert spoofed.status_code == 429
    behind = application(proxies=["198.51.100.0/24"])
    for _ in range(3):
        client(behind, **{"X-Forwarded-For": "203.0.113.1"}).post("/api/chat")
    ask = {"X-Forwarded-For": "203.0.113.1"}
    assert client(behind, **ask).post("/api/chat").status_code == 429
    lie = {"X-Forwarded-For": "192.0.2.7, 203.0.113.1"}  # the first part is the client's word
    assert client(behind, **lie).post("/api/chat").status_code == 429
    other = {"X-Forwarded-For": "203.0.113.2"}
    assert client(behind, **other).post("/api/chat").status_code == 200
    stranger = client(behind, "192.0.2.1", **{"X-Forwarded-For": "203.0.113.77"})
    assert [stranger.post("/api/chat").status_code for _ in range(4)] == [200, 200, 200, 429]


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_customer_counts_as_one(host: str, key: str) -> None:
    """A /64 is one customer; an IPv4 address in IPv6 dress is the IPv4 address."""
    assert client_key({"client": (host, 1)}) == key


def test_a_refusal_is_read_by_a_client_that_is_still_sending() -> None:
    """Headers first and the body a moment later, as many clients do: the 429 arrives whole and
    the connection goes on, instead of being reset."""
    with served(application(Policy("1 per minute", "9 per minute", "5 per minute"))) as site:
        connection = http.client.HTTPConnection(site.removeprefix("http://"), timeout=10)
        connection.connect()
        connection.auto_open = 0  # a closed connection is an error, not opened again
        for expected in (200, 429, 429):
            connection.putrequest("POST", "/api/chat")
            connection.putheader("Content-Length", "4000")
            connection.endheaders()
            time.sleep(0.05)
            connection.send(b"a" * 4000)
            response = connection.getresponse()
            response.read()
            assert response.status == expected
        connection.close()
