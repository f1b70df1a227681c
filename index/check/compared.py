"""What only the vectors of the passages show: texts nearly the same, numbers that contradict."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.check.contradictions import contradictions
from index.check.duplicates import near_identical, stack, stack_units
from index.encode.encoder import Encoder
from index.encode.passage_text import text_of
from index.encode.vectors import Progress, VectorCache
from index.finding import Finding
from index.guide import Guide
from index.network import Network
from index.parse.chunk import chunk_guide


def compared(
    guides: Sequence[Guide],
    network: Network,
    encoder: Encoder,
    var: Path,
    progress: Progress | None = None,
) -> list[Finding]:
    """The findings, with the vectors that `var` has already and no others encoded again."""
    passages = [p for guide in guides for p in chunk_guide(guide, encoder.count_tokens)]
    cache = VectorCache(var / "vectors", encoder)
    encoded, _ = cache.encode([text_of(p) for p in passages], progress)
    vectors, units = stack(encoded, encoder.dimension), stack_units(encoded, encoder.dimension)
    return [
        *near_identical(guides, passages, vectors),
        *contradictions(guides, passages, units, network),
    ]
