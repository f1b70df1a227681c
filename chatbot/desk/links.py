"""The links of the guides to other sites, looked at on request while the desk is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import structlog

from index.guide import Guide
from index.outside.addresses import Place, addresses
from index.outside.kept import AlreadyLooking, Looked, look_and_keep, read_looked
from index.outside.public import Resolve, public_addresses
from index.outside.round import PAUSE_S
from index.outside.visit import Visit

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class LinkTold:
    """An address that is not as it should be, with the places where it stands."""

    url: str
    visit: Visit
    places: Sequence[Place]


class LinkRounds:
    """The rounds of one server; what they found is on the disk, for every server and command."""

    def __init__(
        self, var: Path, resolve: Resolve = public_addresses, pause: float = PAUSE_S
    ) -> None:
        self._var, self._resolve, self._pause = var, resolve, pause
        self._stop = Event()
        self._thread: Thread | None = None

    @property
    def running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def looked(self) -> Looked | None:
        """What the last round found, also while it goes on."""
        return read_looked(self._var)

    def start(self, guides: Iterable[Guide]) -> None:
        """Begin a round. Raises AlreadyLooking."""
        if self.running:
            raise AlreadyLooking
        urls = list(addresses(guides))
        self._stop = Event()
        self._thread = Thread(target=self._run, args=(urls,), name="links", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the round that is under way, if there is one; what it found stays."""
        self._stop.set()
        if self._thread:
            self._thread.join(5)

    def _run(self, urls: list[str]) -> None:
        try:
            look_and_keep(self._var, urls, self._stop, self._resolve, self._pause)
        except (AlreadyLooking, OSError) as error:  # another program's round; a full disk
            log.warning("links_not_looked_at", why=type(error).__name__)


def troubles(looked: Looked | None, guides: Iterable[Guide]) -> list[LinkTold]:
    """The addresses that do not work, of those that the guides have now: those in most places
    first."""
    return _told(looked, guides, lambda visit: visit.trouble)


def moved(looked: Looked | None, guides: Iterable[Guide]) -> list[LinkTold]:
    """Those that lead elsewhere for good."""
    return _told(looked, guides, lambda visit: visit.state == "moved")


def _told(
    looked: Looked | None, guides: Iterable[Guide], wanted: Callable[[Visit], bool]
) -> list[LinkTold]:
    if looked is None:
        return []
    places = addresses(guides)
    found = [
        LinkTold(url, visit, places[url])
        for url, visit in looked.found.items()
        if url in places and wanted(visit)
    ]
    return sorted(found, key=lambda one: (-len(one.places), one.url))


def counts_by_guide(told: Iterable[LinkTold]) -> dict[str, int]:
    """How many of these addresses each guide has, by its name."""
    counts: dict[str, int] = {}
    for one in told:
        for slug in {place.slug for place in one.places}:
            counts[slug] = counts.get(slug, 0) + 1
    return counts
