"""What goes out of the desk's operations and of one's own conversation."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from chatbot.http.messages import ReasonOut
from chatbot.journal.records import Reason, Verdict
from index.finding import Finding


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
    dead: list[Finding]


# as the journal tells it: with the offset of UTC written out
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class KeptHitOut(BaseModel):
    passage: str
    score: float


class KeptAnswerOut(BaseModel):
    """A question as it is kept, and what became of it."""

    id: str
    at: Moment
    conversation: str
    question: str
    outcome: str
    language: str
    snapshot: str
    confidence: float
    latency_ms: float
    hits: list[KeptHitOut]
    reasons: list[ReasonOut]


class KeptCitationOut(BaseModel):
    answer_id: str
    n: int
    guide: str
    anchor: str
    quote: str


class KeptFeedbackOut(BaseModel):
    id: str
    at: Moment
    answer_id: str
    reason: Reason
    comment: str


class KeptReviewOut(BaseModel):
    id: str
    at: Moment
    answer_id: str
    verdict: Verdict
    reviewer: str
    passage: str
    note: str


class KeptSampleOut(BaseModel):
    """That an answer was drawn, to be judged for all those of its week."""

    answer_id: str
    week: str


class ConversationOut(BaseModel):
    """All that the journal keeps of a conversation, in rows of its tables, oldest first."""

    conversation: str
    answers: list[KeptAnswerOut]
    citations: list[KeptCitationOut]
    feedback: list[KeptFeedbackOut]
    reviews: list[KeptReviewOut]
    samples: list[KeptSampleOut]


class ErasedOut(BaseModel):
    """How many rows were deleted of each table."""

    model_config = ConfigDict(extra="forbid")

    answers: int
    citations: int
    feedback: int
    reviews: int
