"""What goes out of the desk's operations and of one's own conversation."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class BuildOut(BaseModel):
    """What a build did; passages are compared with those of the published snapshot."""

    snapshot: str
    published: bool
    guides: int
    passages: int
    added: int
    changed: int
    removed: int
    reused: int
    encoded: int


class PublishedOut(BaseModel):
    """The snapshot that is now in use."""

    published: str


class SideOut(BaseModel):
    """The answer to a case, and its verdict with the word for people."""

    verdict: str
    word: str
    answer: str


class ChangeOut(BaseModel):
    """A case that the draft answers otherwise: `effect` is better, worse or changed."""

    id: str
    question: str
    effect: str
    before: SideOut
    after: SideOut


class ImpactOut(BaseModel):
    """What a draft does to the cases: how many with each effect, those that change, why it must
    not be published, and the passages named by cases that it no longer has."""

    counts: dict[str, int]
    cases: list[ChangeOut]
    regressions: list[str]
    dead: list[dict[str, Any]]


class ConversationOut(BaseModel):
    """All that the journal keeps of a conversation, in rows of its tables, oldest first."""

    conversation: str
    answers: list[dict[str, Any]]
    citations: list[dict[str, Any]]
    feedback: list[dict[str, Any]]
    reviews: list[dict[str, Any]]
    samples: list[dict[str, Any]]  # drawn, to be judged for all the answers of a week


class ErasedOut(BaseModel):
    """How many rows were deleted of each table."""

    model_config = ConfigDict(extra="forbid")

    answers: int
    citations: int
    feedback: int
    reviews: int
