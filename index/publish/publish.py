"""Which snapshot is published: publish a draft, go back, tell."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.errors import BussolaError
from index.files import replace_file
from index.publish.manifest import (
    MANIFEST,
    SnapshotError,
    folder_of,
    is_draft,
    note_publication,
    read_manifest,
)
from index.publish.published import current_id, point_current
from index.publish.shelf import build_lock, remove_old, snapshot_ids
from index.publish.snapshot import Snapshot, load, load_current

Announce = Callable[[str], None]


class StaleDraft(BussolaError):  # noqa: N818 (it reads as what happened)
    """Something else was published after the draft was built."""


def alone(snapshot_id: str) -> None:
    """Nobody else is told of what is published: there is one server."""


def publish(
    var: Path, snapshot_id: str, reason: str = "", by: str = "", loaded: Snapshot | None = None,
    announce: Announce = alone,
) -> Snapshot:  # fmt: skip
    """Point to `snapshot_id` after loading it whole; `loaded` is the same, by who has just built
    it and read it back. As it is published, it is given back. Where several servers publish
    together, `announce` tells the others before: what it raises keeps everything as it was.

    A `reason` (a publication against the advice of the cases has one) stays in the manifest with
    who gave it, by default the user of this machine, and when; without one a draft is not published
    over what it was not built over. Raises StaleDraft, SnapshotError, BussolaError.
    """
    with build_lock(var):
        snapshot = loaded if loaded and loaded.id == snapshot_id else load(var, snapshot_id)
        manifest, current = snapshot.manifest, current_id(var)
        if manifest.get("draft") and not reason and manifest.get("over") != (current or ""):
            raise StaleDraft(
                f"Dopo che la bozza {snapshot_id} è stata costruita è stata pubblicata {current}, "
                "che non c'è nella bozza: costruiscila di nuovo (bussola index build --draft), o "
                "pubblicala lo stesso dicendo perché (--reason)"
            )
        when = datetime.now(UTC).isoformat(timespec="seconds")
        note = {"at": when, "by": by or user(), "why": reason} if reason else None
        told = folder_of(var, snapshot_id) / MANIFEST
        before = told.read_bytes()
        note_publication(var, snapshot_id, note)
        try:
            announce(snapshot_id)
        except BaseException:
            replace_file(told, before)
            raise
        point_current(var, snapshot_id)
        remove_old(var)
        return replace(snapshot, manifest=read_manifest(var, snapshot_id))


def user() -> str:
    """Who runs this command, as the system knows it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "sconosciuto"


def rollback(var: Path, announce: Announce = alone) -> str:
    """Publish the newest loadable snapshot older than the published one; its id. `announce` as for
    `publish`.

    Raises SnapshotError when there is none.
    """
    with build_lock(var):
        for snapshot_id in _older(var):
            try:
                load(var, snapshot_id)
            except SnapshotError:
                continue
            announce(snapshot_id)
            point_current(var, snapshot_id)
            return snapshot_id
    raise SnapshotError("Non c'è un'istantanea precedente a cui tornare")


def _older(var: Path) -> list[str]:
    """Snapshots older than the published one, newest first; all of them when the pointer names
    none that is there. A draft that nobody published is not one to go back to."""
    current = current_id(var)
    names = [name for name in snapshot_ids(var) if name == current or not is_draft(var, name)]
    older = [name for name in names if current not in names or name < str(current)]
    return older[::-1]


def load_usable(var: Path) -> tuple[Snapshot, str]:
    """The published snapshot or, when it is damaged, the newest older one that loads; and what
    was wrong, empty when nothing was. Raises SnapshotError when none loads."""
    try:
        return load_current(var), ""
    except SnapshotError as error:
        for snapshot_id in _older(var):
            try:
                return load(var, snapshot_id), str(error)
            except SnapshotError:
                continue
        raise


def pair_to_compare(var: Path, snapshot_id: str = "") -> tuple[Snapshot, Snapshot]:
    """(before, after): the published snapshot and a newer draft, or an older one and the
    published; without a name, the one before it and the published. Raises SnapshotError."""
    current = load_current(var)
    if not snapshot_id:
        older = _older(var)
        if not older:
            raise SnapshotError("Non c'è un'istantanea precedente con cui confrontare")
        snapshot_id = older[0]
    other = load(var, snapshot_id)
    return (other, current) if other.id < current.id else (current, other)


def status(var: Path) -> list[dict[str, Any]]:
    """One row for each snapshot on the disk, oldest first: id, created, passages, published, draft
    and publications, and `error` where its manifest cannot be read."""
    current = current_id(var)
    rows = []
    for snapshot_id in snapshot_ids(var):
        row: dict[str, Any] = {"id": snapshot_id, "published": snapshot_id == current}
        try:
            manifest = read_manifest(var, snapshot_id)
            row |= {"created": manifest["created"], "passages": manifest["counts"]["passages"]}
            row |= {"publications": manifest.get("publications", [])}
            row |= {"draft": bool(manifest.get("draft"))}
        except (SnapshotError, KeyError) as error:
            row |= {"created": "", "passages": 0, "error": str(error)}
        rows.append(row)
    return rows
