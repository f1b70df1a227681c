"""Guides to a published snapshot: parse, chunk, encode what changed, write, load back, point."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from index.check.rules import check_guides, unread_files
from index.encode.encoder import Encoder
from index.encode.passage_text import text_of
from index.encode.vectors import Encoded, VectorCache
from index.errors import BussolaError
from index.files import discard, rename
from index.finding import Finding, GuidesRejected
from index.guide import Guide, Handout
from index.network import NEUTRAL, Network
from index.parse.chunk import MAX_TOKENS
from index.parse.folder import nothing_in, read_guides
from index.parse.handouts import read_handouts
from index.parse.network_folder import read_network
from index.parse.precedents import read_precedents
from index.parse.walk import is_guide_name
from index.passage import Passage
from index.precedent import Precedent
from index.publish.carry import Ask, asked, joined, new_passages, rows_before
from index.publish.gone import with_gone
from index.publish.manifest import SCHEMA, SnapshotError
from index.publish.published import current_id, point_current, snapshots_dir
from index.publish.reuse import Known, content_digest, known_from, recipe, usable
from index.publish.shelf import build_lock, remove_old, remove_unfinished
from index.publish.snapshot import Snapshot, load, load_folder, save
from index.search.lexical import LexicalIndex, terms
from index.search.store import VectorStore

Progress = Callable[[int, int], None]


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
    kept: tuple[str, ...] = ()  # errors of files whose guides stay as they were published

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
    published: Snapshot | None = None,
    keep: bool = False,
    take: Callable[[Snapshot], None] | None = None,
) -> Summary:
    """Build a snapshot of `guides_dir` in `var` and, unless told otherwise, publish it.

    Who has the published snapshot in memory gives it as `published` and spares its loading.
    Raises GuidesRejected when a guide has an error: the published snapshot stays as it was. With
    `keep` a file with an error keeps its guide as it is published, and no other is held up by it.
    Who wants the snapshot as it was read back gives a function that will `take` it.
    """
    with build_lock(var):
        remove_unfinished(var)
        before = _published(var, published)
        like = usable(before, encoder)
        network, told = read_network(guides_dir, like.network if like else None)
        if told:
            raise GuidesRejected(told)
        known = known_from(before, encoder, network)
        guides, handouts, precedents, kept = read_without_errors(
            guides_dir, known, network, before if keep else None
        )
        passages = [p for guide in guides for p in known.chunk(guide, encoder.count_tokens)]
        if dry_run:
            return _summary("", False, guides, passages, before, 0, kept)
        digest = content_digest(guides, encoder, network, handouts, precedents)
        if publish and before and before.manifest.get("content") == digest:
            return _summary(before.id, True, guides, passages, before, 0, kept)
        cache = VectorCache(var / "vectors", encoder)
        encoded, fresh = cache.encode([text_of(p) for p in new_passages(passages, like)], progress)
        snapshot = make_snapshot(
            guides, passages, encoded, encoder, digest, cache.encode_questions, network, handouts,
            precedents, like,
        )  # fmt: skip
        snapshot = with_gone(snapshot, before)
        snapshot = snapshot if publish else as_draft(snapshot, current_id(var))
        written = _write(snapshot, var, encoder, like)
        if take:
            take(written)
        if publish:
            point_current(var, snapshot.id)
            remove_old(var)
        return _summary(snapshot.id, publish, guides, passages, before, fresh, kept)


def as_draft(snapshot: Snapshot, over: str | None) -> Snapshot:
    """The same, marked until somebody publishes it, with what was published when it was built."""
    return replace(snapshot, manifest={**snapshot.manifest, "draft": True, "over": over or ""})


def read_without_errors(
    folder: Path, known: Known, network: Network = NEUTRAL, stand_in: Snapshot | None = None
) -> tuple[list[Guide], list[Handout], tuple[Precedent, ...], list[Finding]]:
    """The guides of `folder`, its handouts and precedents, and no findings. Raises GuidesRejected
    when one has an error; where there is a `stand_in`, its guides take the place of the files that
    have, and the errors that are put off so are given back."""
    guides, findings = read_guides(folder, known.guides, network)
    handouts, of_handouts = read_handouts(folder, known.handouts)
    unread = unread_files(guides, findings)

    def checked(guides: Sequence[Guide]) -> tuple[tuple[Precedent, ...], list[Finding]]:
        told = check_guides(
            guides, known=known.guides, network=network, handouts=handouts, unread=unread
        )
        precedents, of_precedents = read_precedents(folder, guides)
        every = [*findings, *of_handouts, *of_precedents, *told]
        return precedents, [finding for finding in every if finding.severity == "error"]

    precedents, errors = checked(guides)
    put_off: list[Finding] = []
    if errors and stand_in:
        guides, put_off = _stood_in(guides, errors, stand_in)
        paths = {finding.path for finding in put_off}
        precedents, told = checked(guides)
        errors = [finding for finding in told if finding.path not in paths]
    if errors:
        raise GuidesRejected(errors)
    if not guides:
        raise BussolaError(nothing_in(folder))
    return guides, handouts, precedents, put_off


def _stood_in(
    guides: Sequence[Guide], errors: Sequence[Finding], stand_in: Snapshot
) -> tuple[list[Guide], list[Finding]]:
    """`guides` with those of `stand_in` in place of the files that have errors, and those errors; a
    file that never was published is left out."""
    put_off = [finding for finding in errors if is_guide_name(PurePosixPath(finding.path).name)]
    paths = {finding.path for finding in put_off}
    published = [guide for guide in stand_in.guides.values() if guide.path in paths]
    kept = [guide for guide in guides if guide.path not in paths]
    return sorted([*kept, *published], key=lambda guide: guide.path), put_off


def make_snapshot(
    guides: Sequence[Guide],
    passages: Sequence[Passage],
    encoded: Sequence[Encoded],
    encoder: Encoder,
    digest: str,
    encode_questions: Ask | None = None,
    network: Network = NEUTRAL,
    handouts: Sequence[Handout] = (),
    precedents: Sequence[Precedent] = (),
    before: Snapshot | None = None,
) -> Snapshot:
    """A snapshot in memory; `encoded` goes with the `new_passages`, one each. Questions, danger
    signals and precedents go through `encode_questions` (the encoder's own where None). What is
    the very same in `before`, a snapshot made by the same recipe, is taken over as it has it."""
    ask = encode_questions or encoder.encode_queries
    created = datetime.now(UTC)
    rows = rows_before(passages, before)
    vectors, units, tokens = joined(rows, encoded, before, encoder.dimension)
    questions, signals, of_precedents = asked(guides, passages, precedents, before, ask)
    return Snapshot(
        id=f"{created:%Y%m%dT%H%M%S%f}-{digest[:8]}",
        created=created.isoformat(timespec="seconds"),
        manifest={
            **_made_by(encoder, digest),
            "created": created.isoformat(timespec="seconds"),
            "counts": {"guides": len(guides), "passages": len(passages)},
        },
        guides={guide.slug: guide for guide in guides},
        passages=tuple(passages),
        vectors=vectors,
        units=units,
        questions=questions,
        signals=signals,
        precedent_vectors=of_precedents,
        store=VectorStore.build(vectors),
        asked=VectorStore.build(questions),
        lexical=LexicalIndex.build(
            [p.searched for p in passages], before.lexical if before else None, rows.tolist()
        ),
        tokens=tokens,
        positions={passage.id: row for row, passage in enumerate(passages)},
        network=network,
        handouts=tuple(handouts),
        precedents=tuple(precedents),
    )


def _made_by(encoder: Encoder, digest: str) -> dict[str, Any]:
    """What a manifest says of how a snapshot of this content is made."""
    return {
        "schema": SCHEMA,
        "content": digest,
        "recipe": recipe(encoder),
        "model": {"name": encoder.name, "digest": encoder.digest},
        "chunking": {"max_tokens": MAX_TOKENS},
    }


def _write(snapshot: Snapshot, var: Path, encoder: Encoder, like: Snapshot | None) -> Snapshot:
    """Write under a hidden name, load back, ask a smoke question, then show it; as it was read."""
    folder = snapshots_dir(var)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{snapshot.id}"
    try:
        save(snapshot, unfinished)
        written = load_folder(unfinished, snapshot.id, like)
        smoke_test(written, encoder)
        rename(unfinished, folder / snapshot.id)
        return written
    except BaseException:
        discard(unfinished)  # a full disk is not left fuller
        raise


def smoke_test(snapshot: Snapshot, encoder: Encoder) -> None:
    """Ask with a passage's own words: both retrievers must find it. Raises SnapshotError."""
    row = len(snapshot.passages) // 2
    passage = snapshot.passages[row]
    nearest, _ = snapshot.store.nearest(snapshot.vectors[row], 5)
    scores = snapshot.lexical.scores_of(terms(passage.text), np.array([row]))
    asked, _ = snapshot.store.nearest(encoder.encode_queries([passage.text])[0], 5)
    if row not in nearest or scores[0] <= 0 or not len(asked):
        raise SnapshotError(f"La domanda di prova non ritrova «{passage.id}»: non pubblico")


def _published(var: Path, at_hand: Snapshot | None) -> Snapshot | None:
    snapshot_id = current_id(var)
    if at_hand is not None and at_hand.id == snapshot_id:
        return at_hand
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
    kept: Sequence[Finding],
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
        kept=tuple(map(str, kept)),
    )
