"""A page that many ask for together is worked out once, and only where that changes nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from apart import run_apart
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from chatbot.shield.faults import Faults
from chatbot.shield.headers import SecurityHeaders
from chatbot.shield.shared_pages import MOST, SharedPages

KEEP_S = 0.2


def application() -> FastAPI:
    """Each route counts how often it is worked out, and says it."""
    app = FastAPI()
    app.state.snapshot = "a"
    app.state.worked_out = 0
    app.add_middleware(SharedPages, version=lambda: app.state.snapshot, keep_s=KEEP_S)
    app.add_middleware(Faults)
    app.add_middleware(SecurityHeaders, frame_origins=[])

    @app.api_route("/guide", methods=["GET", "HEAD", "POST"], response_class=HTMLResponse)
    @app.get("/api/guides", response_class=HTMLResponse)
    @app.get("/web/site.js", response_class=HTMLResponse)
    async def page(request: Request) -> str:
        app.state.worked_out += 1
        number = app.state.worked_out
        await asyncio.sleep(0.05)
        return f"{number} {request.url.query}"

    @app.get("/broken")
    async def broken() -> None:
        app.state.worked_out += 1
        await asyncio.sleep(0.05)
        raise RuntimeError("domandasegreta")

    return app


def client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://t")


async def _together(app: FastAPI, asked: list[dict[str, Any]]) -> list[httpx.Response]:
    async with client(app) as ask:
        return await asyncio.gather(*(ask.request(**one) for one in asked))


def together(app: FastAPI, *asked: dict[str, Any]) -> list[httpx.Response]:
    defaults = {"method": "GET", "url": "/guide"}
    responses: list[httpx.Response] = run_apart(_together(app, [defaults | one for one in asked]))
    return responses


def test_many_who_ask_together_share_one_page() -> None:
    """Fifty requests, one page; each response has its own headers, once."""
    app = application()
    responses = together(app, *[{}] * 50)
    assert {response.text for response in responses} == {"1 "}
    assert app.state.worked_out == 1
    for response in responses:
        assert response.headers.get_list("Content-Security-Policy") == [
            responses[0].headers["Content-Security-Policy"]
        ]


@pytest.mark.parametrize(
    "other",
    [
        {"url": "/guide?q=casa"}, {"method": "POST"}, {"method": "HEAD"},
        {"headers": {"Cookie": "a=b"}}, {"headers": {"Authorization": "Bearer x"}},
        {"headers": {"Host": "altro"}}, {"headers": {"Accept-Encoding": "identity"}},
    ],
)  # fmt: skip
def test_what_may_differ_is_not_shared(other: dict[str, Any]) -> None:
    """Another address, method, host or coding, and whatever names a person, is asked for itself."""
    app = application()
    together(app, {}, other)
    assert app.state.worked_out == 2


@pytest.mark.parametrize("url", ["/api/guides", "/web/site.js"])
def test_data_and_files_are_not_shared(url: str) -> None:
    """Only pages are."""
    app = application()
    together(app, {"url": url}, {"url": url})
    assert app.state.worked_out == 2


async def _in_turn(app: FastAPI) -> list[str]:
    seen = []
    async with client(app) as ask:
        for change in ("", "", "snapshot", "wait"):
            if change == "snapshot":
                app.state.snapshot = "b"
            if change == "wait":
                await asyncio.sleep(2 * KEEP_S)
            seen.append((await ask.get("/guide")).text)
    return seen


def test_a_new_snapshot_and_a_second_make_it_new() -> None:
    """The second request finds the page, the third after a publication and the fourth after a
    while do not."""
    assert run_apart(_in_turn(application())) == ["1 ", "1 ", "2 ", "3 "]


async def _leave(app: FastAPI) -> str:
    async with client(app) as ask:
        first = asyncio.create_task(ask.get("/guide"))
        second = asyncio.create_task(ask.get("/guide"))
        await asyncio.sleep(0.02)
        first.cancel()
        return (await second).text


def test_who_leaves_takes_nothing_from_the_others() -> None:
    """The first who asked goes away; the second has the page that was begun for both."""
    assert run_apart(_leave(application())) == "1 "


def test_an_error_is_told_to_all_who_wait() -> None:
    """Each has a problem document, nobody waits for ever, and the message is in none."""
    app = application()
    responses = together(app, *[{"url": "/broken"}] * 5)
    assert [response.status_code for response in responses] == [500] * 5
    assert app.state.worked_out == 1
    assert "domandasegreta" not in "".join(response.text for response in responses)


def test_few_pages_are_kept() -> None:
    """However many addresses are asked for, memory is bounded."""
    app = application()
    shared = SharedPages(app, version=str)

    async def ask_all() -> int:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=shared), base_url="http://t"
        ) as ask:
            await asyncio.gather(*(ask.get(f"/guide?q={n}") for n in range(3 * MOST)))
        return len(shared.pages)

    assert run_apart(ask_all()) == MOST
