"""Which snapshot is published, and its guides alone: what is read in an instant, without the model
or the search."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from index.files import replace_file
from index.guide import Guide

CURRENT = "CURRENT"
GUIDES_FILE = "guides.json"
GUIDES = TypeAdapter(tuple[Guide, ...])


def snapshots_dir(var: Path) -> Path:
    return var / "snapshots"


def current_id(var: Path) -> str | None:
    """The id of the published snapshot, or None when nothing was ever published."""
    try:
        return (var / CURRENT).read_text(encoding="ascii").strip() or None
    except (FileNotFoundError, UnicodeDecodeError):
        return None


def point_current(var: Path, snapshot_id: str) -> None:
    """Publish: replace the pointer atomically."""
    replace_file(var / CURRENT, f"{snapshot_id}\n".encode("ascii"))


def published_guides(var: Path) -> Mapping[str, Guide]:
    """The guides of the published snapshot by slug; none where none is published, or where they
    cannot be read (who loads the snapshot is told why)."""
    snapshot_id = current_id(var)
    if snapshot_id is None:
        return {}
    try:
        guides = GUIDES.validate_json((snapshots_dir(var) / snapshot_id / GUIDES_FILE).read_bytes())
    except (OSError, ValidationError):
        return {}
    return {guide.slug: guide for guide in guides}
