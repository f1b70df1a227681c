"""A passage as the encoder reads it."""

from __future__ import annotations

from index.encode.vectors import Text
from index.passage import Passage


def text_of(passage: Passage) -> Text:
    """What the encoder sees of a passage, and where its units begin in it."""
    starts, position = [], passage.embedded.index("\n") + 1 if "\n" in passage.embedded else 0
    for unit in passage.units:
        found = passage.embedded.find(unit.text, position)
        position = found if found >= 0 else position
        starts.append(position)
        position += len(unit.text) if found >= 0 else 0
    return Text(passage.embedded, tuple(starts))
