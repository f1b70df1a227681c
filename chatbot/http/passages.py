"""The passages found for a question: what a pipeline of others reads."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from chatbot.answer import Answer, Hit, Outcome
from chatbot.bot import SHOWN_HITS
from chatbot.http.catalogue import sources_of
from chatbot.http.messages import ChatIn, SourceOut, whole
from index.guide import Guide, Kind
from index.publish.snapshot import Snapshot

FOUND = 5


class PassagesIn(ChatIn):
    """A question, and how many passages are wanted."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "Cos'è la DID?", "limit": 3}]}
    )

    limit: Annotated[int, Field(ge=1, le=SHOWN_HITS), BeforeValidator(whole)] = FOUND


class PassageOut(BaseModel):
    """A passage, verbatim, with where it stands, when it was checked and what it rests on. `score`
    orders the passages of one question, the highest first, and compares with no other question."""

    id: str
    guide: str
    kind: Kind
    title: str
    anchor: str
    heading_path: list[str]
    url: str
    text: str
    score: float
    verified_on: date | None
    review_by: date | None
    sources: list[SourceOut]


class PassagesOut(BaseModel):
    """`outcome` is what Bussola itself would have answered with: passages are found for a question
    that the guides do not answer too."""

    outcome: Outcome
    snapshot: str
    passages: list[PassageOut]


def passages_out(answer: Answer, snapshot: Snapshot, limit: int) -> PassagesOut:
    """The first `limit` of the passages found for an answer."""
    found = [_passage(hit, snapshot.guides[hit.passage.guide]) for hit in answer.hits[:limit]]
    return PassagesOut(outcome=answer.outcome, snapshot=answer.snapshot, passages=found)


def _passage(hit: Hit, guide: Guide) -> PassageOut:
    passage = hit.passage
    return PassageOut(
        id=passage.id,
        guide=guide.slug,
        kind=guide.kind,
        title=guide.title,
        anchor=passage.anchor,
        heading_path=list(passage.heading_path),
        url=f"/guide/{guide.slug}#{passage.anchor}",
        text=passage.text,
        score=round(hit.fused, 4),
        verified_on=guide.verified_on,
        review_by=guide.review_by,
        sources=sources_of(guide),
    )
