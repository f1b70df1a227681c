"""Markdown that is not what its writer thinks: told, so that nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from index.check import foreign, lost
from index.check.written import Written, written
from index.finding import Finding
from index.guide import Guide

RULES: tuple[Callable[[Written], Iterator[Finding]], ...] = (
    lost.open_fences,
    lost.open_comments,
    lost.extra_cells,
    lost.stuck_headings,
    lost.eaten_asterisks,
    lost.underlined_sentences,
    lost.hidden_lines,
    foreign.signs,
    foreign.markers,
    foreign.tables,
    foreign.blocks,
)


def syntax(guide: Guide) -> Iterator[Finding]:
    """What would be lost (an error in every folder), then what is of other programs."""
    text = written(guide)
    for rule in RULES:
        yield from rule(text)
