"""How a server that shares a database begins: from what is published there, or with its own."""

from __future__ import annotations

from contextlib import suppress

import structlog

from chatbot.settings import Settings
from chatbot.shared.cabinet import Cabinet
from chatbot.shared.editions import Editions, Overtaken
from chatbot.shared.follower import Follower
from index.publish.published import current_id

FIRST = "primo avvio"  # in the place of a name
log = structlog.get_logger()


def join(settings: Settings) -> tuple[Cabinet, Follower | None, Settings]:
    """Where things are kept, what follows the others where there are any, and the settings as they
    then are. Raises BussolaError, Unavailable, OSError."""
    cabinet = Cabinet.of(settings)
    if cabinet.engine is None:
        return cabinet, None, settings
    follower = Follower(Editions(cabinet.engine), settings.var)
    return cabinet, follower, follow(follower, settings)


def follow(follower: Follower, settings: Settings) -> Settings:
    """Have here what is published; the first server of all publishes what it has, snapshot and
    guides. The settings in which the guides are those that came. Raises BussolaError, Unavailable,
    OSError."""
    if follower.sync() is None and (own := current_id(settings.var)):
        with suppress(Overtaken):  # two first servers: the other was quicker
            follower.publish(own, FIRST, texts=settings.guides)
        follower.sync()
        log.info("first_edition", snapshot=own)
    return settings.model_copy(update={"guides": follower.guides})
