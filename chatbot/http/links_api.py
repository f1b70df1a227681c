"""The links of the guides to other sites: looked at on request, with how far it got."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from chatbot.desk.links import LinkRounds, troubles
from chatbot.http.access import audit, require
from chatbot.http.admin_api import Publishing, guarded
from chatbot.library import Library
from chatbot.parts import part
from chatbot.problem import responses

router = APIRouter(
    prefix="/api/admin/desk/links",
    dependencies=[Depends(require("editor", "reviewer"))],
    responses=responses(401, 403, 409, 422, 429, 503),
)


class LinksOut(BaseModel):
    """`looked` of `total` addresses were seen in this round; `troubles` do not work."""

    running: bool
    looked: int
    total: int
    troubles: int
    at: datetime | None


@router.post("", response_model=LinksOut, summary="Guarda i collegamenti verso altri siti")
async def start(request: Request, holder: Publishing) -> Any:
    """Slowly: one request a second to each site. How it goes is told by the same address, GET."""
    rounds, library = part(request.app, LinkRounds), part(request.app, Library)
    audit(request, holder, "links")

    def work() -> LinksOut:
        rounds.start(library.snapshot.guides.values())
        return _out(request)

    return await guarded(work)


@router.get("", response_model=LinksOut, summary="A che punto sono i collegamenti")
async def progress(request: Request) -> Any:
    return await guarded(lambda: _out(request))


@router.delete("", response_model=LinksOut, summary="Smetti di guardare i collegamenti")
async def stop(request: Request, holder: Publishing) -> Any:
    rounds = part(request.app, LinkRounds)
    audit(request, holder, "links", "-")

    def work() -> LinksOut:
        rounds.stop()
        return _out(request)

    return await guarded(work)


def _out(request: Request) -> LinksOut:
    rounds, library = part(request.app, LinkRounds), part(request.app, Library)
    looked = rounds.looked()
    wrong = troubles(looked, library.snapshot.guides.values())
    return LinksOut(
        running=rounds.running, looked=looked.fresh if looked else 0,
        total=looked.total if looked else 0, troubles=len(wrong),
        at=looked.done or looked.began if looked else None,
    )  # fmt: skip
