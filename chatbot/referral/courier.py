"""The thread that hands slips on, tries again, and closes the old ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread
from time import monotonic

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from chatbot.journal.records import now
from chatbot.referral import store
from chatbot.referral.deliver import NotHandedOnError, hand_on
from chatbot.referral.referral import Referral
from chatbot.referral.ways import Way, Ways

LOOK_S = 5.0  # between looks at what waits; a new slip is seen at once
CLOSE_EVERY_S = 3_600.0
# a mail server is away for minutes, a service's system for a night
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
log = structlog.get_logger()


class Courier:
    """Hands on what waits in `engine`; `way_to` says where the slip of a service goes today."""

    def __init__(self, engine: Engine, ways: Ways, way_to: Callable[[str], Way | None]) -> None:
        self._engine, self._ways, self._way_to = engine, ways, way_to
        self._close_at = monotonic()
        self._wake, self._stopping = Event(), Event()
        self._thread = Thread(target=self._run, name="courier", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """There is something new to hand on."""
        self._wake.set()

    def close(self, timeout: float = 5.0) -> None:
        """Stop; what waits is handed on by the next start."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(timeout)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                self._close_old()
                while not self._stopping.is_set() and (one := store.claim(self._engine, now())):
                    self._try(one)
            except SQLAlchemyError as error:
                log.error("referrals_unavailable", error=type(error).__name__)
            self._wake.wait(LOOK_S)

    def _try(self, referral: Referral) -> None:
        """One attempt; the log names what happened, never who or what it was about."""
        way = self._way_to(referral.service)
        try:
            if way is None or referral.slip is None:
                raise NotHandedOnError("no way to this service", for_good=way is not None)
            state = hand_on(referral, referral.slip, way, self._ways, now())
        except NotHandedOnError as error:
            log.warning("referral_not_handed_on", id=referral.id, why=str(error), n=referral.tries)
            if error.for_good or referral.tries > len(WAITS):
                store.handed_on(self._engine, referral, "failed", now())
            else:
                store.put_off(self._engine, referral, now() + WAITS[referral.tries - 1])
            return
        store.handed_on(self._engine, referral, state, now())
        log.info("referral_handed_on", id=referral.id, state=state)

    def _close_old(self) -> None:
        if monotonic() < self._close_at:
            return
        self._close_at = monotonic() + CLOSE_EVERY_S
        closed = store.close_old(self._engine, now() - timedelta(days=self._ways.days), now())
        if closed:
            log.info("referrals_closed", n=closed)
