"""What a publication wrote, as it is kept."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath
from typing import Literal

from pydantic import BaseModel, ConfigDict

from chatbot.desk.approval import page_of
from index.parse.walk import slug_of


class PublishedFile(BaseModel):
    """One file before and after; None where there is none."""

    model_config = ConfigDict(frozen=True)
    path: str
    before: str | None
    after: str | None
    of: str = ""  # the guide that it goes with, where it is not its own text alone

    @property
    def together(self) -> str:
        """What is taken back with it: the name of the guide that it is of."""
        return self.of or self.slug

    @property
    def slug(self) -> str:
        network = self.path.startswith("rete/")
        return f"rete-{PurePosixPath(self.path).stem}" if network else slug_of(self.path)

    @property
    def page(self) -> str:
        """Where it is written."""
        return page_of(self.path, self.slug)


class Publication(BaseModel):
    """What was written, and what it did; `undoes` is the publication that it took back."""

    model_config = ConfigDict(frozen=True)
    id: str
    at: datetime
    by: str
    name: str
    reason: str = ""
    draft: str = ""
    undoes: str = ""
    snapshot: str = ""
    state: Literal["begun", "done", "abandoned"] = "begun"
    role: str = "redazione"  # the author of the commit: a history goes to others, names need not
    commit: str = ""
    not_committed: str = ""  # why, where the folder is in a repository and it was not
    files: tuple[PublishedFile, ...] = ()
