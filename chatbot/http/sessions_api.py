"""Signing in and out, invitations, one's own passphrase and one's own sessions."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Request, Response
from pydantic import BaseModel, Field

from chatbot.desk.people import LONGEST, ROLE_WORDS, People, Person, Role
from chatbot.desk.sessions import Session, Sessions, word_of
from chatbot.http.access import (
    COOKIE,
    ENTER,
    Gate,
    Holder,
    audit,
    from_our_pages,
    session_of,
)
from chatbot.http.admin_api import guarded
from chatbot.parts import part
from chatbot.problem import responses
from chatbot.settings import Settings
from chatbot.shield.limits import client_key

router = APIRouter(prefix="/api/admin/session", responses=responses(401, 403, 404, 422, 429, 503))
Name = Annotated[str, Field(min_length=1, max_length=80)]
Passphrase = Annotated[str, Field(min_length=1, max_length=LONGEST)]
Secret = Annotated[str, Field(min_length=1, max_length=100)]
HOMES: dict[Role, str] = {"operator": "/", "evaluator": "/revisione"}
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
            ("Safari/", "Safari"))  # fmt: skip
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


class SignIn(BaseModel):
    name: Name
    passphrase: Passphrase


class InvitationIn(BaseModel):
    secret: Secret


class AcceptIn(BaseModel):
    """`name` counts for nothing where the link is for somebody who is there already."""

    secret: Secret
    name: Annotated[str, Field(max_length=80)] = ""
    passphrase: Passphrase


class PassphraseIn(BaseModel):
    old: Passphrase
    new: Passphrase


class SessionOut(BaseModel):
    """Who has signed in. `word` goes back in X-CSRF-Token with every change; `home` is the page
    that a person of this role begins from."""

    name: str
    role: Role
    role_word: str
    word: str
    until: datetime
    home: str


class InvitationOut(BaseModel):
    role_word: str
    person: str
    until: datetime


class SignedOut(BaseModel):
    ended: int


def _who(request: Request) -> tuple[Person, Session]:
    """Raises HTTPException 401, 403."""
    found = session_of(request)
    if found is None:
        raise HTTPException(401, ENTER)
    return found


Who = Annotated[tuple[Person, Session], Depends(_who)]


@router.get("", response_model=SessionOut, summary="Chi ha fatto l'accesso")
async def current(request: Request, who: Who) -> SessionOut:
    return _session_out(*who, request.cookies[COOKIE])


@router.post("", response_model=SessionOut, summary="Accedi")
async def sign_in(request: Request, response: Response, body: SignIn) -> Any:
    from_our_pages(request)
    gate, people = part(request.app, Gate), part(request.app, People)
    address = client_key(request.scope)
    person = await guarded(lambda: gate.sign_in(people, body.name, body.passphrase, address))
    return open_session(request, response, person) if isinstance(person, Person) else person


@router.delete("", response_model=SignedOut, summary="Esci")
async def sign_out(request: Request, response: Response, who: Who) -> SignedOut:
    person, session = who
    part(request.app, Sessions).end(session.id)
    audit(request, Holder.of(person), "sign-out")
    response.delete_cookie(COOKIE)
    return SignedOut(ended=1)


@router.post("/invitation", response_model=InvitationOut, summary="Di che cosa è un invito")
async def invitation(request: Request, body: InvitationIn) -> Any:
    from_our_pages(request)
    people = part(request.app, People)

    def work() -> InvitationOut:
        found = people.invited(body.secret)
        return InvitationOut(
            role_word=ROLE_WORDS[found.role], person=found.person, until=found.until
        )

    return await guarded(work)


@router.put("/invitation", response_model=SessionOut, summary="Accetta un invito")
async def accept(request: Request, response: Response, body: AcceptIn) -> Any:
    """With a name and a passphrase of one's own; it signs in at once."""
    from_our_pages(request)
    people = part(request.app, People)
    person = await guarded(lambda: people.accept(body.secret, body.name, body.passphrase))
    if not isinstance(person, Person):
        return person
    part(request.app, Sessions).end_all(person.name)
    audit(request, Holder.of(person), "invitation-accepted", person.role)
    return open_session(request, response, person)


@router.post("/passphrase", response_model=SignedOut, summary="Cambia la tua frase segreta")
async def change_passphrase(request: Request, body: PassphraseIn, who: Who) -> Any:
    """Every other session of yours ends."""
    person, session = who
    gate, people = part(request.app, Gate), part(request.app, People)
    sessions, address = part(request.app, Sessions), client_key(request.scope)

    def work() -> SignedOut:
        gate.sign_in(people, person.name, body.old, address)
        people.change_passphrase(person.name, body.new)
        others = len(sessions.of(person.name)) - 1
        sessions.end_all(person.name, but=session.id)
        return SignedOut(ended=others)

    done = await guarded(work)
    audit(request, Holder.of(person), "passphrase")
    return done


@router.delete("/others", response_model=SignedOut, summary="Chiudi gli altri tuoi accessi")
async def end_others(request: Request, who: Who) -> SignedOut:
    person, session = who
    sessions = part(request.app, Sessions)
    others = len(sessions.of(person.name)) - 1
    sessions.end_all(person.name, but=session.id)
    audit(request, Holder.of(person), "sessions-ended", str(others))
    return SignedOut(ended=others)


@router.delete("/others/{session_id}", response_model=SignedOut, summary="Chiudi un tuo accesso")
async def end_one(
    request: Request, session_id: Annotated[str, Path(pattern="^[0-9a-f]{64}$", max_length=64)],
    who: Who,
) -> SignedOut:  # fmt: skip
    person, _ = who
    sessions = part(request.app, Sessions)
    mine = [one.id for one in sessions.of(person.name) if one.id == session_id]
    for one in mine:
        sessions.end(one)
    audit(request, Holder.of(person), "sessions-ended", str(len(mine)))
    return SignedOut(ended=len(mine))


def open_session(request: Request, response: Response, person: Person) -> SessionOut:
    """A new session of `person` in this browser, which alone gets its secret."""
    sessions, settings = part(request.app, Sessions), part(request.app, Settings)
    secret = sessions.begin(person.name, browser_of(request.headers.get("user-agent", "")))
    response.set_cookie(
        COOKIE, secret, max_age=round(settings.session_hours * 3600), path="/", httponly=True,
        samesite="strict", secure=_by_https(request),
    )  # fmt: skip
    audit(request, Holder.of(person), "sign-in")
    session = sessions.find(secret)
    assert session is not None
    return _session_out(person, session, secret)


def _by_https(request: Request) -> bool:
    """Also where a proxy that is not declared takes TLS off."""
    public = part(request.app, Settings).public_address or ""
    return request.url.scheme == "https" or public.startswith("https:")


def _session_out(person: Person, session: Session, secret: str) -> SessionOut:
    return SessionOut(
        name=person.name, role=person.role, role_word=ROLE_WORDS[person.role],
        word=word_of(secret), until=session.until, home=HOMES.get(person.role, "/redazione"),
    )  # fmt: skip


def browser_of(agent: str) -> str:
    """What a person calls the browser and the machine: «Firefox, Windows»."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if re.search(sign, agent)), "")
    return ", ".join(part for part in (browser, system) if part) or "browser sconosciuto"
