"""What changed lately in the guides, read from the snapshots kept for rollback."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from index.publish.manifest import SnapshotError, read_manifest
from index.publish.published import snapshots_dir
from index.publish.snapshot import Snapshot

ChangeKind = Literal["added", "changed", "removed", "checked"]
LIMIT = 500


@dataclass(frozen=True, slots=True)
class Change:
    """One guide added, changed, removed or checked again on a day."""

    day: date
    kind: ChangeKind
    slug: str
    title: str


def recent_changes(snapshot: Snapshot, var: Path) -> list[Change]:
    """Newest first, and of one day what was edited before what was only checked: differences
    between the snapshots kept in `var` up to `snapshot`, and the days on which the guides were
    last verified. At most LIMIT."""
    edits = {(c.day, c.slug): c for c in _between_snapshots(snapshot, var)}  # a day's last one
    checks = [c for c in _verified(snapshot) if (c.day, c.slug) not in edits]
    return sorted([*edits.values(), *checks], key=_order)[:LIMIT]


def _order(change: Change) -> tuple[int, bool, str]:
    return -change.day.toordinal(), change.kind == "checked", change.title


def _verified(snapshot: Snapshot) -> Iterator[Change]:
    for guide in snapshot.guides.values():
        if guide.service and guide.service.status != "verificato":
            continue  # its date says when the data were collected
        if guide.verified_on:
            yield Change(guide.verified_on, "checked", guide.slug, guide.title)


def _between_snapshots(snapshot: Snapshot, var: Path) -> Iterator[Change]:
    folder = snapshots_dir(var)
    names = sorted(p.name for p in folder.iterdir() if p.name[0] != ".") if folder.is_dir() else []
    kept = [name for name in names if name <= snapshot.id]
    for before, after in pairwise(kept):
        try:
            created = datetime.fromisoformat(read_manifest(var, after)["created"])
            day = snapshot.network.day_of(created)
            yield from _difference(_guides(folder / before), _guides(folder / after), day)
        except (SnapshotError, OSError, ValueError, KeyError):
            continue  # removed by a newer build while we read, or from another version


def _guides(folder: Path) -> Mapping[str, Any]:
    guides = json.loads((folder / "guides.json").read_bytes())
    return {guide["slug"]: guide for guide in guides}


def _difference(before: Mapping[str, Any], after: Mapping[str, Any], day: date) -> Iterator[Change]:
    for slug in before.keys() | after.keys():
        old, new = before.get(slug), after.get(slug)
        if new is None:
            yield Change(day, "removed", slug, before[slug]["title"])
        elif old is None:
            yield Change(day, "added", slug, new["title"])
        elif old["markdown"] != new["markdown"] or old["title"] != new["title"]:
            yield Change(day, "changed", slug, new["title"])
