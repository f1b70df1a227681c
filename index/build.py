"""Guides to a published snapshot: parse, chunk, encode what changed, write, load back, point."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from pydantic import TypeAdapter

from index.check import check_folder
from index.chunk import MAX_TOKENS, chunk_guide
from index.encoder import Encoder
from index.files import rename
from index.finding import BussolaError, GuidesRejected
from index.guide import Guide
from index.lexical import LexicalIndex, terms
from index.passage import Passage
from index.snapshot import (
    SCHEMA,
    Snapshot,
    SnapshotError,
    current_id,
    load,
    point_current,
    save,
    snapshots_dir,
)
from index.store import VectorStore
from index.tokens import HEADING, TokenStore
from index.vectors import Encoded, VectorCache

KEPT = 3  # snapshots kept for rollback, the published one included
Progress = Callable[[int, int], None]
_GUIDE = TypeAdapter(Guide)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build did. Passages are compared by id and text with the published snapshot."""

    snapshot: str
    published: bool
    guides: int
    passages: int
    added: int
    changed: int
    removed: int
    reused: int
    encoded: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def build(
    guides_dir: Path,
    var: Path,
    encoder: Encoder,
    *,
    publish: bool = True,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Build a snapshot of `guides_dir` in `var` and, unless told otherwise, publish it.

    Raises GuidesRejected when a guide has an error: the published snapshot stays as it was.
    """
    with build_lock(var):
        guides, findings = check_folder(guides_dir)
        errors = [f for f in findings if f.severity == "error"]
        if errors:
            raise GuidesRejected(errors)
        if not guides:
            raise BussolaError(f"Nessuna guida in {guides_dir}: non c'è nulla da pubblicare")
        passages = [p for guide in guides for p in chunk_guide(guide, encoder.count_tokens)]
        published = _published(var)
        if dry_run:
            return _summary("", False, guides, passages, published, encoded=0)
        digest = content_digest(guides, encoder)
        if publish and published and published.manifest.get("content") == digest:
            return _summary(published.id, True, guides, passages, published, encoded=0)
        cache = VectorCache(var / "vectors", encoder)
        encoded, fresh = cache.encode([p.embedded for p in passages], progress)
        snapshot = make_snapshot(guides, passages, encoded, encoder, digest)
        _write(snapshot, var, encoder)
        if publish:
            point_current(var, snapshot.id)
            remove_old(var)
        return _summary(snapshot.id, publish, guides, passages, published, encoded=fresh)


def build_lock(var: Path) -> Any:
    """One build at a time in `var`. Raises BussolaError when another is under way."""
    var.mkdir(parents=True, exist_ok=True)
    lock = FileLock(var / "build.lock", timeout=0)
    try:
        return lock.acquire()
    except Timeout:
        message = f"Un'altra pubblicazione è in corso in {var}: aspetta che finisca e riprova"
        raise BussolaError(message) from None


def content_digest(guides: Sequence[Guide], encoder: Encoder) -> str:
    """Names all that a snapshot is made from: guides, model, chunking, schema."""
    parts = [f"{SCHEMA} {encoder.digest} {MAX_TOKENS}".encode()]
    parts += [_GUIDE.dump_json(g) for g in sorted(guides, key=lambda g: g.slug)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def make_snapshot(
    guides: Sequence[Guide],
    passages: Sequence[Passage],
    encoded: Sequence[Encoded],
    encoder: Encoder,
    digest: str,
) -> Snapshot:
    """A snapshot in memory; `encoded` goes with `passages`, one each."""
    created = datetime.now(UTC)
    vectors = np.array([e.vector for e in encoded], dtype=np.float32)
    vectors = vectors.reshape(len(passages), encoder.dimension)
    columns = [
        (e.tokens, e.scales, unit_of_tokens(p, e.offsets))
        for p, e in zip(passages, encoded, strict=True)
    ]
    return Snapshot(
        id=f"{created:%Y%m%dT%H%M%S%f}-{digest[:8]}",
        created=created.isoformat(timespec="seconds"),
        manifest={
            "schema": SCHEMA,
            "created": created.isoformat(timespec="seconds"),
            "content": digest,
            "model": {"name": encoder.name, "digest": encoder.digest},
            "chunking": {"max_tokens": MAX_TOKENS},
            "counts": {"guides": len(guides), "passages": len(passages)},
        },
        guides={guide.slug: guide for guide in guides},
        passages=tuple(passages),
        vectors=vectors,
        store=VectorStore.build(vectors),
        lexical=LexicalIndex.build([p.embedded for p in passages]),
        tokens=TokenStore.join(columns, encoder.dimension),
        positions={passage.id: row for row, passage in enumerate(passages)},
    )


def unit_of_tokens(passage: Passage, offsets: np.ndarray) -> np.ndarray:
    """For each token, given by its characters (t, 2) in the embedded text, the ordinal of its
    unit or HEADING: (t,) int16."""
    starts, position = [], passage.embedded.index("\n") + 1 if "\n" in passage.embedded else 0
    for unit in passage.units:
        found = passage.embedded.find(unit.text, position)
        position = found if found >= 0 else position
        starts.append(position)
        position += len(unit.text) if found >= 0 else 0
    owners = np.searchsorted(np.array(starts), offsets[:, 0], side="right") - 1
    return np.where(owners < 0, HEADING, owners).astype(np.int16)


def _write(snapshot: Snapshot, var: Path, encoder: Encoder) -> None:
    """Write under a temporary name, rename, load back, ask a smoke question."""
    folder = snapshots_dir(var)
    folder.mkdir(parents=True, exist_ok=True)
    remove_unfinished(var)
    unfinished = folder / f".{snapshot.id}"
    save(snapshot, unfinished)
    rename(unfinished, folder / snapshot.id)
    smoke_test(load(var, snapshot.id), encoder)


def smoke_test(snapshot: Snapshot, encoder: Encoder) -> None:
    """Ask with a passage's own words: both retrievers must find it. Raises SnapshotError."""
    row = len(snapshot.passages) // 2
    passage = snapshot.passages[row]
    nearest, _ = snapshot.store.nearest(snapshot.vectors[row], 5)
    scores = snapshot.lexical.scores(terms(passage.text))
    asked, _ = snapshot.store.nearest(encoder.encode_queries([passage.text])[0], 5)
    if row not in nearest or scores[row] <= 0 or not len(asked):
        raise SnapshotError(f"La domanda di prova non ritrova «{passage.id}»: non pubblico")


def remove_unfinished(var: Path) -> None:
    """What a killed build left behind. Call it under the lock."""
    for folder in snapshots_dir(var).glob(".*"):
        shutil.rmtree(folder, ignore_errors=True)


def snapshot_ids(var: Path) -> list[str]:
    """Snapshots on the disk, oldest first."""
    folder = snapshots_dir(var)
    if not folder.is_dir():
        return []
    return sorted(p.name for p in folder.iterdir() if p.is_dir() and p.name[0] != ".")


def remove_old(var: Path) -> None:
    """Keep the published snapshot and the newest others, KEPT in all."""
    current = current_id(var)
    others = [name for name in snapshot_ids(var) if name != current]
    for name in others[: -(KEPT - 1)]:
        shutil.rmtree(snapshots_dir(var) / name, ignore_errors=True)


def _published(var: Path) -> Snapshot | None:
    snapshot_id = current_id(var)
    try:
        return load(var, snapshot_id) if snapshot_id else None
    except SnapshotError:
        return None


def _summary(
    snapshot_id: str,
    published: bool,
    guides: Sequence[Guide],
    passages: Sequence[Passage],
    before: Snapshot | None,
    encoded: int,
) -> Summary:
    old = {p.id: p.embedded for p in before.passages} if before else {}
    new = {p.id: p.embedded for p in passages}
    changed = sum(1 for i, text in new.items() if i in old and old[i] != text)
    added = len(new.keys() - old.keys())
    return Summary(
        snapshot=snapshot_id,
        published=published,
        guides=len(guides),
        passages=len(passages),
        added=added,
        changed=changed,
        removed=len(old.keys() - new.keys()),
        reused=len(new) - added - changed,
        encoded=encoded,
    )
