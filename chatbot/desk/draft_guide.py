"""A guide as a draft has it."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict

from chatbot.desk.approval import page_of

ASIDE = 20  # texts kept aside for one guide


class Aside(BaseModel):
    """A text that another took the place of."""

    model_config = ConfigDict(frozen=True)
    text: str
    by: str
    at: datetime


class DraftGuide(BaseModel):
    """A guide as a draft has it. `base` is the text it began from and `digest` names the bytes of
    that file; both are empty for a new guide. `will` is the path that its file is to have, where
    that changes; `removed` says that there is to be none."""

    model_config = ConfigDict(frozen=True)
    slug: str
    path: str
    text: str
    base: str = ""
    digest: str = ""
    version: int = 1
    by: str = ""
    at: datetime
    aside: tuple[Aside, ...] = ()
    will: str = ""
    removed: bool = False

    @property
    def goes_to(self) -> str:
        """The path that its file has once it is published."""
        return self.will or self.path

    @property
    def page(self) -> str:
        """Where it is written."""
        return page_of(self.path, self.slug)

    @property
    def changed(self) -> bool:
        return self.text != self.base or self.removed or bool(self.will)

    def with_aside(self, text: str, by: str) -> tuple[Aside, ...]:
        """The texts put aside with one more, the last ASIDE; what is there already is not twice."""
        if any(one.text == text for one in self.aside):
            return self.aside
        return (*self.aside, Aside(text=text, by=by, at=datetime.now(UTC)))[-ASIDE:]
