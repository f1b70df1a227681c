"""What changed between two texts, sentence by sentence, for people to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from index.parse.guide_file import parse_guide
from index.parse.header import split_text
from index.parse.sentences import split_sentences

AROUND = 1  # unchanged sentences shown beside a change


@dataclass(frozen=True, slots=True)
class Difference:
    """A sentence that stays, goes or comes; `gap` where others that stay are left out."""

    kind: Literal["same", "gone", "new", "gap"]
    text: str = ""


def differences(before: str, after: str) -> list[Difference]:
    """Of two texts: an answer, a paragraph."""
    return _shortened(_compared(_sentences(before), _sentences(after)))


def guide_differences(before: str, after: str, path: str) -> list[Difference]:
    """Of two texts of one guide: its sentences, and the lines of its front matter. Of another file
    its lines."""
    if not path.endswith((".md", ".markdown")):
        return _shortened(_compared(_lines(before), _lines(after)))
    return [
        *_shortened(_compared(_lines(split_text(before)[0]), _lines(split_text(after)[0]))),
        *_shortened(_compared(_units(before, path), _units(after, path))),
    ]


def _units(text: str, path: str) -> list[str]:
    """Headings and units as the parser reads them; lines where it cannot."""
    guide, _ = parse_guide(text.encode(), path) if text else (None, [])
    if guide is None:
        return _lines(split_text(text)[1])
    found = []
    for section in guide.sections:
        found += [f"{'#' * section.level} {section.heading_path[-1]}"]
        found += [unit.text for unit in section.units]
    return found


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _sentences(text: str) -> list[str]:
    return [one for line in _lines(text) for one in split_sentences(line)]


def _compared(before: Sequence[str], after: Sequence[str]) -> Iterator[Difference]:
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield from (Difference("same", text) for text in before[i1:i2])
            continue
        yield from (Difference("gone", text) for text in before[i1:i2])
        yield from (Difference("new", text) for text in after[j1:j2])


def _shortened(found: Iterator[Difference]) -> list[Difference]:
    """Without the sentences that stay, but for those beside a change."""
    whole = list(found)
    moved = [n for n, one in enumerate(whole) if one.kind != "same"]
    near = {n + step for n in moved for step in range(-AROUND, AROUND + 1)}
    shown: list[Difference] = []
    for n, one in enumerate(whole):
        if n in near:
            shown.append(one)
        elif shown and shown[-1].kind != "gap":
            shown.append(Difference("gap"))
    return shown
