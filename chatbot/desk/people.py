"""The people who may enter: a name of their choosing, a role, a passphrase kept hashed (argon2).

Nobody is given a passphrase: a link with a secret invites, lasts a week, works once, and whoever
opens it chooses both name and passphrase.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import BaseModel, ConfigDict, ValidationError

from chatbot.shared.document import Document
from chatbot.shared.drawer import Stamp
from index.errors import BussolaError

Role = Literal["operator", "editor", "reviewer", "evaluator", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
ROLE_WORDS: dict[Role, str] = {
    "operator": "operatore", "editor": "redazione", "reviewer": "revisione",
    "evaluator": "valutazione", "admin": "amministrazione",
}  # fmt: skip
FILE = "people.json"
SHORTEST, LONGEST = 12, 200  # characters of a passphrase
INVITED_DAYS = 7
_NAME = re.compile(r"[\w .'’-]{2,64}")
# OWASP's least for argon2id, on purpose: two cores also answer questions, and failures lock out
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY = _HASHER.hash(secrets.token_hex(16))  # takes the time of a real one


class PeopleError(BussolaError):
    """A person cannot be invited or changed; the message says why, in Italian."""


class NoInvitation(PeopleError):  # noqa: N818 (it reads as what happened)
    """The link was used, taken back, or is too old."""


class Person(BaseModel):
    """Who may enter. `hash` is empty for who enters through the organisation's own sign-in, where
    `subject` says who they are to it. `since` is when the passphrase was last set."""

    model_config = ConfigDict(frozen=True)
    name: str
    role: Role
    hash: str = ""
    subject: str = ""
    created: datetime
    since: datetime


class Invitation(BaseModel):
    """A link that somebody was sent: `digest` is of its secret, `person` the one who sets a new
    passphrase with it, empty for who is new."""

    model_config = ConfigDict(frozen=True)
    digest: str
    role: Role
    note: str = ""
    person: str = ""
    by: str
    until: datetime


class _Kept(BaseModel):
    people: tuple[Person, ...] = ()
    invitations: tuple[Invitation, ...] = ()


class People:
    """The people of one document, read again when it changes: who is removed is out at once."""

    def __init__(self, place: Path | Document) -> None:
        self._document = Document.of(place)
        self._known: tuple[Stamp | None, _Kept] = (None, _Kept())

    def all(self) -> tuple[Person, ...]:
        """In the order of their names. Raises PeopleError where the file cannot be read."""
        return tuple(sorted(self._kept().people, key=lambda person: person.name.casefold()))

    def find(self, name: str) -> Person | None:
        """Capitals do not count: two people never differ by them alone."""
        wanted = _plain(name)
        return next((p for p in self._kept().people if _plain(p.name) == wanted), None)

    def known_as(self, subject: str) -> Person | None:
        """Who has this name for the organisation's own sign-in."""
        return next((p for p in self._kept().people if subject and p.subject == subject), None)

    def check(self, name: str, passphrase: str) -> Person | None:
        """The person with this name and passphrase; takes as long for a name that is not there."""
        person = self.find(name)
        known = person.hash if person and person.hash else _NOBODY
        try:
            _HASHER.verify(known, passphrase)
        except (VerificationError, InvalidHashError):
            return None
        return person if person and person.hash else None

    def invitations(self) -> tuple[Invitation, ...]:
        """Those not yet used that still work."""
        return tuple(i for i in self._kept().invitations if i.until > _now())

    def invite(self, role: Role, by: str, note: str = "", person: str = "") -> str:
        """The secret of a new link, shown only this once. With `person` it is for who lost the
        passphrase, and keeps name and role. Raises PeopleError."""
        secret = secrets.token_urlsafe(32)
        with self._changing() as kept:
            if person and not any(p.name == person for p in kept.people):
                raise PeopleError(f"Non c'è nessuno di nome «{person}».")
            made = Invitation(
                digest=_digest(secret), role=role, note=note.strip()[:120], person=person, by=by,
                until=_now() + timedelta(days=INVITED_DAYS),
            )  # fmt: skip
            others = [
                i
                for i in kept.invitations
                if i.until > _now() and not (person and i.person == person)
            ]
            self._write(kept.people, (*others, made))
        return secret

    def invited(self, secret: str) -> Invitation:
        """The invitation of a link. Raises NoInvitation where it was used or is too old."""
        digest = _digest(secret)
        for one in self.invitations():
            if hmac.compare_digest(one.digest, digest):
                return one
        raise NoInvitation("Questo invito è già stato usato o è scaduto: chiedine un altro.")

    def accept(self, secret: str, name: str, passphrase: str) -> Person:
        """The person that an invitation becomes; it works no more. Raises PeopleError."""
        invitation = self.invited(secret)
        name = " ".join((invitation.person or name).split())
        _check_words(name, passphrase)
        made = _HASHER.hash(passphrase)
        with self._changing() as kept:
            if not any(i.digest == invitation.digest for i in kept.invitations):
                raise NoInvitation("Questo invito è già stato usato: chiedine un altro.")
            old = next((p for p in kept.people if _plain(p.name) == _plain(name)), None)
            if old and old.name != invitation.person:
                raise PeopleError(f"C'è già una persona di nome «{old.name}»: scegline un altro.")
            role, created = (old.role, old.created) if old else (invitation.role, _now())
            subject = old.subject if old else ""
            person = Person(
                name=name, role=role, hash=made, subject=subject, created=created, since=_now()
            )
            left = tuple(i for i in kept.invitations if i.digest != invitation.digest)
            self._write((*(p for p in kept.people if p != old), person), left)
        return person

    def welcome(self, subject: str, name: str, role: Role) -> Person:
        """A new person whom the organisation's own sign-in knows as `subject`; a name that is
        taken gets a number. Raises PeopleError."""
        plain = " ".join(re.sub(r"[^\w .'’-]", " ", name).split())[:60] or "persona"
        with self._changing() as kept:
            taken, free, number = {_plain(p.name) for p in kept.people}, plain, 1
            while _plain(free) in taken or not _NAME.fullmatch(free):
                number += 1
                free = f"{plain} {number}"
            person = Person(name=free, role=role, subject=subject, created=_now(), since=_now())
            self._write((*kept.people, person), kept.invitations)
        return person

    def change_role(self, name: str, role: Role) -> None:
        """Raises PeopleError, also where nobody would be left to administer."""
        with self._changing() as kept:
            left = tuple(
                p.model_copy(update={"role": role}) if p.name == name else p for p in kept.people
            )
            self._write(_administered(kept.people, left, name), kept.invitations)

    def change_passphrase(self, name: str, passphrase: str) -> None:
        """Raises PeopleError."""
        _check_words(name, passphrase)
        update = {"hash": _HASHER.hash(passphrase), "since": _now()}
        with self._changing() as kept:
            left = tuple(p.model_copy(update=update) if p.name == name else p for p in kept.people)
            self._write(left, kept.invitations)

    def remove(self, name: str) -> None:
        """Raises PeopleError, also where nobody would be left to administer."""
        with self._changing() as kept:
            left = tuple(p for p in kept.people if p.name != name)
            self._write(_administered(kept.people, left, name), kept.invitations)

    def withdraw(self, digest: str) -> None:
        """An invitation works no more."""
        with self._changing() as kept:
            left = tuple(i for i in kept.invitations if i.digest != digest)
            self._write(kept.people, left)

    def _kept(self) -> _Kept:
        stamp, held = self._known
        try:
            sheet = self._document.look(stamp)
            if sheet is None:
                held = _Kept()
            elif sheet.data is not None:
                held = _Kept.model_validate_json(sheet.data)
        except (OSError, ValidationError) as error:
            name = self._document.name
            raise PeopleError(f"{name} non si legge: nessuno può entrare.") from error
        self._known = (sheet.stamp if sheet else None, held)
        return held

    @contextmanager
    def _changing(self) -> Iterator[_Kept]:
        with self._document.alone():
            yield self._kept()

    def _write(self, people: tuple[Person, ...], invitations: tuple[Invitation, ...]) -> None:
        kept = _Kept(people=people, invitations=invitations)
        self._document.write(kept.model_dump_json(indent=1).encode())


def _check_words(name: str, passphrase: str) -> None:
    """Raises PeopleError."""
    if not _NAME.fullmatch(name):
        raise PeopleError("Il nome ha da 2 a 64 lettere, cifre, spazi, punti o trattini.")
    if not SHORTEST <= len(passphrase) <= LONGEST:
        raise PeopleError(f"La frase segreta ha almeno {SHORTEST} caratteri: quattro parole vanno.")
    if len(set(passphrase.casefold())) < 5 or _plain(name) in _plain(passphrase):
        raise PeopleError(
            "La frase segreta si indovina: non usare il tuo nome né una sola lettera."
        )


def _administered(
    before: tuple[Person, ...], after: tuple[Person, ...], name: str
) -> tuple[Person, ...]:
    """`after`, unless nothing changes or no administrator is left. Raises PeopleError."""
    if before == after:
        raise PeopleError(f"Non c'è nessuno di nome «{name}», o ha già quel ruolo.")
    had = any(p.role == "admin" for p in before)
    if had and not any(p.role == "admin" for p in after):
        raise PeopleError("È l'ultima persona che amministra: prima dai il ruolo a un'altra.")
    return after


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)
