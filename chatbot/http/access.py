"""Who may use the desk: tokens, kept hashed, with a role; lockout after failures."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, get_args

import structlog
from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from filelock import FileLock
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.types import Scope

from chatbot.journal.records import AuditLine
from chatbot.journal.writer import Journal
from chatbot.parts import find, part
from chatbot.settings import Settings
from chatbot.shield.limits import client_key
from index.errors import BussolaError
from index.files import replace_file

Role = Literal["editor", "evaluator", "program"]
ROLES: tuple[Role, ...] = get_args(Role)
FILE = "tokens.json"
PREFIX = "bussola_"
FAILURES = "5 per 15 minutes"  # of one address, then it waits
_NAME = re.compile(r"[\w .-]{1,64}")
log = structlog.get_logger()


class AccessError(BussolaError):
    """A token cannot be made or revoked; the message says why, in Italian."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a token. `digest` is its SHA-256: a token is 256 random bits, so there is nothing
    to guess and a slow hash would only slow the server down."""

    name: str
    role: Role
    digest: str
    created: str


class Keyring:
    """The tokens of one file, read again when it changes: a revocation holds at once."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._stamp: tuple[int, int] | None = None
        self._holders: tuple[Holder, ...] = ()

    def holders(self) -> tuple[Holder, ...]:
        """All the holders. Raises AccessError when the file cannot be read."""
        try:
            state = self._file.stat()
            stamp = (state.st_mtime_ns, state.st_ino)
            if stamp != self._stamp:
                rows = json.loads(self._file.read_text(encoding="utf-8"))
                self._holders, self._stamp = tuple(Holder(**row) for row in rows), stamp
        except FileNotFoundError:
            self._holders, self._stamp = (), None
        except (OSError, ValueError, TypeError) as error:
            raise AccessError(f"{self._file.name} non si legge: nessuno può entrare.") from error
        return self._holders

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
        with self._lock():
            if any(holder.name == name for holder in self.holders()):
                raise AccessError(f"«{name}» ha già un gettone: prima revocalo.")
            day = datetime.now(UTC).isoformat(timespec="seconds")
            self._write((*self.holders(), Holder(name, role, _digest(token), day)))
        return token

    def revoke(self, name: str) -> None:
        """Take a token away. Raises AccessError when nobody has that name."""
        with self._lock():
            left = tuple(holder for holder in self.holders() if holder.name != name)
            if len(left) == len(self.holders()):
                raise AccessError(f"Nessun gettone di nome «{name}».")
            self._write(left)

    def _lock(self) -> FileLock:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(self._file.with_name(f".{self._file.name}.lock"))

    def _write(self, holders: tuple[Holder, ...]) -> None:
        old = os.umask(0o077)
        try:
            text = json.dumps([asdict(h) for h in holders], ensure_ascii=False, indent=1)
            replace_file(self._file, text.encode())
        finally:
            os.umask(old)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Gate:
    """Lets holders in; an address that fails too often waits, even with the right token."""

    def __init__(self, keyring: Keyring, failures: str = FAILURES) -> None:
        self.keyring = keyring
        self._failures: RateLimitItem = parse(failures)
        self._counts = MovingWindowRateLimiter(MemoryStorage())

    def enter(self, token: str | None, address: str) -> Holder:
        """The holder of `token`. Raises HTTPException 401, or 429 when locked out."""
        if not self._counts.test(self._failures, address):
            reset = self._counts.get_window_stats(self._failures, address).reset_time
            wait = max(1, round(reset - datetime.now(UTC).timestamp()))
            raise HTTPException(
                429, "Troppi tentativi: aspetta e riprova.", {"Retry-After": str(wait)}
            )
        holder = self.keyring.find(token) if token else None
        if holder is None:
            if token:
                self._counts.hit(self._failures, address)
                log.warning("access_denied", address=address)
            raise HTTPException(401, "Serve un gettone valido.", {"WWW-Authenticate": "Bearer"})
        return holder


_bearer = HTTPBearer(auto_error=False, description="Gettone: `bussola chatbot token create`")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def require(*roles: Role) -> Callable[..., Awaitable[Holder]]:
    """A dependency that lets in only holders of one of `roles`."""

    async def enter(request: Request, credentials: Credentials) -> Holder:
        gate = part(request.app, Gate)
        token = credentials.credentials if credentials else None
        try:
            holder = gate.enter(token, client_key(request.scope))
        except AccessError as error:
            raise HTTPException(503, str(error)) from None
        if holder.role not in roles:
            raise HTTPException(403, "Il tuo gettone non permette questa operazione.")
        return holder

    return enter


def program_of(keyring: Keyring, scope: Scope) -> str | None:
    """The name of the program whose token a request bears, None where it bears none. A file of
    tokens that cannot be read has no programs."""
    token = _token_in(Headers(scope=scope))
    if not token.startswith(PREFIX):
        return None
    try:
        holder = keyring.find(token)
    except AccessError:
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
