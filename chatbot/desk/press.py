"""What publishes: on this server alone, or on all that share a database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from chatbot.shared.cabinet import Cabinet
from chatbot.shared.drawer import InUse
from chatbot.shared.follower import Follower
from index.publish.publish import Announce, alone, publish, rollback
from index.publish.shelf import BuildUnderWay
from index.publish.snapshot import Snapshot

UNDER_WAY = "Un'altra pubblicazione è in corso: aspetta e riprova."


@dataclass(frozen=True)
class Press:
    """`follower` tells the other servers; None where there are none."""

    cabinet: Cabinet
    follower: Follower | None = None

    @classmethod
    def of_one(cls, var: Path) -> Press:
        """That of a server alone."""
        return cls(Cabinet(var))

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """One publication at a time, over what is published now. Raises BuildUnderWay, and what
        `Follower.sync` raises."""
        try:
            with self.cabinet.alone("publish"):
                if self.follower:
                    self.follower.sync(again=True)
                yield
        except InUse:
            raise BuildUnderWay(UNDER_WAY) from None

    def publish(
        self, snapshot_id: str, reason: str, by: str, loaded: Snapshot | None = None
    ) -> Snapshot:
        """See `index.publish.publish`; to be called `at_work`."""
        announce = self._announce(by, reason)
        return publish(self.cabinet.var, snapshot_id, reason, by, loaded, announce)

    def rollback(self, by: str) -> str:
        """See `index.publish.publish`; to be called `at_work`."""
        return rollback(self.cabinet.var, self._announce(by))

    def _announce(self, by: str, why: str = "") -> Announce:
        return partial(self.follower.publish, by=by, why=why) if self.follower else alone
