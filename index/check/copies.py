"""Copies of a guide left beside it: both would be cited, and one of them will be forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.finding import Finding
from index.guide import Guide
from index.letters import look

SAME = 0.5  # share of the units of the shorter of two guides with one title
AT_LEAST = 5  # words: what is shorter says nothing that can be forgotten


def copies(guides: Sequence[Guide]) -> Iterator[Finding]:
    """A guide that says what one before it says: all of it, or half of it under the same title."""
    by_text: dict[frozenset[str], Guide] = {}
    by_title: dict[str, list[Guide]] = {}
    for guide in guides:
        said = _said(guide)
        if not said:
            continue
        same = by_text.setdefault(said, guide)
        named = by_title.setdefault(look(guide.title), [])
        if same is guide:
            same = next((other for other in named if _alike(said, _said(other))), guide)
        named.append(guide)
        if same is not guide:
            message = f"dice quello che dice «{same.path}»: tieni un file solo"
            yield Finding(guide.path, 1, message, "copy", "warning")


def _said(guide: Guide) -> frozenset[str]:
    """The keys of its units; of a guide of a few words, none."""
    units = [unit for section in guide.sections for unit in section.units]
    enough = sum(len(unit.text.split()) for unit in units) >= AT_LEAST
    return frozenset(unit.key for unit in units) if enough else frozenset()


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= SAME * min(len(one), len(other))
