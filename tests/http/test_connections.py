"""Connections that are slow, broken or left: told or dropped, and the server goes on."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

import httpx
import pytest
from sockets import QUESTION, connect, healthy, post, read_all


def _slow_body(site: str) -> tuple[bytes, float]:
    """What a client is told that begins a body and sends no more of it, and after how long."""
    started = time.monotonic()
    with connect(site) as connection:
        connection.sendall(post(b'{"ques', length=500))
        return read_all(connection), time.monotonic() - started


def _slow_later_headers(site: str) -> tuple[bytes, float]:
    """The first answer to a client that then begins a second request and sends no more of it, and
    after how long it is let go."""
    with connect(site) as connection:
        connection.sendall(b"GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n")
        first = connection.recv(65_536)
        connection.sendall(b"GET / HTTP/1.1\r\nX-")
        started = time.monotonic()
        read_all(connection)
    return first, time.monotonic() - started


@dataclass(frozen=True)
class Slow:
    """Clients that all wait for the same ten seconds, while the other tests go on."""

    body: Future[tuple[bytes, float]]
    headers: Future[tuple[bytes, float]]
    idle: list[socket.socket]


@pytest.fixture(scope="module", autouse=True)
def slow(site: str) -> Iterator[Slow]:
    idle = [connect(site) for _ in range(200)]
    for connection in idle:
        connection.sendall(b"GET / HTTP/1.1\r\nX-")
    with ThreadPoolExecutor(2) as pool:
        yield Slow(pool.submit(_slow_body, site), pool.submit(_slow_later_headers, site), idle)
    for connection in idle:
        connection.close()


def test_slow_headers_keep_nobody_from_being_served(site: str) -> None:
    """Two hundred connections that never finish their headers."""
    healthy(site)
    assert httpx.post(f"{site}/api/chat", json=QUESTION, timeout=30).status_code == 200


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
    with connect(site) as connection, suppress(ConnectionError):  # closed while we still send
        connection.sendall(raw)
        with suppress(OSError):  # closed already
            connection.shutdown(socket.SHUT_WR)
        answer = read_all(connection)
    assert answer == b"" or answer.split(b" ", 2)[1].startswith(b"4"), answer[:200]
    healthy(site)


def test_a_half_closed_socket_still_gets_its_answer(site: str) -> None:
    """A client that closes its sending side and waits is answered, or let go: never a hang."""
    with connect(site) as connection:
        connection.sendall(post(json.dumps(QUESTION).encode()))
        connection.shutdown(socket.SHUT_WR)
        answer = read_all(connection)
    assert answer == b"" or b" 200 " in answer.split(b"\r\n")[0]
    healthy(site)


def test_leaving_in_the_middle_of_a_stream_frees_the_place(site: str) -> None:
    """Eighty clients that go away after the first bytes leave no question counted as under way."""
    for _ in range(80):
        connection = connect(site)
        connection.sendall(post(json.dumps(QUESTION).encode(), "/api/chat/stream"))
        connection.recv(10)
        connection.close()
    deadline = time.monotonic() + 30
    while httpx.post(f"{site}/api/chat", json=QUESTION, timeout=30).status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    healthy(site)


def test_slow_headers_are_dropped(slow: Slow) -> None:
    """A connection that never finishes its headers is closed."""
    slow.idle[0].settimeout(20)
    assert slow.idle[0].recv(1) == b""


def test_a_slow_body_is_told_so_and_dropped(site: str, slow: Slow) -> None:
    """A client that sends one byte at a time gets 408 within the limit, not a thread for ever."""
    answer, seconds = slow.body.result()
    assert b" 408 " in answer.split(b"\r\n")[0]
    assert seconds < 25
    healthy(site)


def test_slow_headers_of_a_later_request_are_dropped(slow: Slow) -> None:
    """A connection that was served once has no more time for its next headers than the first."""
    first, seconds = slow.headers.result()
    assert b" 200 " in first.split(b"\r\n")[0]
    assert seconds < 15
