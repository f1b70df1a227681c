"""A body larger than the limit is refused, whatever its headers say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from apart import run_apart
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from chatbot import problem
from chatbot.shield.body import DETAIL, BodyLimit

LIMIT = 1000


@pytest.fixture
def seen() -> list[str]:
    """What reached the route."""
    return []


@pytest.fixture
def client(seen: list[str]) -> TestClient:
    app = FastAPI()
    problem.install(app)

    @app.post("/api/chat")
    async def chat(body: dict[str, Any]) -> int:
        seen.append(body["question"])
        return len(body["question"])

    @app.get("/long")
    async def long() -> StreamingResponse:
        return StreamingResponse(iter(["x" * LIMIT] * 5))

    app.add_middleware(BodyLimit, limit=LIMIT)
    return TestClient(app, headers={"Content-Type": "application/json"})


def body_of(size: int) -> bytes:
    """JSON of exactly `size` bytes."""
    return b'{"question": "' + b"a" * (size - 16) + b'"}'


def test_a_body_at_the_limit_is_read(client: TestClient, seen: list[str]) -> None:
    answer = client.post("/api/chat", content=body_of(LIMIT))
    assert (answer.status_code, len(seen[0])) == (200, LIMIT - 16)


def test_one_byte_more_is_refused_before_it_is_read(client: TestClient, seen: list[str]) -> None:
    """By its Content-Length, with a problem document in Italian."""
    answer = client.post("/api/chat", content=body_of(LIMIT + 1))
    assert answer.status_code == 413
    assert answer.headers["Content-Type"] == problem.MEDIA_TYPE
    assert answer.json()["detail"] == DETAIL
    assert seen == []


def chunks(size: int) -> Iterator[bytes]:
    whole = body_of(size)
    for start in range(0, size, 100):
        yield whole[start : start + 100]


@pytest.mark.parametrize(("size", "status"), [(LIMIT, 200), (LIMIT + 1, 413)])
def test_a_body_that_does_not_say_its_length_is_counted(
    client: TestClient, seen: list[str], size: int, status: int
) -> None:
    """Sent in pieces, or with a length that lies: what comes counts."""
    answer = client.post("/api/chat", content=chunks(size))
    assert answer.status_code == status
    assert len(seen) == (status == 200)


@pytest.mark.parametrize("length", [b"", b"-5", b"1e3", b"0x10", "٣".encode()])
def test_a_length_that_is_no_number_is_not_believed(length: bytes) -> None:
    """It is neither let through nor an error: the body is counted."""
    assert called(length, LIMIT + 1) == (413, LIMIT)
    assert called(length, LIMIT) == (204, LIMIT)


def called(length: bytes, size: int) -> tuple[int, int]:
    """The status of a request of `size` bytes, and how many of them the application read."""
    pieces = [b"x" * LIMIT, *([b"x" * (size - LIMIT)] if size > LIMIT else [])]
    messages = [
        {"type": "http.request", "body": piece, "more_body": at < len(pieces)}
        for at, piece in enumerate(pieces, start=1)
    ]
    sent: list[Any] = []
    read = 0

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal read
        more = True
        while more:
            message = await receive()
            read, more = read + len(message["body"]), message["more_body"]
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "headers": [(b"content-length", length)],
    }
    run_apart(BodyLimit(application, LIMIT)(scope, receive, send))
    return sent[0]["status"], read


def test_what_is_sent_back_has_no_limit(client: TestClient) -> None:
    """The limit is on requests."""
    assert len(client.get("/long").content) == 5 * LIMIT


def test_other_kinds_of_connection_pass() -> None:
    """The start and the stop of the application are no request."""
    passed: list[str] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        passed.append(scope["type"])

    run_apart(BodyLimit(application, LIMIT)({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
    assert passed == ["lifespan"]
