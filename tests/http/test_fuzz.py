"""The server keeps its contract whatever it is sent: no 5xx, no half answer, no hang."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from folders import DATA, MADE, ROOT
from hypothesis import HealthCheck, Phase, given, settings

NAUGHTY: list[str] = json.loads((DATA / "conformance/blns.json").read_text(encoding="utf-8"))
FREE = "1000000 per minute"
QUESTION = {"question": "Quanto dura il tirocinio?"}


@pytest.fixture(scope="module")
def site(live_server: str) -> str:
    return live_server


QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def _fuzz(site: str, cases: int, same: bool) -> int:
    """`cases` generated requests to each route, valid and not; how many routes there were.
    `same` makes them the same at each run, so that a change fails for what it does."""
    schema = schemathesis.openapi.from_url(f"{site}/openapi.json")
    routes = [result.ok() for result in schema.get_all_operations()]
    for route in routes:

        @given(case=route.as_strategy())
        @settings(max_examples=cases, deadline=None, suppress_health_check=QUIET,
                  phases=[Phase.explicit, Phase.generate], database=None,
                  derandomize=same)  # fmt: skip
        def keeps_its_contract(case: Any) -> None:
            case.call_and_validate(timeout=30)

        keeps_its_contract()
    return len(routes)


def test_every_route_keeps_its_contract(site: str) -> None:
    """Generated requests, valid and not, to every route: a documented status and body each."""
    assert _fuzz(site, 25, same=True) >= 9


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_every_route_keeps_its_contract_over_thousands_of_cases(site: str) -> None:
    """The same, long."""
    assert _fuzz(site, 1000, same=False) >= 9


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("\u200b", 200), ("\u0017\U0003d184\U00029bec", 200), ("?", 200),
        ("\u2028 \u00a0", 422), ("\x00\x85\x9f", 422), ("\ufeff", 422),
    ],
)  # fmt: skip
def test_what_counts_as_blank(site: str, text: str, status: int) -> None:
    """Blanks and control characters alone are no question, by the schema and by the server; any
    other character is one, though nobody can read it."""
    pattern = httpx.get(f"{site}/openapi.json").json()["components"]["schemas"]["ChatIn"][
        "properties"
    ]["question"]["pattern"]
    answer = httpx.post(f"{site}/api/chat", json={"question": text}, timeout=30)
    assert answer.status_code == status
    assert bool(re.search(pattern, text)) == (status == 200)


def _every_field(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """A naughty string in every text field that the contract has."""
    yield "/api/chat", {"question": text}
    yield "/api/chat", {**QUESTION, "history": [{"role": "user", "text": text}]}
    for name in ("title", "municipality", "application_date"):
        yield "/api/chat", {**QUESTION, "profile": {name: text}}
    yield "/api/chat", {**QUESTION, "language": text}
    yield "/api/chat", {**QUESTION, "conversation": text}
    yield "/api/feedback", {"answer_id": "a1", "reason": "sbagliata", "comment": text}
    yield "/api/feedback", {"answer_id": text, "reason": text}


def _send_naughty(site: str, texts: list[str]) -> int:
    sent = 0
    with httpx.Client(base_url=site, timeout=30) as client:
        for text in texts:
            for path, body in _every_field(text):
                response = client.post(path, json=body)
                sent += 1
                assert response.status_code in (200, 422), (path, body, response.text[:300])
            for url in ("/guide", "/servizi"):
                page = client.get(url, params={"q": text, "bisogno": text, "comune": text})
                assert page.status_code in (200, 404, 422), (url, text, page.status_code)
                assert "Traceback" not in page.text
    return sent


def test_naughty_strings_in_every_text_field(site: str) -> None:
    """One in ten of the naughty strings through every field; the soak sends them all."""
    assert _send_naughty(site, NAUGHTY[::10]) == len(NAUGHTY[::10]) * 9


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_all_the_naughty_strings_in_every_text_field(site: str) -> None:
    """All 515, through every text field and the searches of the pages."""
    assert len(NAUGHTY) == 515
    assert _send_naughty(site, NAUGHTY) == 5150


def _connect(site: str) -> socket.socket:
    host, port = site.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=20)


def _post(body: bytes, path: str = "/api/chat", length: int | None = None) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body) if length is None else length}\r\n\r\n"
    )
    return head.encode() + body


def _read_all(connection: socket.socket) -> bytes:
    data = b""
    while part := connection.recv(65_536):
        data += part
    return data


def _healthy(site: str) -> None:
    assert httpx.get(f"{site}/api/health", timeout=10).json()["status"] == "ok"


def _slow_body(site: str) -> tuple[bytes, float]:
    """What a client is told that begins a body and sends no more of it, and after how long."""
    started = time.monotonic()
    with _connect(site) as connection:
        connection.sendall(_post(b'{"ques', length=500))
        return _read_all(connection), time.monotonic() - started


def _slow_later_headers(site: str) -> tuple[bytes, float]:
    """The first answer to a client that then begins a second request and sends no more of it, and
    after how long it is let go."""
    with _connect(site) as connection:
        connection.sendall(b"GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n")
        first = connection.recv(65_536)
        connection.sendall(b"GET / HTTP/1.1\r\nX-")
        started = time.monotonic()
        _read_all(connection)
    return first, time.monotonic() - started


@pytest.fixture(scope="module")
def slow(site: str) -> Iterator[dict[str, Future[tuple[bytes, float]]]]:
    """Both wait for the same ten seconds, and so does whoever else is slow meanwhile."""
    with ThreadPoolExecutor(2) as pool:
        yield {
            "body": pool.submit(_slow_body, site),
            "headers": pool.submit(_slow_later_headers, site),
        }


@pytest.mark.usefixtures("slow")
def test_slow_headers_are_dropped(site: str) -> None:
    """A connection that never finishes its headers is closed; two hundred of them do not keep
    anybody else from being served."""
    idle = [_connect(site) for _ in range(200)]
    for connection in idle:
        connection.sendall(b"GET / HTTP/1.1\r\nX-")
    _healthy(site)
    assert httpx.post(f"{site}/api/chat", json=QUESTION, timeout=30).status_code == 200
    idle[0].settimeout(20)
    assert idle[0].recv(1) == b""
    for connection in idle:
        connection.close()


def test_a_slow_body_is_told_so_and_dropped(
    site: str, slow: dict[str, Future[tuple[bytes, float]]]
) -> None:
    """A client that sends one byte at a time gets 408 within the limit, not a thread for ever."""
    answer, seconds = slow["body"].result()
    assert b" 408 " in answer.split(b"\r\n")[0]
    assert seconds < 25
    _healthy(site)


def test_slow_headers_of_a_later_request_are_dropped(
    slow: dict[str, Future[tuple[bytes, float]]],
) -> None:
    """A connection that was served once has no more time for its next headers than the first."""
    first, seconds = slow["headers"].result()
    assert b" 200 " in first.split(b"\r\n")[0]
    assert seconds < 15


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: " + b"a" * 100_000 + b"\r\n\r\n",
        b"POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n123",
        b"POST /api/chat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 1_000_000,
        b"POST /api/chat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: "
        + b"a" * 1_000_000,
        b"GET /" + b"%ff" * 2000 + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    ],
)  # fmt: skip
def test_broken_requests_get_a_4xx_or_a_closed_door(site: str, raw: bytes) -> None:
    """What is not HTTP is refused, and the server goes on."""
    answer = b""
    with _connect(site) as connection, suppress(ConnectionError):  # closed while we still send
        connection.sendall(raw)
        with suppress(OSError):  # closed already
            connection.shutdown(socket.SHUT_WR)
        answer = _read_all(connection)
    assert answer == b"" or answer.split(b" ", 2)[1].startswith(b"4"), answer[:200]
    _healthy(site)


def test_a_half_closed_socket_still_gets_its_answer(site: str) -> None:
    """A client that closes its sending side and waits is answered, or let go: never a hang."""
    with _connect(site) as connection:
        connection.sendall(_post(json.dumps(QUESTION).encode()))
        connection.shutdown(socket.SHUT_WR)
        answer = _read_all(connection)
    assert answer == b"" or b" 200 " in answer.split(b"\r\n")[0]
    _healthy(site)


def test_leaving_in_the_middle_of_a_stream_frees_the_place(site: str) -> None:
    """Eighty clients that go away after the first bytes leave no question counted as under way."""
    for _ in range(80):
        connection = _connect(site)
        connection.sendall(_post(json.dumps(QUESTION).encode(), "/api/chat/stream"))
        connection.recv(10)
        connection.close()
    deadline = time.monotonic() + 30
    while httpx.post(f"{site}/api/chat", json=QUESTION, timeout=30).status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    _healthy(site)


def _start(published: Path, tmp_path: Path) -> tuple[subprocess.Popen[str], str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ, "PORT": str(port), "BUSSOLA_GUIDES": str(MADE),
        "BUSSOLA_VAR": str(published), "BUSSOLA_ASK_RATE": FREE,
        "BUSSOLA_JOURNAL_URL": f"sqlite:///{tmp_path / 'journal.sqlite'}",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "server.py"], cwd=ROOT, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return process, f"127.0.0.1:{port}"


def test_a_stop_drains_within_ten_seconds(published: Path, tmp_path: Path) -> None:
    """SIGTERM while questions are under way, a connection is idle and another sends nothing: those
    begun are answered, the process ends with 0 within 10 s, and its log has no question in it."""
    process, host = _start(published, tmp_path)
    secret = "domandasegretissima"
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if "pronta" in line:
                break
        deadline = time.monotonic() + 60
        while True:
            try:
                idle = _connect(f"http://{host}")
                break
            except ConnectionRefusedError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        idle.sendall(b"POST /api/chat HTTP/1.1\r\n")
        busy = http.client.HTTPConnection(host, timeout=30)
        body = json.dumps({"question": f"{secret}: quanto dura il tirocinio?"})
        busy.request("POST", "/api/chat", body, {"Content-Type": "application/json"})
        time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        stopped = time.monotonic()
        answer = busy.getresponse()
        assert answer.status == 200
        assert json.loads(answer.read())["id"]
        assert process.wait(timeout=20) in (0, -signal.SIGTERM)
        assert time.monotonic() - stopped < 10
        assert secret not in process.stdout.read()
        assert secret.encode() in (tmp_path / "journal.sqlite").read_bytes()
    finally:
        process.kill()
