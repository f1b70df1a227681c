"""The route by which an office sends a slip, with the person's consent."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, HTTPException, Request
from limits import parse
from pydantic import BaseModel, Field
from sqlalchemy import Engine

from chatbot.library import Library
from chatbot.parts import find, part
from chatbot.problem import responses
from chatbot.referral import store
from chatbot.referral.courier import Courier
from chatbot.referral.referral import Referral, Slip, digest, new_link
from chatbot.referral.ways import Way, Ways
from chatbot.shared.attempts import Attempts
from chatbot.shield.limits import client_key
from index.guide import Guide

OFF = "Qui non si mandano fogli: manca un'impostazione del server ({name}). Stampa il foglio."
NO_WAY = "A questo servizio non si può mandare il foglio: la scheda non ha un'e-mail. Stampalo."
WRONG_CODE = "Il codice dell'ufficio non è giusto."
TOO_MANY = "Troppi tentativi, o troppi fogli in un'ora: aspetta e riprova."
FAILURES = parse("5 per 15 minutes")  # wrong codes of one address
SENDINGS = parse("60 per hour")  # slips of one office
MOST_FIELDS = 12

router = APIRouter(prefix="/api")
log = structlog.get_logger()
Text = Annotated[str, Field(min_length=1, max_length=500)]


class FieldIn(BaseModel):
    label: Annotated[str, Field(min_length=1, max_length=80)]
    value: Text


class ReferralIn(BaseModel):
    """A slip: `code` is the office's; `consent` says that the person agreed to this sending."""

    service: Annotated[str, Field(pattern="^[a-z0-9-]+$", max_length=120)]
    code: Annotated[str, Field(max_length=200)]
    why: Text
    fields: Annotated[list[FieldIn], Field(max_length=MOST_FIELDS)] = []
    need: Annotated[str, Field(max_length=64)] = ""
    consent: Literal[True]


class ReferralOut(BaseModel):
    """Where the office sees what becomes of it."""

    status_url: str


class Doorkeeper:
    """Counts wrong codes by address, and slips by office, on this server or on all."""

    def __init__(self, attempts: Attempts) -> None:
        self._attempts = attempts

    def office(self, ways: Ways, code: str, address: str) -> str:
        """The office of a code. Raises HTTPException 401, 429, and Unavailable."""
        if self._attempts.wait(FAILURES, f"code {address}"):
            raise HTTPException(429, TOO_MANY, {"Retry-After": "900"})
        office = ways.office_of(code)
        if not office:
            self._attempts.failed(FAILURES, f"code {address}")
            raise HTTPException(401, WRONG_CODE)
        if self._attempts.wait(SENDINGS, f"office {office}"):
            raise HTTPException(429, TOO_MANY, {"Retry-After": "600"})
        self._attempts.failed(SENDINGS, f"office {office}")  # a slip counts whatever comes of it
        return office


@router.post(
    "/referrals",
    responses=responses(400, 401, 404, 408, 409, 413, 422, 429, 503),
    summary="Un foglio di invio, mandato a un servizio con il consenso della persona",
)
async def send(request: Request, body: ReferralIn) -> ReferralOut:
    """Answers when it is kept; it is handed on a moment later."""
    ways, engine = part(request.app, Ways), find(request.app, Engine)
    if ways.missing or engine is None:
        raise HTTPException(409, OFF.format(name=ways.missing or "BUSSOLA_JOURNAL_URL"))
    doorkeeper, address = part(request.app, Doorkeeper), client_key(request.scope)
    office = await asyncio.to_thread(doorkeeper.office, ways, body.code, address)
    guide = part(request.app, Library).snapshot.guides.get(body.service)
    if guide is None or guide.service is None:
        raise HTTPException(404, "Non c'è nessun servizio con questo nome.")
    way = ways.to(guide)
    if way is None:
        raise HTTPException(422, NO_WAY)
    links = new_link(), new_link()
    referral = referral_of(body, office, guide, way, ways, links)
    await asyncio.to_thread(store.add, engine, referral)
    part(request.app, Courier).wake()
    log.info("referral_made", id=referral.id, office=office, service=guide.slug)
    return ReferralOut(status_url=f"{ways.base}/invio/stato/{links[1]}")


def referral_of(
    body: ReferralIn, office: str, guide: Guide, way: Way, ways: Ways, links: tuple[str, str]
) -> Referral:
    """What is kept of a slip; `links` are the service's and the operator's."""
    until = (datetime.now(UTC) + timedelta(days=ways.days)).date()
    slip = Slip(
        why=body.why,
        fields=tuple((field.label, field.value) for field in body.fields),
        link=f"{ways.base}/presa-in-carico/{links[0]}",
        until=until.isoformat(),
    )
    return Referral(
        office=office, service=guide.slug, title=guide.title, channel=way.channel, slip=slip,
        need=body.need, receiver=digest(links[0]), sender=digest(links[1]),
    )  # fmt: skip
