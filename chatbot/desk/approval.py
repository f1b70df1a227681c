"""What is said of a draft: who agrees with it, on which day it goes out, where it is written."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict


class Approval(BaseModel):
    """A person who has read a version of a draft, and agrees."""

    model_config = ConfigDict(frozen=True)
    by: str
    at: datetime
    version: int


class Schedule(BaseModel):
    """The day on which a version of a draft is to be published, and who wanted it; `failed` says
    why it was not."""

    model_config = ConfigDict(frozen=True)
    day: date
    by: str
    role: str
    reason: str
    version: int
    failed: str = ""


def page_of(path: str, slug: str) -> str:
    """The page of the desk on which a file is written."""
    name = path.removeprefix("rete/").rpartition(".")[0]
    return f"/redazione/rete/{name}" if path.startswith("rete/") else f"/redazione/guida/{slug}"
