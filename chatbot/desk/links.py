"""The links of the guides to other sites, looked at on request while the desk is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import structlog

from chatbot.problem import Unavailable
from chatbot.shared.cabinet import Cabinet
from chatbot.shared.drawer import InUse
from chatbot.shared.mirror import Mirror
from index.guide import Guide
from index.outside.addresses import AddressPlace, addresses
from index.outside.kept import FILE, AlreadyLooking, Looked, look_and_keep, read_looked
from index.outside.public import Resolve, public_addresses
from index.outside.round import PAUSE_S
from index.outside.visit import Visit

TELL_S = 2.0  # between two times that the other servers are told how far it is
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class LinkTold:
    """An address that is not as it should be, with the places where it stands."""

    url: str
    visit: Visit
    places: Sequence[AddressPlace]


class LinkRounds:
    """The rounds of one server, of all servers one at a time; what they found is on the disk, for
    every process here, and in the database that servers share."""

    def __init__(
        self, place: Path | Cabinet, resolve: Resolve = public_addresses, pause: float = PAUSE_S
    ) -> None:
        self._cabinet = Cabinet(place) if isinstance(place, Path) else place
        self._found = Mirror(self._cabinet, "", (FILE,))
        self._resolve, self._pause = resolve, pause
        self._stop = Event()
        self._thread: Thread | None = None

    @property
    def running(self) -> bool:
        """Whether a round of this server is under way."""
        return self._thread is not None and self._thread.is_alive()

    def looked(self) -> Looked | None:
        """What the last round found, also while it goes on, here or on another server. Raises
        OSError, DrawerError."""
        if not self.running:
            self._found.bring()
        return read_looked(self._cabinet.var)

    def start(self, guides: Iterable[Guide]) -> None:
        """Begin a round. Raises AlreadyLooking, DrawerError."""
        if self.running:
            raise AlreadyLooking
        with self._alone():
            pass  # whoever asks is told at once
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
        told = monotonic()

        def tell(done: int, total: int) -> None:
            nonlocal told
            if monotonic() - told > TELL_S:
                told = monotonic()
                with suppress(Unavailable):  # the next time, or at the end
                    self._found.tell()

        try:
            with self._alone():
                self._found.bring()
                var = self._cabinet.var
                look_and_keep(var, urls, self._stop, self._resolve, self._pause, tell)
                self._found.tell()
        except (AlreadyLooking, OSError, Unavailable) as error:  # another's round; a full disk
            log.warning("links_not_looked_at", why=type(error).__name__)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Of servers that share a database; those of one machine are told apart by a file."""
        if self._cabinet.engine is None:
            yield
            return
        try:
            with self._cabinet.alone("links"):
                yield
        except InUse:
            raise AlreadyLooking from None


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
