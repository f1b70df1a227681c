"""The snapshot in use: swapped by one reference when another is published."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from threading import Lock

import structlog

from chatbot.bot import Bot
from chatbot.read.reader import Reader, ReaderError
from chatbot.settings import Settings
from index.encode.encoder import Encoder
from index.encode.model import ensure_model
from index.network import Network
from index.publish.manifest import SnapshotError
from index.publish.past import keep_guides
from index.publish.publish import load_usable
from index.publish.published import current_id
from index.publish.snapshot import Snapshot, load

log = structlog.get_logger()

OTHER_WEIGHTS = (
    "I pesi non sono stati misurati con il lettore {name}: si risponde senza leggere i passaggi. "
    "Esegui: bussola eval fit --reading --write"
)


Over = Callable[[Snapshot], Snapshot]


def _as_it_is(snapshot: Snapshot) -> Snapshot:
    return snapshot


class Library:
    """Holds the current snapshot; a question keeps the one it began with."""

    def __init__(self, var: Path, bot: Bot, snapshot: Snapshot, over: Over = _as_it_is) -> None:
        self.bot = bot
        self.error = ""  # why the newest snapshot is not in use, for `/api/health`
        self.unread = ""  # why no passage is read, where a reader is named
        self._var = var
        self._over = over  # how it is searched
        self._snapshot = snapshot = over(snapshot)
        self._failed = ""
        self.kept: Callable[[], None] = lambda: None  # called after a past day was kept
        self._lock = Lock()
        bot.prepare(snapshot)
        self._remember(snapshot)
        if not bot.fitted:  # health says it too
            log.warning("weights_of_another_model", model=bot.encoder.name)

    @classmethod
    def open(
        cls, settings: Settings, encoder: Encoder | None = None, over: Over = _as_it_is
    ) -> Library:
        """Load the published snapshot or, when that is damaged, the one before it; and the model,
        where no `encoder` is shared. `over` makes of each snapshot one that is searched elsewhere.
        Raises BussolaError.
        """
        snapshot, error = load_usable(settings.var)
        encoder = encoder or load_encoder(settings)
        _same_model(snapshot, encoder)
        reader, unread = _reader(settings.reader)
        library = cls(settings.var, Bot(encoder, reader=reader), snapshot, over)
        if reader and not library.bot.reads:
            unread = OTHER_WEIGHTS.format(name=settings.reader)
        if unread:
            library.unread = unread
            log.warning("passages_not_read", why=unread)
        if error:
            library.error, library._failed = error, current_id(settings.var) or ""
            log.error("snapshot_rejected", snapshot=library._failed, serving=snapshot.id)
        return library

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    @property
    def network(self) -> Network:
        """Of the snapshot in use."""
        return self._snapshot.network

    def refresh(self) -> bool:
        """Load and swap in a newly published snapshot; True when it did. One that does not load
        is told in `error` and not tried again until the pointer moves."""
        return self._swap()

    def serve(self, snapshot: Snapshot) -> bool:
        """As `refresh`, for who has just built, read back and published this very snapshot."""
        return self._swap(snapshot)

    def _swap(self, loaded: Snapshot | None = None) -> bool:
        wanted = current_id(self._var)
        if wanted in {None, self._snapshot.id, self._failed}:
            return False
        with self._lock:
            if wanted is None or wanted == self._snapshot.id:
                return False
            try:
                if loaded is not None and loaded.id == wanted:
                    snapshot = loaded
                else:
                    snapshot = load(self._var, wanted, self._snapshot)
                _same_model(snapshot, self.bot.encoder)
                snapshot = self._over(snapshot)
                self.bot.prepare(snapshot)
            except SnapshotError as error:
                self.error, self._failed = str(error), wanted
                log.error("snapshot_rejected", snapshot=wanted)
                return False
            self._snapshot, self.error, self._failed = snapshot, "", ""
        self._remember(snapshot)
        log.info("snapshot_loaded", snapshot=wanted, passages=len(snapshot.passages))
        return True

    def _remember(self, snapshot: Snapshot) -> None:
        """What is answered from now on can be read again as it was, by the link of an answer."""
        try:
            keep_guides(self._var, snapshot)
            self.kept()
        except OSError as error:  # a disk that is full or not ours: answers come all the same
            log.error("guides_not_kept", snapshot=snapshot.id, error=type(error).__name__)


_loaded = cache(Reader.load)  # networks of one deployment share it


def _reader(name: str) -> tuple[Reader | None, str]:
    """The reader named in the settings, or why there is none: the bot goes on without it."""
    if not name:
        return None, ""
    try:
        return _loaded(name), ""
    except ReaderError as error:
        return None, f"{error}. Si risponde senza leggere i passaggi."


def load_encoder(settings: Settings) -> Encoder:
    """The model of the settings, prepared where it is not yet. Raises BussolaError."""
    return Encoder.load(ensure_model(settings.var / "models", settings.model), settings.threads)


def _same_model(snapshot: Snapshot, encoder: Encoder) -> None:
    """Vectors of two models cannot be compared. Raises SnapshotError."""
    if snapshot.manifest["model"]["digest"] != encoder.digest:
        raise SnapshotError(
            "L'istantanea è stata fatta con un altro modello. Esegui: bussola index build"
        )
