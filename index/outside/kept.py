"""What the last round found, kept in `var`: who looks at the list does not wait for the web."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock
from time import monotonic

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import BussolaError
from index.files import replace_file
from index.outside.public import Resolve, public_addresses
from index.outside.round import PAUSE_S, look_at_all
from index.outside.visit import Visit

FILE = "outside.json"
WRITE_S = 2.0  # between two writings of what was found so far
ALONE = 3  # addresses of which none answers: it is our own network that does not
NO_NETWORK = (
    "Nessun sito ha risposto: forse questo server non può uscire su internet. Chi lo tiene può "
    "fare il controllo da un altro computer: bussola index links"
)


class Looked(BaseModel):
    """A round: when it `began`, when it was `done` (None: it was not), how many addresses there
    are and what was found of each; `why` where it found nothing at all."""

    model_config = ConfigDict(frozen=True)
    began: datetime
    done: datetime | None = None
    total: int = 0
    found: dict[str, Visit] = {}
    fresh: int = 0  # of `found`, those of this round
    why: str = ""


class AlreadyLooking(BussolaError):  # noqa: N818 (it reads as what happened)
    """Another round is under way."""

    def __init__(self) -> None:
        super().__init__("Un controllo dei collegamenti è già in corso: aspetta che finisca.")


def read_looked(var: Path) -> Looked | None:
    """What the last round found; None where there was none."""
    try:
        return Looked.model_validate_json((var / FILE).read_bytes())
    except (OSError, ValidationError):
        return None


class Keeper:
    """Writes down a round while it goes on."""

    def __init__(self, var: Path, urls: Collection[str]) -> None:
        self._file = var / FILE
        before = read_looked(var)
        old = {url: v for url, v in before.found.items() if url in urls} if before else {}
        self.looked = Looked(began=datetime.now(UTC), total=len(urls), found=old)
        self._fresh: dict[str, Visit] = {}
        self._written, self._lock = monotonic(), Lock()
        self._write()

    def tell(self, url: str, visit: Visit) -> None:
        """One address was looked at; from any thread."""
        with self._lock:
            self._fresh[url] = visit
            if monotonic() - self._written > WRITE_S:
                self._write()

    def close(self, stopped: bool) -> Looked:
        """The round is over. Where no address answered the ones before stay."""
        with self._lock:
            dead = len(self._fresh) >= ALONE and all(v.status == 0 for v in self._fresh.values())
            if dead:
                self._fresh = {}
            why = NO_NETWORK if dead else ""
            done = None if stopped else datetime.now(UTC)
            self.looked = self.looked.model_copy(update={"done": done, "why": why})
            self._write()
            return self.looked

    def _write(self) -> None:
        update = {"found": {**self.looked.found, **self._fresh}, "fresh": len(self._fresh)}
        self.looked = self.looked.model_copy(update=update)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self._file, self.looked.model_dump_json(indent=1).encode())
        self._written = monotonic()


def look_and_keep(
    var: Path, urls: Collection[str], stop: Event | None = None,
    resolve: Resolve = public_addresses, pause: float = PAUSE_S,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Looked:  # fmt: skip
    """A whole round of `urls`, kept as it goes. Raises AlreadyLooking."""
    stop = stop or Event()
    with _alone(var):
        keeper = Keeper(var, urls)
        count = iter(range(1, len(urls) + 1))

        def tell(url: str, visit: Visit) -> None:
            keeper.tell(url, visit)
            progress(next(count), len(urls))

        look_at_all(urls, tell, stop, resolve, pause)
        return keeper.close(stop.is_set())


def is_looking(var: Path) -> bool:
    """Whether a round is under way, of this server or of another program."""
    try:
        with _alone(var):
            return False
    except AlreadyLooking:
        return True


@contextmanager
def _alone(var: Path) -> Iterator[None]:
    var.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(var / f".{FILE}.lock", timeout=0):
            yield
    except Timeout:
        raise AlreadyLooking from None
