"""What a finder of personal data finds in a text."""

from __future__ import annotations

from collections.abc import Iterable


def marked(text: str, found: Iterable[tuple[int, int]]) -> list[str]:
    """The pieces of `text` that were found, from left to right, one where several overlap."""
    pieces: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if pieces and start < pieces[-1][1]:
            pieces[-1] = (pieces[-1][0], max(end, pieces[-1][1]))
        else:
            pieces.append((start, end))
    return [text[start:end] for start, end in pieces]
