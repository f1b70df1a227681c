"""Who is asking, a person by the session of a browser or a machine by a token, and who may what."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

import structlog
from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from limits import RateLimitItem, parse
from starlette.datastructures import Headers
from starlette.types import Scope

from chatbot.desk.people import People, PeopleError, Person, Role
from chatbot.desk.sessions import Session, Sessions, word_of
from chatbot.journal.records import AuditLine
from chatbot.journal.writer import Journal
from chatbot.parts import find, part
from chatbot.problem import Unavailable
from chatbot.settings import Settings
from chatbot.shared.attempts import Attempts, MemoryAttempts
from chatbot.shared.document import Document
from chatbot.shared.drawer import Stamp
from chatbot.shield.headers import SAFE
from chatbot.shield.limits import client_key
from index.errors import BussolaError

TokenRole = Literal["editor", "evaluator", "program"]
ROLES: tuple[TokenRole, ...] = get_args(TokenRole)
FILE = "tokens.json"
PREFIX = "bussola_"
COOKIE = "bussola_sessione"
WORD_HEADER = "X-CSRF-Token"
FAILURES = "5 per 15 minutes"  # of one address with tokens, or of it with one name; then it waits
NAME_FAILURES = "20 per 15 minutes"  # of one name from everywhere
TOO_MANY = "Troppi tentativi: aspetta e riprova."
ENTER = "Serve un accesso valido: accedi di nuovo."
WRONG = "Nome o frase segreta non giusti."
ELSEWHERE = "La richiesta non viene da una pagina di Bussola aperta da te: ricarica la pagina."
_NAME = re.compile(r"[\w .-]{1,64}")
log = structlog.get_logger()


class AccessError(BussolaError):
    """A token cannot be made or revoked; the message says why, in Italian."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is asking. Of a token `digest` is its SHA-256: it is 256 random bits, so there is nothing
    to guess and a slow hash would only slow the server down. A person has none."""

    name: str
    role: Role | TokenRole
    digest: str
    created: str

    @classmethod
    def of(cls, person: Person) -> Holder:
        return cls(person.name, person.role, "", person.created.isoformat(timespec="seconds"))


class Keyring:
    """The tokens of one document, read again when it changes: a revocation holds at once."""

    def __init__(self, place: Path | Document) -> None:
        self._document = Document.of(place)
        self._known: tuple[Stamp | None, tuple[Holder, ...]] = (None, ())

    def holders(self) -> tuple[Holder, ...]:
        """All the holders. Raises AccessError when the document cannot be read."""
        stamp, held = self._known
        try:
            sheet = self._document.look(stamp)
            if sheet is None:
                held = ()
            elif sheet.data is not None:
                held = tuple(Holder(**row) for row in json.loads(sheet.data))
        except (OSError, ValueError, TypeError) as error:
            name = self._document.name
            raise AccessError(f"{name} non si legge: nessuno può entrare.") from error
        self._known = (sheet.stamp if sheet else None, held)
        return held

    def find(self, token: str) -> Holder | None:
        """The holder of a token; compares with every one, each in constant time."""
        digest = _digest(token)
        found = None
        for holder in self.holders():
            if hmac.compare_digest(holder.digest, digest):
                found = holder
        return found

    def create(self, name: str, role: str) -> str:
        """Make a token, shown only this once. Raises AccessError."""
        if role not in ROLES:
            raise AccessError(f"Il ruolo è uno fra: {', '.join(ROLES)}.")
        if not _NAME.fullmatch(name):
            raise AccessError("Il nome ha da 1 a 64 lettere, cifre, spazi, punti o trattini.")
        token = PREFIX + secrets.token_urlsafe(32)
        with self._document.alone():
            if any(holder.name == name for holder in self.holders()):
                raise AccessError(f"«{name}» ha già un codice di accesso: prima revocalo.")
            day = datetime.now(UTC).isoformat(timespec="seconds")
            self._write((*self.holders(), Holder(name, role, _digest(token), day)))
        return token

    def revoke(self, name: str) -> None:
        """Take a token away. Raises AccessError when nobody has that name."""
        with self._document.alone():
            left = tuple(holder for holder in self.holders() if holder.name != name)
            if len(left) == len(self.holders()):
                raise AccessError(f"Nessun codice di accesso di nome «{name}».")
            self._write(left)

    def _write(self, holders: tuple[Holder, ...]) -> None:
        text = json.dumps([asdict(h) for h in holders], ensure_ascii=False, indent=1)
        self._document.write(text.encode())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Gate:
    """Lets in who may; an address that fails too often waits, even with the right token."""

    def __init__(
        self, keyring: Keyring, failures: str = FAILURES, attempts: Attempts | None = None
    ) -> None:
        self.keyring = keyring
        self._failures: RateLimitItem = parse(failures)
        self._of_name: RateLimitItem = parse(NAME_FAILURES)
        self._attempts = attempts or MemoryAttempts()

    def enter(self, token: str | None, address: str) -> Holder:
        """The holder of `token`. Raises HTTPException 401, or 429 when locked out."""
        self._not_locked(self._failures, address)
        holder = self.keyring.find(token) if token else None
        if holder is None:
            if token:
                self._failed(address, (self._failures, address))
            raise HTTPException(401, ENTER, {"WWW-Authenticate": "Bearer"})
        return holder

    def sign_in(self, people: People, name: str, passphrase: str, address: str) -> Person:
        """The person of this name and passphrase; slow, as it is to be. An office shares one
        address, so failures count by address and name. Raises HTTPException 401, 429."""
        plain = " ".join(name.split()).casefold()
        here, anywhere = (self._failures, f"{address} {plain}"), (self._of_name, f" {plain}")
        self._not_locked(*here)
        self._not_locked(*anywhere)
        person = people.check(name, passphrase)
        if person is None:
            self._failed(address, here, anywhere)
            raise HTTPException(401, WRONG)
        return person

    def _not_locked(self, item: RateLimitItem, key: str) -> None:
        if wait := self._attempts.wait(item, key):
            raise HTTPException(429, TOO_MANY, {"Retry-After": str(wait)})

    def _failed(self, address: str, *limits: tuple[RateLimitItem, str]) -> None:
        for item, key in limits:
            self._attempts.failed(item, key)
        log.warning("access_denied", address=address)


_bearer = HTTPBearer(
    auto_error=False,
    description="Codice di accesso di una macchina: `bussola chatbot token create`",
)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def require(*roles: Role | TokenRole) -> Callable[..., Awaitable[Holder]]:
    """A dependency that lets in only who has one of `roles`, and who administers."""

    async def enter(request: Request, credentials: Credentials) -> Holder:
        try:
            # in a thread: what is shared with other servers may be slow to say
            token = credentials.credentials if credentials else None
            holder = await asyncio.to_thread(_holder, request, token)
        except (AccessError, PeopleError) as error:
            raise HTTPException(503, str(error)) from None
        if holder.role not in (*roles, "admin"):
            raise HTTPException(403, "Il tuo ruolo non permette questa operazione.")
        return holder

    return enter


def _holder(request: Request, token: str | None) -> Holder:
    """By the session of a browser where no token is sent. Raises HTTPException 401, 403, 429."""
    if token is None and (found := session_of(request)):
        return Holder.of(found[0])
    return part(request.app, Gate).enter(token, client_key(request.scope))


def session_of(request: Request) -> tuple[Person, Session] | None:
    """Who has signed in here. A change is only taken with the word that our own pages know.
    Raises HTTPException 403."""
    sessions, people = find(request.app, Sessions), find(request.app, People)
    secret = request.cookies.get(COOKIE, "")
    session = sessions.find(secret) if sessions and secret else None
    person = people.find(session.person) if people and session else None
    if session is None or person is None:
        return None
    if request.method not in SAFE:
        word = request.headers.get(WORD_HEADER, "")
        if not hmac.compare_digest(word.encode(), word_of(secret).encode()):
            raise HTTPException(403, ELSEWHERE)
    return person, session


def from_our_pages(request: Request) -> None:
    """For what is done before there is a session. Raises HTTPException 403 where a page of another
    site asks."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    foreign = origin and urlsplit(origin).netloc != request.headers.get("host", "")
    if foreign or site not in (None, "same-origin", "none"):
        raise HTTPException(403, ELSEWHERE)


def program_of(keyring: Keyring, scope: Scope) -> str | None:
    """The name of the program whose token a request bears, None where it bears none. Tokens
    that cannot be read are of no program."""
    token = _token_in(Headers(scope=scope))
    if not token.startswith(PREFIX):
        return None
    try:
        holder = keyring.find(token)
    except (AccessError, Unavailable):
        return None
    return holder.name if holder and holder.role == "program" else None


def _token_in(headers: Headers) -> str:
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


async def program_allowed(request: Request) -> None:
    """A dependency of the doors for other programs: where the settings say so, only those with a
    token of their own. Raises HTTPException 401, 403, 429 or 503."""
    if part(request.app, Settings).programs_need_token:
        token = _token_in(request.headers)
        bearer = HTTPAuthorizationCredentials(scheme="Bearer", credentials=token)
        await require("program")(request, bearer if token else None)


def audit(request: Request, holder: Holder, action: str, detail: str = "") -> None:
    """Write who did what, in the log and, when it is on, in the journal."""
    address = client_key(request.scope)
    log.info("audit", actor=holder.name, action=action, detail=detail, address=address)
    if journal := find(request.app, Journal):
        journal.put(AuditLine(holder.name, action, detail, address))
