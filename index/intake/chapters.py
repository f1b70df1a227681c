"""A document as one guide, or as one for each of its chapters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from index.intake.document import Block, Document, Loss
from index.intake.headings import levelled, titled, with_headings
from index.parse.markdown import slugify

LONGEST_NAME = 60
_INSIDE = re.compile(r"(?<!\\)\]\(#([^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Chapter:
    """What becomes a guide: headings from level 2 down; `anchor` is that of the heading that is
    now its title."""

    name: str  # of its file, without ending
    title: str
    blocks: tuple[Block, ...]
    losses: tuple[Loss, ...]
    anchor: str = ""


def chapters_of(
    document: Document, otherwise: str, divided: bool, taken: Sequence[str] = ()
) -> list[Chapter]:
    """One chapter, or one for each heading of the highest level when `divided`; what stands before
    the first is one too. `otherwise` is the title of a document that says none, `taken` are names
    that no chapter may have."""
    document = with_headings(document)
    title, blocks = titled(document, otherwise)
    own = next((b.anchor for b in document.blocks if b.level and b not in blocks), "")
    blocks = tuple(levelled(blocks))
    names = _Names(taken)
    if not divided:
        return _linked([Chapter(names.of(title), title, blocks, document.losses, own)])
    starts = [n for n, block in enumerate(blocks) if block.level == 2]
    first = blocks[: starts[0]] if starts else blocks
    made = [Chapter(names.of(title), title, first, (), own)] if first or not starts else []
    for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True):
        heading = blocks[start]
        inside = tuple(replace(b, level=b.level - (b.level > 2)) for b in blocks[start + 1 : end])
        made.append(Chapter(names.of(heading.words), heading.words, inside, (), heading.anchor))
    return _linked(_with_losses(made, document, bool(own)))


class _Names:
    """Names of files, no two alike."""

    def __init__(self, taken: Sequence[str]) -> None:
        self._taken = set(taken)

    def of(self, title: str) -> str:
        words = "-".join(re.findall("[a-z0-9]+", slugify(title))) or "documento"
        if len(words) > LONGEST_NAME:
            words = words[: LONGEST_NAME + 1].rpartition("-")[0] or words[:LONGEST_NAME]
        name, number = words, 1
        while name in self._taken:
            number += 1
            name = f"{words}-{number}"
        self._taken.add(name)
        return name


def _with_losses(
    chapters: Sequence[Chapter], document: Document, titled_by_heading: bool
) -> list[Chapter]:
    """Each loss with the chapter it is of; those of the whole document with the first."""
    headings = [block.anchor for block in document.blocks if block.level]
    owner_of = {b.anchor: n for n, c in enumerate(chapters) for b in c.blocks if b.level}
    owner_of |= {chapter.anchor: n for n, chapter in enumerate(chapters) if chapter.anchor}

    def owner(loss: Loss) -> int:
        return owner_of.get(headings[loss.section - 1], 0) if loss.section else 0

    return [
        replace(chapter, losses=tuple(loss for loss in document.losses if owner(loss) == n))
        for n, chapter in enumerate(chapters)
    ]


def _linked(chapters: Sequence[Chapter]) -> list[Chapter]:
    """The chapters, with links inside the document leading to where their heading went."""
    places = {b.anchor: f"{c.name}.md#{b.anchor}" for c in chapters for b in c.blocks if b.level}
    places |= {chapter.anchor: f"{chapter.name}.md" for chapter in chapters if chapter.anchor}
    return [_pointed(chapter, places) for chapter in chapters]


def _pointed(chapter: Chapter, places: Mapping[str, str]) -> Chapter:
    own = {block.anchor for block in chapter.blocks if block.level}

    def lead(found: re.Match[str]) -> str:
        anchor = found[1]
        return found[0] if anchor in own else f"]({places.get(anchor, '#' + anchor)})"

    blocks = (replace(b, markdown=_INSIDE.sub(lead, b.markdown)) for b in chapter.blocks)
    return replace(chapter, blocks=tuple(blocks))
