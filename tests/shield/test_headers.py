"""Every response protects the browser that reads it."""

import re

import pytest
from apart import run_apart
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.testclient import TestClient

from chatbot import problem
from chatbot.parts import part
from chatbot.settings import Settings
from chatbot.shield.faults import Faults
from chatbot.shield.protection import protect
from chatbot.shield.queue import Turns

SITE, KEYED, STRANGER = "https://rete.example", "https://comune.example", "https://altro.example"


def application(**changes: object) -> FastAPI:
    values: dict[str, object] = {"allowed_origins": [SITE], "frame_origins": [SITE], **changes}
    settings = Settings(_env_file=None, **values)  # type: ignore[arg-type]
    app = FastAPI(docs_url=None, redoc_url=None)
    problem.install(app)
    protect(app, settings)

    @app.get("/", response_class=HTMLResponse)
    async def page() -> str:
        return "<!doctype html>"

    @app.post("/api/chat")
    async def chat(body: dict[str, str]) -> dict[str, str]:
        return body

    @app.get("/api/broken")
    async def broken() -> None:
        raise RuntimeError("domandasegreta")

    return app


def test_a_page_allows_nothing_inline_and_nobody_else() -> None:
    """The policy starts from nothing, has no unsafe word and no other origin; only the listed
    sites may frame it."""
    response = TestClient(application()).get("/")
    policy = dict(
        part.strip().split(" ", 1)
        for part in response.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == f"'self' {SITE}"
    assert policy["base-uri"] == policy["object-src"] == "'none'"
    assert not re.search("unsafe|\\*|https?:(?!//rete)", " ".join(policy.values()))


@pytest.mark.parametrize("path", ["/", "/api/chat", "/api/broken", "/nowhere"])
def test_every_response_has_the_headers(path: str) -> None:
    """Also a 404, a 405 and an unexpected error."""
    headers = TestClient(application()).get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in headers
    assert "Set-Cookie" not in headers


def test_hsts_only_behind_tls_of_a_declared_proxy() -> None:
    """HSTS is sent when the declared proxy says https; anybody else's word is not taken."""
    said = {"X-Forwarded-Proto": "https"}
    trusted = TestClient(application(trusted_proxies=["192.0.2.1"]), client=("192.0.2.1", 1))
    assert "max-age" in trusted.get("/", headers=said).headers["Strict-Transport-Security"]
    other = TestClient(application(trusted_proxies=["192.0.2.1"]), client=("192.0.2.2", 1))
    assert "Strict-Transport-Security" not in other.get("/", headers=said).headers


def test_an_unexpected_error_tells_nothing(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """No traceback and no message of the exception, neither in the response nor in the logs."""
    response = TestClient(application()).get("/api/broken")
    assert response.status_code == 500
    assert response.headers["Content-Type"] == "application/problem+json"
    printed = capsys.readouterr()
    everything = response.text + printed.out + printed.err + caplog.text
    assert "domandasegreta" not in everything
    assert "Traceback" not in everything
    assert "RuntimeError" in printed.out + printed.err + caplog.text


def test_cross_origin_reading_by_allow_list() -> None:
    """A listed site may ask and read, also a refusal; another one gets no permission."""
    client = TestClient(application())
    ask = {"Origin": SITE, "Access-Control-Request-Method": "POST",
           "Access-Control-Request-Headers": "content-type,x-bussola-key"}  # fmt: skip
    assert client.options("/api/chat", headers=ask).headers["Access-Control-Allow-Origin"] == SITE
    bad = client.post("/api/chat", json=["?"], headers={"Origin": SITE})
    assert bad.status_code == 422
    assert bad.headers["Access-Control-Allow-Origin"] == SITE
    for path in ("/api/chat", "/"):
        refused = client.get(path, headers={"Origin": STRANGER})
        assert "Access-Control-Allow-Origin" not in refused.headers
    assert client.options("/api/chat", headers={**ask, "Origin": STRANGER}).status_code == 400
    assert "Access-Control-Allow-Credentials" not in client.get("/", headers=ask).headers


def test_a_refusal_is_readable_by_whom_it_is_for() -> None:
    """A refusal, made once for all, is the same problem document with `Retry-After` and the
    headers of every response for each; a listed site may read it, the next one may not."""
    app = application(max_in_flight=1)
    part(app, Turns).take()
    client = TestClient(app)
    body = {"question": "x"}
    for _ in range(2):
        listed = client.post("/api/chat", json=body, headers={"Origin": SITE})
        other = client.post("/api/chat", json=body, headers={"Origin": STRANGER})
        assert listed.headers["Access-Control-Allow-Origin"] == SITE
        assert "Retry-After" in listed.headers["Access-Control-Expose-Headers"]
        assert "Access-Control-Allow-Origin" not in other.headers
        for response in (listed, other):
            assert response.status_code == 503
            assert response.headers["Retry-After"].isdigit()
            assert response.headers["Content-Type"] == problem.MEDIA_TYPE
            assert response.headers["Cache-Control"] == "no-store"
            assert response.headers.get_list("X-Content-Type-Options") == ["nosniff"]
            assert response.json()["status"] == 503


def test_a_widget_key_belongs_to_its_site() -> None:
    """With keys a foreign page needs the key of its own site; our own page needs none."""
    client = TestClient(application(widget_keys={"k1": [KEYED], "k2": [SITE]}))

    def ask(**headers: str) -> int:
        body = {"question": "x"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.post("/api/chat", json=body, headers=named).status_code

    assert ask(Origin=KEYED, X_Bussola_Key="k1") == 200
    assert ask(Origin=KEYED, X_Bussola_Key="k2") == 403
    assert ask(Origin=KEYED) == 403
    assert ask(Origin=STRANGER, X_Bussola_Key="k1") == 403
    assert ask(Origin="null", X_Bussola_Key="k1") == 403
    assert ask(Origin="http://testserver") == 200
    assert ask() == 200


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_is_413(chunked: bool) -> None:
    """With and without a declared length."""
    client = TestClient(application(max_body_bytes=2000))
    body = b'{"question": "' + b"a" * 3000 + b'"}'
    content = (body[i : i + 500] for i in range(0, len(body), 500)) if chunked else body
    response = client.post("/api/chat", content=content)
    assert response.status_code == 413


def test_faults_pass_what_is_not_http() -> None:
    """The lifespan goes through untouched: an error at the start stops the server."""

    async def failing(scope: object, receive: object, send: object) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        run_apart(Faults(failing)({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
