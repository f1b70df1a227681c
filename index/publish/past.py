"""The guides of every snapshot that was in use, so that what was cited is read as it was that day.

A snapshot is big and goes after a few publications; its guides are small, and most are the same
from one to the next: each text is kept once, by its digest, with a list for each snapshot.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from index.errors import BussolaError
from index.files import replace_file
from index.guide import Guide
from index.publish.manifest import is_snapshot_name
from index.publish.snapshot import Snapshot

PAST = "past"  # in var: a list for each day
TEXTS = f"{PAST}/guides"
_GUIDE = TypeAdapter(Guide)


class PastError(BussolaError):
    """What was in use then cannot be read; the message says why, in Italian."""


@dataclass(frozen=True, slots=True)
class Day:
    """A snapshot that was in use: when it was made, and its guides by slug, each by its digest."""

    created: datetime
    guides: dict[str, str]


def keep_guides(var: Path, snapshot: Snapshot) -> int:
    """Keep the guides of a snapshot in `var/past`; how many were not there yet. Raises OSError."""
    listed = day_file(var, snapshot.id)
    if listed.is_file():
        return 0
    (var / TEXTS).mkdir(parents=True, exist_ok=True)
    digests, new = {}, 0
    for slug, guide in snapshot.guides.items():
        data = _GUIDE.dump_json(guide)
        digests[slug] = hashlib.sha256(data).hexdigest()[:32]
        file = text_file(var, digests[slug])
        if not file.is_file():
            replace_file(file, gzip.compress(data, mtime=0))
            new += 1
    written = {"created": snapshot.created, "guides": digests}
    replace_file(listed, json.dumps(written, indent=0).encode())
    return new


def read_day(var: Path, snapshot_id: str) -> Day | None:
    """A snapshot that was in use; None for one that is not known. Raises PastError."""
    if not is_snapshot_name(snapshot_id):
        return None
    try:
        written = json.loads(day_file(var, snapshot_id).read_bytes())
        return Day(datetime.fromisoformat(written["created"]), dict(written["guides"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PastError(f"Le guide dell'istantanea {snapshot_id} non si leggono.") from error


def read_guide(var: Path, day: Day, slug: str) -> Guide | None:
    """A guide as it was then; None where there was none. Raises PastError."""
    digest = day.guides.get(slug)
    if digest is None:
        return None
    try:
        return _GUIDE.validate_json(gzip.decompress(text_file(var, digest).read_bytes()))
    except (OSError, EOFError, ValidationError) as error:
        raise PastError(f"La guida «{slug}» di quel giorno non si legge.") from error


def day_file(var: Path, snapshot_id: str) -> Path:
    """The list of the guides of a snapshot. Of a name from outside see `is_snapshot_name`."""
    return var / PAST / f"{snapshot_id}.json"


def text_file(var: Path, digest: str) -> Path:
    """A guide, as it was."""
    return var / TEXTS / f"{digest}.json.gz"
