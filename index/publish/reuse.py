"""What a build may take from the published snapshot instead of working it out again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from index.encode.encoder import Encoder
from index.guide import Guide, Handout
from index.network import NEUTRAL, Network
from index.parse.chunk import MAX_TOKENS, CountTokens, chunk_guide
from index.passage import Passage
from index.precedent import Precedent
from index.publish.manifest import SCHEMA
from index.publish.snapshot import Snapshot

ROOM = Path(__file__).parent.parent
# besides the parser: the types it fills, and the words that a passage is found by
MAKERS = (
    "guide.py", "letters.py", "network.py", "passage.py", "phrases.py", "places.py",
    "precedent.py", "search/lexical.py", "search/writing.py",
)  # fmt: skip
_PRECEDENTS = TypeAdapter(tuple[Precedent, ...])


def makers_of_passages(room: Path) -> list[Path]:
    """The files of `index/` that decide what a passage is: the parser and its words, and MAKERS."""
    parser = (file for form in ("*.py", "*.yaml") for file in (room / "parse").rglob(form))
    return sorted([*(room / name for name in MAKERS), *parser])


@cache
def code_digest() -> str:
    """Names the code that turns Markdown into passages: what an older one parsed is not taken."""
    digest = hashlib.sha256()
    for path in makers_of_passages(ROOM):
        name = path.relative_to(ROOM).as_posix()
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def recipe(encoder: Encoder) -> str:
    """Names all that a snapshot depends on besides the guides: code, model, chunking, schema."""
    parts = f"{SCHEMA} {encoder.digest} {MAX_TOKENS} {code_digest()}"
    return hashlib.sha256(parts.encode()).hexdigest()


def content_digest(
    guides: Sequence[Guide],
    encoder: Encoder,
    network: Network = NEUTRAL,
    handouts: Sequence[Handout] = (),
    precedents: Sequence[Precedent] = (),
) -> str:
    """Names what a snapshot is made from: two builds of the same guides, handouts, network and
    precedents have the same."""
    files: list[Guide | Handout] = [*guides, *handouts]
    parts = sorted(f"{file.path} {file.digest}" for file in files)
    whole = "\n".join([recipe(encoder), network.digest, *parts, ""])
    return hashlib.sha256(whole.encode() + _PRECEDENTS.dump_json(tuple(precedents))).hexdigest()


@dataclass(frozen=True)
class Known:
    """Guides by path, their passages by slug and handouts by path, as an earlier build made
    them."""

    guides: Mapping[str, Guide] = field(default_factory=dict)
    passages: Mapping[str, Sequence[Passage]] = field(default_factory=dict)
    handouts: Mapping[str, Handout] = field(default_factory=dict)

    def chunk(self, guide: Guide, count_tokens: CountTokens) -> Sequence[Passage]:
        """The passages of `guide`, cut again only if it is not the very guide known."""
        if self.guides.get(guide.path) is guide:
            return self.passages.get(guide.slug, ())
        return chunk_guide(guide, count_tokens)


def usable(snapshot: Snapshot | None, encoder: Encoder) -> Snapshot | None:
    """`snapshot`, if it was made by the recipe of today."""
    made_so = snapshot is not None and snapshot.manifest.get("recipe") == recipe(encoder)
    return snapshot if made_so else None


def known_from(snapshot: Snapshot | None, encoder: Encoder, network: Network = NEUTRAL) -> Known:
    """What can be taken from `snapshot`: nothing when it was made by another recipe, or when the
    network, which says what a guide may be, is another."""
    snapshot = usable(snapshot, encoder)
    if snapshot is None or snapshot.network.digest != network.digest:
        return Known()
    passages: dict[str, list[Passage]] = {}
    for passage in snapshot.passages:
        passages.setdefault(passage.guide, []).append(passage)
    return Known(
        {guide.path: guide for guide in snapshot.guides.values()}, passages,
        {handout.path: handout for handout in snapshot.handouts},
    )  # fmt: skip
