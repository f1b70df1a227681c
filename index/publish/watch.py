"""Publishes again whenever the guides are saved."""

from __future__ import annotations

import re
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

MOUNTS = Path("/proc/self/mounts")
# File systems whose changes made elsewhere no machine is told of: shares, and folders of another
# system lent to this one.
SHARED = re.compile(r"nfs\d?|cifs|smb\w*|9p|drvfs|vboxsf|virtiofs|prl_fs|afs|davfs|fuse(\.\w+)?")
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
        force_polling=is_shared(guides_dir) or None,  # None: as the environment says
    )
    for burst in changes:
        yield {Path(path) for _, path in burst}


def is_shared(folder: Path, mounts: Path = MOUNTS) -> bool:
    """Whether a folder is on a share, and its files have to be looked at again and again."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    where = folder.resolve()
    fields = (line.split(" ") for line in lines)  # device, place, kind, options
    kinds = {Path(place.replace("\\040", " ")): kind for _, place, kind, *_ in fields}
    around = [place for place in kinds if where.is_relative_to(place)]
    nearest = max(around, key=lambda place: len(place.parts), default=None)
    return nearest is not None and SHARED.fullmatch(kinds[nearest]) is not None


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
