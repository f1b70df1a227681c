"""Who has signed in, from where and until when: sessions, kept by the digest of their secret."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from chatbot.shared.document import Document
from chatbot.shared.drawer import Stamp

FILE = "sessions.json"
IDLE = timedelta(hours=2)
SEEN_EVERY = timedelta(minutes=5)  # how exactly it is known when somebody was last there


class Session(BaseModel):
    """One browser of a person. `id` is the digest of the secret in its cookie."""

    model_config = ConfigDict(frozen=True)
    id: str
    person: str
    browser: str
    begun: datetime
    seen: datetime
    until: datetime

    @property
    def over(self) -> bool:
        now = _now()
        return now >= self.until or now - self.seen > IDLE


_ROWS = TypeAdapter(tuple[Session, ...])


class Sessions:
    """The sessions of one document; safe between threads and between processes."""

    def __init__(self, place: Path | Document, hours: float) -> None:
        self._document, self._lasting = Document.of(place), timedelta(hours=hours)
        self._known: tuple[Stamp | None, tuple[Session, ...]] = (None, ())

    def begin(self, person: str, browser: str) -> str:
        """The secret for the cookie of a new session."""
        secret, now = secrets.token_urlsafe(32), _now()
        session = Session(
            id=_digest(secret), person=person, browser=browser, begun=now, seen=now,
            until=now + self._lasting,
        )  # fmt: skip
        with self._changing() as rows:
            self._write((*(one for one in rows if not one.over), session))
        return secret

    def find(self, secret: str) -> Session | None:
        """The session of a cookie, None where it is over; being found keeps it from idling."""
        wanted = _digest(secret)
        session = next((one for one in self._rows() if one.id == wanted), None)
        if session is None or session.over:
            return None
        if _now() - session.seen > SEEN_EVERY:
            with self._changing() as rows:
                seen = session.model_copy(update={"seen": _now()})
                if session in rows:  # ended meanwhile where it is not
                    self._write(tuple(seen if one == session else one for one in rows))
        return session

    def of(self, person: str) -> list[Session]:
        """Those of a person that are not over, the last used first."""
        mine = [one for one in self._rows() if one.person == person and not one.over]
        return sorted(mine, key=lambda one: one.seen, reverse=True)

    def end(self, session_id: str) -> None:
        with self._changing() as rows:
            self._write(tuple(one for one in rows if one.id != session_id))

    def end_all(self, person: str, but: str = "") -> None:
        """Every session of a person, but the one of this id."""
        with self._changing() as rows:
            self._write(tuple(one for one in rows if one.person != person or one.id == but))

    def _rows(self) -> tuple[Session, ...]:
        """As they are kept; what cannot be read is none, and all sign in again."""
        stamp, held = self._known
        try:
            sheet = self._document.look(stamp)
            if sheet is None:
                held = ()
            elif sheet.data is not None:
                held = _ROWS.validate_json(sheet.data)
        except (OSError, ValidationError):
            sheet, held = None, ()
        self._known = (sheet.stamp if sheet else None, held)
        return held

    @contextmanager
    def _changing(self) -> Iterator[tuple[Session, ...]]:
        with self._document.alone():
            yield self._rows()

    def _write(self, rows: tuple[Session, ...]) -> None:
        self._document.write(_ROWS.dump_json(rows, indent=1))


def word_of(secret: str) -> str:
    """What the pages of a session send with every change, so that no other site can make one: it
    tells nothing of the secret, which no script can read."""
    return _digest(f"modifica {secret}")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)
