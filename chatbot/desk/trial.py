"""A draft that can be asked before it is published: a snapshot of it, in memory alone."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from chatbot.desk.drafts import Draft
from chatbot.desk.network_files import network_with, of_network
from index.check.rules import check_guides, unread_files
from index.encode.encoder import Encoder
from index.encode.vectors import VectorCache
from index.finding import Finding, GuidesRejected, has_error
from index.guide import Guide
from index.parse.guide_file import parse_guide
from index.publish.build import make_snapshot, text_of
from index.publish.carry import new_passages
from index.publish.reuse import content_digest, known_from, usable
from index.publish.snapshot import Snapshot


class Trials:
    """The last draft that was asked, as a snapshot; another takes its place."""

    def __init__(self, var: Path, encoder: Encoder, guides: Path) -> None:
        self._var, self._encoder, self._guides = var, encoder, guides
        self._lock = Lock()
        self._made: tuple[tuple[str, str, int], Snapshot] | None = None

    def snapshot(self, draft: Draft, published: Snapshot) -> Snapshot:
        """What is published with the guides of `draft` in place of its own; only what changed is
        encoded. Raises GuidesRejected, BussolaError."""
        key = (published.id, draft.id, draft.version)
        with self._lock:
            if self._made is None or self._made[0] != key:
                self._made = (key, self._make(draft, published))
            return self._made[1]

    def _make(self, draft: Draft, published: Snapshot) -> Snapshot:
        network, findings = published.network, list[Finding]()
        if texts := of_network((one.path, one.text) for one in draft.guides):
            network, findings = network_with(self._guides, texts)
        known = known_from(published, self._encoder, network)
        by_path = {guide.path: guide for guide in published.guides.values()}
        for one in draft.guides:
            if one.path in texts:
                continue
            guide, told = parse_guide(
                one.text.encode(), one.path, network, slug_in(one.path, by_path)
            )
            findings += told
            by_path.pop(one.path, None)
            if guide is not None and not guide.draft:  # `stato: bozza` is never published
                by_path[one.path] = guide
        guides = list(by_path.values())
        unread = unread_files(guides, findings)
        findings += check_guides(guides, known=known.guides, network=network, unread=unread)
        if has_error(findings):
            raise GuidesRejected(f for f in findings if f.severity == "error")
        passages = [p for g in guides for p in known.chunk(g, self._encoder.count_tokens)]
        cache = VectorCache(self._var / "vectors", self._encoder)
        like = usable(published, self._encoder)
        encoded, _ = cache.encode([text_of(passage) for passage in new_passages(passages, like)])
        digest = content_digest(
            guides, self._encoder, network, published.handouts, published.precedents
        )
        return make_snapshot(
            guides, passages, encoded, self._encoder, digest, cache.encode_questions, network,
            published.handouts, published.precedents, like,
        )  # fmt: skip


def slug_in(path: str, guides: dict[str, Guide]) -> str:
    """The name in addresses that a guide has; empty for a new one, whose file gives it."""
    return guides[path].slug if path in guides else ""
