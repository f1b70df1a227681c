"""Publishes again whenever the guides are saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from time import perf_counter

from watchfiles import Change, watch

from index.encode.encoder import Encoder
from index.errors import BussolaError
from index.parse.network_folder import FOLDER
from index.parse.walk import is_guide_name
from index.publish.build import Summary, build

DEBOUNCE_MS = 400  # an editor saves several files, a shared drive several times


def watch_guides(
    guides_dir: Path, debounce_ms: int = DEBOUNCE_MS, stop: Event | None = None
) -> Iterator[set[Path]]:
    """The files of guides and network changed, a set for each pause of `debounce_ms` after a burst
    of saves."""
    changes = watch(
        guides_dir,
        watch_filter=_is_guide,
        debounce=debounce_ms * 4,
        step=debounce_ms,
        stop_event=stop,
        raise_interrupt=False,
    )
    for burst in changes:
        yield {Path(path) for _, path in burst}


def _is_guide(change: Change, path: str) -> bool:
    name, folder = Path(path).name, Path(path).parent.name
    of_network = folder == FOLDER and name.endswith((".yaml", ".csv", ".txt"))
    return is_guide_name(name) or (of_network and not name.startswith((".", "~")))


def publish_on_change(
    guides_dir: Path,
    var: Path,
    encoder: Encoder,
    tell: Callable[[Summary | BussolaError, float], None],
    stop: Event | None = None,
    debounce_ms: int = DEBOUNCE_MS,
) -> None:
    """Build at each change until stopped; `tell` gets the summary, or why nothing was published,
    and the seconds it took. An error in a guide or a disk that is full ends nothing."""
    for _ in watch_guides(guides_dir, debounce_ms, stop):
        start = perf_counter()
        outcome: Summary | BussolaError
        try:
            outcome = build(guides_dir, var, encoder)
        except BussolaError as error:
            outcome = error
        except OSError as error:
            outcome = BussolaError(f"Non riesco a scrivere: {error.strerror}")
        tell(outcome, perf_counter() - start)
