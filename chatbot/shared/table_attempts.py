"""Failed attempts of all servers together: who guesses on one waits on every one."""

from __future__ import annotations

import hashlib
import math
from datetime import UTC, datetime, timedelta

from limits import RateLimitItem
from sqlalchemy import Engine, delete, insert, select

from chatbot.shared.table_drawer import away_is_told
from chatbot.shared.tables import attempts

KEPT = timedelta(days=1)  # longer than any limit looks back


class TableAttempts:
    """In the shared database; whose they are is kept as a digest, and forgotten in a day."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def wait(self, item: RateLimitItem, key: str) -> int:
        now, lasting = datetime.now(UTC), timedelta(seconds=item.get_expiry())
        mine = (attempts.c.key == _digest(item, key)) & (attempts.c.at > now - lasting)
        last = select(attempts.c.at).where(mine).order_by(attempts.c.at.desc()).limit(item.amount)
        with away_is_told(), self._engine.connect() as connection:
            found = list(connection.scalars(last))
        if len(found) < item.amount:
            return 0
        return max(1, math.ceil((found[-1] + lasting - now).total_seconds()))

    def failed(self, item: RateLimitItem, key: str) -> None:
        now = datetime.now(UTC)
        with away_is_told(), self._engine.begin() as connection:
            connection.execute(delete(attempts).where(attempts.c.at < now - KEPT))
            connection.execute(insert(attempts).values(key=_digest(item, key), at=now))


def _digest(item: RateLimitItem, key: str) -> str:
    return hashlib.sha256(item.key_for(key).encode("utf-8", "surrogatepass")).hexdigest()
