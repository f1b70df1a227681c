"""The folder of the snapshots: who may write there, what is on it, what is thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import BussolaError
from index.files import discard
from index.publish.manifest import is_draft
from index.publish.published import CURRENT, current_id, snapshots_dir

KEPT = 3  # snapshots kept for rollback, the published one included


class BuildUnderWay(BussolaError):  # noqa: N818 (it reads as what happened)
    """Another build has the lock."""


@contextmanager
def build_lock(var: Path) -> Iterator[None]:
    """One build at a time in `var`; the lock goes with the process, however it ends.

    Raises BuildUnderWay.
    """
    var.mkdir(parents=True, exist_ok=True)
    lock = FileLock(var / "build.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        message = f"Un'altra pubblicazione è in corso in {var}: aspetta che finisca e riprova"
        raise BuildUnderWay(message) from None
    try:
        yield
    finally:
        lock.release()


def snapshot_ids(var: Path) -> list[str]:
    """Snapshots on the disk, oldest first."""
    folder = snapshots_dir(var)
    if not folder.is_dir():
        return []
    return sorted(p.name for p in folder.iterdir() if p.is_dir() and p.name[0] != ".")


def remove_unfinished(var: Path) -> None:
    """What a killed build left behind. Call it under the lock."""
    for folder in snapshots_dir(var).glob(".*"):
        discard(folder)
    for file in var.glob(f".{CURRENT}.*.new"):
        with suppress(OSError):
            file.unlink()


def remove_old(var: Path) -> None:
    """Keep the published snapshot and the newest that were published, KEPT in all, and as many
    drafts: those refused one after another do not push out what one can go back to."""
    current = current_id(var)
    others = [name for name in snapshot_ids(var) if name != current]
    drafts = [name for name in others if is_draft(var, name)]
    published = [name for name in others if name not in drafts]
    for name in [*published[: -(KEPT - 1)], *drafts[:-KEPT]]:
        discard(snapshots_dir(var) / name)
