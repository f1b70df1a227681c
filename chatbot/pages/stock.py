"""What is kept for when there is no network: emergency cards, scripts and handouts, in one request.

Fetched one by one they would be hundreds of requests from each desk of an office. They are worked
out once for a snapshot, in a turn of their own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chatbot.http.address import public_base
from chatbot.pages.handouts import handout_page, translated_page
from chatbot.pages.operator import guide_page, script_page
from chatbot.pages.page import current_snapshot
from chatbot.pages.site import web_digest
from chatbot.parts import find, provide
from chatbot.shield.queue import PrintTurn
from index.parse.handouts import plain_box

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Stock:
    """What an application worked out last, and of what."""

    key: tuple[str, str]
    pages: bytes


@router.get("/api/stock")
async def stock(request: Request, turn: PrintTurn) -> Response:
    """The pages by their paths, `{"pages": {"/guide/…": "<!doctype html>…"}}`; 304 where the
    browser has them already."""
    snapshot = current_snapshot(request)
    headers = {"ETag": f'"{snapshot.id}-{web_digest()}"', "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    key = snapshot.id + web_digest(), public_base(request)
    kept = find(request.app, Stock)
    if kept is None or kept.key != key:
        made = await turn.run(lambda: json.dumps({"pages": dict(_pages(request))}).encode())
        kept = Stock(key, made)
        provide(request.app, kept)
    return Response(kept.pages, media_type="application/json", headers=headers)


def _pages(request: Request) -> Iterator[tuple[str, str]]:
    snapshot = current_snapshot(request)
    for guide in snapshot.guides.values():
        slug = guide.slug
        if guide.kind == "emergenza":
            path = f"/guide/{slug}"
            yield path, _text(guide_page(_at(request, path), slug))
        if guide.steps:
            path = f"/copione/{slug}"
            yield path, _text(script_page(_at(request, path), slug))
        if plain_box(guide):
            path = f"/stampa/{slug}"
            yield path, _text(handout_page(_at(request, path), slug))
    for one in snapshot.handouts:
        path = f"/stampa/{one.guide}/{one.language}"
        yield path, _text(translated_page(_at(request, path), one.guide, one.language))


def _at(request: Request, path: str) -> Request:
    """The same request for another page, in the language of the guides."""
    return Request({**request.scope, "path": path, "raw_path": path.encode(), "query_string": b""})


def _text(page: HTMLResponse) -> str:
    return bytes(page.body).decode("utf-8")
