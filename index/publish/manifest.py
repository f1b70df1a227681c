"""The manifest of a snapshot: what it is made of, whether it is a draft, who published it, why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from index.errors import BussolaError
from index.files import replace_file
from index.publish.published import snapshots_dir

SCHEMA = 10
MANIFEST = "manifest.json"
MAX_ID = 100  # characters: longer is no file name
_ID_CHARACTERS = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")


class SnapshotError(BussolaError):
    """A snapshot is missing, incomplete or altered; the message says what to run."""


def read_manifest(var: Path, snapshot_id: str) -> dict[str, Any]:
    """The manifest of a snapshot. Raises SnapshotError."""
    return manifest_in(folder_of(var, snapshot_id), snapshot_id)


def manifest_in(folder: Path, snapshot_id: str) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        raise broken(snapshot_id, "manca il manifesto") from None
    except ValueError:
        raise broken(snapshot_id, "il manifesto non si legge") from None
    if not isinstance(manifest, dict) or manifest.get("schema") != SCHEMA:
        raise broken(snapshot_id, "è stata fatta con un'altra versione di Bussola")
    return manifest


def is_draft(var: Path, snapshot_id: str) -> bool:
    """Whether the snapshot was built without publishing it, and not published since."""
    try:
        return bool(read_manifest(var, snapshot_id).get("draft"))
    except SnapshotError:
        return False


def note_publication(var: Path, snapshot_id: str, note: Mapping[str, str] | None = None) -> None:
    """The snapshot is a draft no more; a `note` of who published it, when and why is added to its
    manifest. Raises SnapshotError."""
    manifest = read_manifest(var, snapshot_id)
    if not manifest.pop("draft", False) and not note:
        return
    if note:
        manifest["publications"] = [*manifest.get("publications", []), dict(note)]
    replace_file(folder_of(var, snapshot_id) / MANIFEST, manifest_bytes(manifest))


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    return json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()


def is_snapshot_name(text: str) -> bool:
    """Whether a text may be the id of a snapshot, and so the name of a folder or file."""
    return set(text) <= _ID_CHARACTERS and 0 < len(text) <= MAX_ID


def folder_of(var: Path, snapshot_id: str) -> Path:
    if not is_snapshot_name(snapshot_id):
        raise SnapshotError(f"«{snapshot_id:.60}» non è il nome di un'istantanea")
    return snapshots_dir(var) / snapshot_id


def broken(snapshot_id: str, what: str) -> SnapshotError:
    return SnapshotError(
        f"L'istantanea {snapshot_id} non è utilizzabile: {what}. "
        "Esegui: bussola index build (oppure: bussola index rollback)"
    )
