"""Referrals in the database of the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert, or_, select, update

from chatbot.journal.records import referrals
from chatbot.referral.referral import ARRIVED, Answer, Referral, Slip, State, digest

LEASE = timedelta(minutes=5)  # for who tries to hand one on; then another may


def add(engine: Engine, referral: Referral) -> None:
    """Keep a new referral."""
    row = asdict(referral) | {"slip": referral.slip.to_json() if referral.slip else None}
    with engine.begin() as connection:
        connection.execute(insert(referrals).values(row))


def claim(engine: Engine, moment: datetime) -> Referral | None:
    """The next referral to hand on, put off for LEASE so that no other server takes it too."""
    waiting = (referrals.c.state == "waiting") & (referrals.c.next_try <= moment)
    with engine.begin() as connection:
        query = select(referrals).where(waiting).order_by(referrals.c.next_try).limit(1)
        row = connection.execute(query).mappings().first()
        if row is None:
            return None
        mine = update(referrals).where(waiting, referrals.c.id == row["id"])
        put_off = {"next_try": moment + LEASE, "tries": row["tries"] + 1}
        taken = connection.execute(mine.values(put_off)).rowcount
    return _referral(dict(row) | put_off) if taken else None


def handed_on(engine: Engine, referral: Referral, state: State, moment: datetime) -> None:
    """It has arrived, or never will: what it says is forgotten."""
    _change(engine, referral.id, {"state": state, "slip": None, "changed": moment})


def put_off(engine: Engine, referral: Referral, until: datetime) -> None:
    """It is to be tried again."""
    _change(engine, referral.id, {"next_try": until})


def answer(engine: Engine, link: str, said: Answer, moment: datetime) -> Referral | None:
    """What the service says through its link, also when it thinks again; None where the link opens
    nothing."""
    may = referrals.c.state.in_((*ARRIVED, "taken", "refused"))
    mine = update(referrals).where(referrals.c.receiver == digest(link), may)
    with engine.begin() as connection:
        connection.execute(mine.values(state=said, changed=moment))
    return of_receiver(engine, link)


def of_receiver(engine: Engine, link: str) -> Referral | None:
    """The referral that the service's link opens."""
    return _one(engine, referrals.c.receiver == digest(link)) if link else None


def of_sender(engine: Engine, link: str) -> Referral | None:
    """The referral that the operator's link opens."""
    return _one(engine, referrals.c.sender == digest(link)) if link else None


def close_old(engine: Engine, before: datetime, moment: datetime) -> int:
    """Those made before a moment: their links open nothing any more, what one still says is
    forgotten, and one without an answer is expired. How many were closed."""
    old = (referrals.c.at < before) & or_(referrals.c.receiver != "", referrals.c.sender != "")
    with engine.begin() as connection:
        _expire(connection, old, moment)
        closed = {"slip": None, "receiver": "", "sender": ""}
        return int(connection.execute(update(referrals).where(old).values(closed)).rowcount)


def _expire(connection: Connection, old: Any, moment: datetime) -> None:
    silent = referrals.c.state.in_(("waiting", *ARRIVED))
    values = {"state": "expired", "changed": moment}
    connection.execute(update(referrals).where(old, silent).values(values))


def _change(engine: Engine, referral_id: str, values: Mapping[str, Any]) -> None:
    """Only while it waits: an answer that came in the meantime stays."""
    mine = update(referrals).where(referrals.c.id == referral_id, referrals.c.state == "waiting")
    with engine.begin() as connection:
        connection.execute(mine.values(dict(values)))


def _one(engine: Engine, where: Any) -> Referral | None:
    with engine.connect() as connection:
        row = connection.execute(select(referrals).where(where)).mappings().first()
    return _referral(dict(row)) if row else None


def _referral(row: Mapping[str, Any]) -> Referral:
    slip = Slip.from_json(row["slip"]) if row["slip"] else None
    return Referral(**{**row, "slip": slip})
