"""What `/api/health` says: from which snapshot the service answers, and whether all is well."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Literal

from pydantic import BaseModel

from chatbot.journal.writer import Journal
from chatbot.library import Library
from chatbot.shared.follower import Follower
from chatbot.shared.rates import SharedCounts


class ReviewedOut(BaseModel):
    """The oldest and the newest day on which a guide was checked."""

    oldest: date
    newest: date


class EncoderOut(BaseModel):
    """The encoder with which the snapshot was made."""

    name: str
    digest: str


class JournalOut(BaseModel):
    """Whether a journal is kept and, of its records since the start, what became of them."""

    on: bool
    written: int | None = None
    overflowed: int | None = None
    refused: int | None = None
    waiting: int | None = None
    working: bool | None = None


class SharedOut(BaseModel):
    """Of a server among several: the edition it answers from and when that was published, the
    newest it knows of, whether the shared database answers, and whether rates are counted together
    with the other servers."""

    edition: int
    published: datetime
    age_s: int
    newest: int
    reached: bool
    rates_together: bool


class AliveOut(BaseModel):
    alive: Literal[True] = True


class ReadyOut(BaseModel):
    """Whether questions may be sent to this server: it answers from what is published."""

    ready: Literal[True] = True
    snapshot: str


class HealthOut(BaseModel):
    """`status` is degraded when a newer snapshot could not be loaded or when `weights` are: fitted
    on another encoder than `model`, so that what they add up tells less; `detail` says why. The
    `reader`, where there is one, is on, or off and `detail` says why."""

    status: Literal["ok", "degraded"]
    snapshot: str
    created: str
    reviewed: ReviewedOut | None
    age_s: int
    counts: dict[str, int]
    model: EncoderOut
    weights: Literal["fitted", "degraded"]
    detail: str
    journal: JournalOut
    reader: Literal["on", "off"] | None = None
    shared: SharedOut | None = None


OF_ANOTHER = (
    "I pesi sono stati misurati con un altro modello: si risponde meno bene, e un pericolo si "
    "riconosce soltanto dalle parole dei segnali. Esegui: bussola eval fit --write, poi "
    "bussola eval fit-danger --write"
)
APART = (
    "Il database non risponde in tempo: ogni server conta da sé quante domande gli arrivano, e i "
    "limiti valgono per ciascuno."
)


def health_out(
    library: Library, journal: Journal | None, follower: Follower | None = None,
    counts: SharedCounts | None = None,
) -> HealthOut:  # fmt: skip
    snapshot = library.snapshot
    dates = [g.verified_on for g in snapshot.guides.values() if g.verified_on]
    age = datetime.now(UTC) - datetime.fromisoformat(snapshot.created)
    told = [
        library.error,
        "" if library.bot.fitted else OF_ANOTHER,
        library.unread,
        follower.status.error if follower else "",
        APART if counts and not counts.together else "",
    ]
    out = HealthOut(
        status="degraded" if any(told) else "ok",
        snapshot=snapshot.id,
        created=snapshot.created,
        reviewed=ReviewedOut(oldest=min(dates), newest=max(dates)) if dates else None,
        age_s=round(age.total_seconds()),
        counts=snapshot.manifest["counts"],
        model=snapshot.manifest["model"],
        weights="fitted" if library.bot.fitted else "degraded",
        detail=" ".join(filter(None, told)),
        journal=JournalOut(on=True, **asdict(journal.status)) if journal else JournalOut(on=False),
    )
    if library.unread or library.bot.reader:
        out.reader = "off" if library.unread else "on"
    if shared := _shared_out(follower, counts):
        out.shared = shared  # said only where there are several
    return out


def _shared_out(follower: Follower | None, counts: SharedCounts | None) -> SharedOut | None:
    status = follower.status if follower else None
    if status is None or status.here is None:
        return None
    age = datetime.now(UTC) - status.here.at
    return SharedOut(
        edition=status.here.n,
        published=status.here.at,
        age_s=round(age.total_seconds()),
        newest=(status.newest or status.here).n,
        reached=status.reached,
        rates_together=counts is not None and counts.together,
    )


def why_not_ready(library: Library, follower: Follower | None) -> str:
    """Why no question is to be sent here, empty where they may: a server that cannot have what is
    published goes on answering from what it has, and others answer better."""
    if follower and follower.status.stuck:
        return follower.status.error
    return library.error if follower else ""
