"""The figures that a network publishes about its Bussola: whose questions, and what came of them.

They lie in `var/figures.json`, written by `bussola eval benchmark people --public`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from index.files import replace_file

FILE = "figures.json"
Share = Field(ge=0, le=1)


class Published(BaseModel):
    """One set of questions, asked on one day. Shares are of the questions that the guides answer
    (`answerable`), `rightly_silent` of those they don't."""

    model_config = ConfigDict(frozen=True)

    by: str  # who wrote the questions, and how, in words for everybody
    day: date
    answerable: int = Field(ge=0)
    right: float = Share  # wholly
    partly: float = Share  # right in some part, and not wholly
    silent: float = Share
    unanswerable: int = Field(ge=0)
    rightly_silent: float = Share

    @property
    def wrong(self) -> float:
        """The answers without a part that is right."""
        return max(0.0, 1 - self.right - self.partly - self.silent)


_ALL = TypeAdapter(tuple[Published, ...])


def read_figures(var: Path) -> tuple[Published, ...]:
    """What is published, newest first; nothing where the file is not there or cannot be read."""
    try:
        found = _ALL.validate_json((var / FILE).read_bytes())
    except (OSError, ValidationError):
        return ()
    return tuple(sorted(found, key=lambda one: one.day, reverse=True))


def publish_figures(var: Path, new: Published) -> None:
    """Add figures, in the place of those on the questions of the same authors."""
    kept = [one for one in read_figures(var) if one.by != new.by]
    replace_file(var / FILE, _ALL.dump_json((*kept, new), indent=1))
