"""The pages of a slip that was sent: for the service that answers, for the operator who waits.

Whoever has the link may answer: no account. A visit changes nothing, so that what looks into mails
for dangers takes charge of nobody; only a press of a button does.
"""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Engine

from chatbot.journal.records import now
from chatbot.pages.page import not_found, render
from chatbot.parts import find, part
from chatbot.referral import store
from chatbot.referral.referral import Answer
from chatbot.referral.ways import Ways

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
Link = Annotated[str, Path(max_length=100)]


@router.get("/presa-in-carico/{link}")
def answer_page(request: Request, link: Link) -> HTMLResponse:
    """What the service is asked: whether it takes charge."""
    return _page(request, link, "referral_answer.html")


@router.post("/presa-in-carico/{link}/{said}")
async def answer(request: Request, link: Link, said: Answer) -> Response:
    """The service's answer; it may think again as long as the link lives."""
    engine = find(request.app, Engine)
    found = await asyncio.to_thread(store.answer, engine, link, said, now()) if engine else None
    if found is None:
        return not_found(request, "referral_closed")
    # another address than the page's: that one is shared for a second (shield/shared_pages.py)
    return RedirectResponse(f"/presa-in-carico/{link}?fatto={found.state}", 303)


@router.get("/invio/stato/{link}")
def status_page(request: Request, link: Link) -> HTMLResponse:
    """What the operator sees of a slip that was sent: the state, nothing of the person."""
    return _page(request, link, "referral_status.html")


def _page(request: Request, link: str, template: str) -> HTMLResponse:
    engine = find(request.app, Engine)
    look = store.of_receiver if template == "referral_answer.html" else store.of_sender
    found = look(engine, link) if engine else None
    if found is None:
        return not_found(request, "referral_closed")
    days = part(request.app, Ways).days
    response = render(request, template, "nav_services", referral=found, link=link, days=days)
    response.headers["Cache-Control"] = "no-store"
    return response
