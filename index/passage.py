"""A passage: what is indexed and cited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.guide import Unit

Role = Literal["body", "plain", "step", "term", "contact"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A section, or a part of a long one.

    `id` is `slug#anchor:n`, n counting the parts of that section only, so that what is
    inserted elsewhere in the file changes no id. `text` is what a reader sees, `embedded`
    what the encoder sees: title and heading path before the text. `questions` are those that
    editors say lead here, in operators' words: searched, never shown.
    """

    id: str
    guide: str
    anchor: str
    part: int
    role: Role
    heading_path: tuple[str, ...]
    text: str
    embedded: str
    units: tuple[Unit, ...]
    line: int
    last_line: int
    questions: tuple[str, ...] = ()

    @property
    def searched(self) -> str:
        """What words are looked for in: `embedded` and the questions that lead here."""
        return "\n".join((self.embedded, *self.questions))
