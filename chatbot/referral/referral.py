"""A referral: a slip on its way to a service, and what became of it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

from chatbot.journal.records import new_id, now

# waiting: not yet handed on; sent: taken by the mail server; delivered: taken by the service's own
# system; failed: neither, for a day; the rest is what the service said, or that it said nothing
State = Literal["waiting", "sent", "delivered", "failed", "taken", "refused", "expired"]
STATES: tuple[State, ...] = get_args(State)
ARRIVED: tuple[State, ...] = ("sent", "delivered")
Answer = Literal["taken", "refused"]
ANSWERS: tuple[Answer, ...] = get_args(Answer)
Channel = Literal["email", "webhook"]


@dataclass(frozen=True, slots=True)
class Slip:
    """What is sent: personal data, kept only until it is handed on. `fields` are pairs of a label
    and what the operator wrote."""

    why: str
    fields: tuple[tuple[str, str], ...]
    link: str  # where the service says whether it takes charge
    until: str  # the last day on which it can, ISO

    def to_json(self) -> dict[str, Any]:
        return {"why": self.why, "fields": [list(f) for f in self.fields], "link": self.link,
                "until": self.until}  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Slip:
        fields = tuple((str(label), str(value)) for label, value in data["fields"])
        return cls(str(data["why"]), fields, str(data["link"]), str(data["until"]))


@dataclass(frozen=True, slots=True)
class Referral:
    """One sending. `receiver` and `sender` are the SHA-256 of the two links, one for the service
    and one for the operator; empty when they no longer open anything."""

    office: str
    service: str  # slug of its card
    title: str
    channel: Channel
    need: str = ""
    state: State = "waiting"
    slip: Slip | None = None
    receiver: str = ""
    sender: str = ""
    tries: int = 0
    id: str = field(default_factory=new_id)
    at: datetime = field(default_factory=now)
    changed: datetime = field(default_factory=now)
    next_try: datetime = field(default_factory=now)


def new_link() -> str:
    """The part of a link that nobody can guess."""
    return secrets.token_urlsafe(24)


def digest(link: str) -> str:
    """What is kept of a link: who reads the disk cannot use it."""
    return hashlib.sha256(link.encode("utf-8", "surrogatepass")).hexdigest()
