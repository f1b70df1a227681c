"""The guides that a publication took away: what their old addresses say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

if TYPE_CHECKING:
    from index.publish.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Gone:
    """A guide that was published until `day`; `near` is the name of the guide most like it."""

    title: str
    day: date
    near: str = ""


_GONE = TypeAdapter(dict[str, Gone])
KEY = "gone"  # in the manifest of a snapshot


def read_gone(manifest: Mapping[str, object]) -> Mapping[str, Gone]:
    """By the name that each had. Raises pydantic's ValidationError."""
    return _GONE.validate_python(manifest.get(KEY, {}))


def with_gone(snapshot: Snapshot, before: Snapshot | None) -> Snapshot:
    """`snapshot` with the guides that stood in the one `before` it, and those that were gone
    there: whose names no guide has now, nor had."""
    if before is None:
        return snapshot
    day = snapshot.network.day_of(datetime.fromisoformat(snapshot.created))
    left = {
        slug: Gone(guide.title, day, _nearest(slug, before, snapshot))
        for slug, guide in before.guides.items()
    }
    gone = {
        name: g for name, g in {**before.gone, **left}.items() if not snapshot.guide_named(name)
    }
    gone = {
        n: replace(g, near=g.near if g.near in snapshot.guides else "") for n, g in gone.items()
    }
    return replace(
        snapshot, manifest={**snapshot.manifest, KEY: _GONE.dump_python(gone, mode="json")}
    )


def _nearest(slug: str, before: Snapshot, after: Snapshot) -> str:
    """The guide of `after` that most passages of a guide of `before` are nearest to."""
    if after.guide_named(slug) or before.vectors.shape[1:] != after.vectors.shape[1:]:
        return ""
    rows = [row for row, passage in enumerate(before.passages) if passage.guide == slug]
    near = Counter(
        after.passages[found[0]].guide
        for row in rows
        if len(found := after.store.nearest(before.vectors[row], 1)[0])
    )
    return near.most_common(1)[0][0] if near else ""
