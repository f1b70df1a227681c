"""The headings of a document as those of a guide: one title, and levels without holes under it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.intake.blocks import anchors_of
from index.intake.document import Block, Document, Loss

MOST_WORDS = 12  # of a line in bold that is taken for a heading
DEEPEST = 6
_BOLD_LINE = re.compile(r"\*\*(?:[^*\\]|\\.)+\*\*")


def with_headings(document: Document) -> Document:
    """The document, with its lines in bold as headings where it has no heading at all."""
    if any(block.level for block in document.blocks):
        return document
    bold = [block for block in document.blocks if _like_a_heading(block)]
    anchors = iter(anchors_of([block.words for block in bold]))
    blocks = [
        Block(block.markdown.strip("*"), block.words, 1, next(anchors))
        if _like_a_heading(block) else block
        for block in document.blocks
    ]  # fmt: skip
    told = [Loss("riga in grassetto presa per titolo", "nel testo", b.words, 0) for b in bold]
    return replace(document, blocks=tuple(blocks), losses=(*document.losses, *told))


def _like_a_heading(block: Block) -> bool:
    short = len(block.words.split()) <= MOST_WORDS and block.words[-1:] not in ".;:,"
    return short and bool(_BOLD_LINE.fullmatch(block.markdown))


def titled(document: Document, otherwise: str) -> tuple[str, Sequence[Block]]:
    """The title of a document, and its blocks without the heading that says it: the first one,
    where it alone stands above all others, or says what the document's own title does (that of a
    page has the name of who publishes it too)."""
    blocks = document.blocks
    at = next((n for n, block in enumerate(blocks) if block.level), None)
    if at is None:
        return document.title or otherwise, blocks
    first = blocks[at]
    above = all(first.level < block.level for block in blocks[at + 1 :] if block.level)
    alone = not any(block.level for block in blocks[at + 1 :])
    own, said = _folded(document.title), _folded(first.words)
    same = bool(said) and (said == own or (at == 0 and said in own))
    if same or (above and (not own or (at == 0 and not alone))):
        return first.words, (*blocks[:at], *blocks[at + 1 :])
    return document.title or otherwise, blocks


def _folded(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def levelled(blocks: Sequence[Block], top: int = 2) -> Iterator[Block]:
    """The blocks with headings from level `top` down, each at most one under that before it."""
    above: list[int] = []
    for block in blocks:
        if block.level:
            above = [level for level in above if level < block.level]
            above.append(block.level)
            block = replace(block, level=min(top + len(above) - 1, DEEPEST))
        yield block
