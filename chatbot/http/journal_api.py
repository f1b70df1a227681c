"""The routes of the journal open to everybody: feedback, and one's own conversation."""

from __future__ import annotations

import asyncio
from typing import Annotated

import anyio
from fastapi import APIRouter, HTTPException, Path, Request
from pydantic import BaseModel, Field

from chatbot.http.admin_messages import ConversationOut, ErasedOut
from chatbot.journal import retention
from chatbot.journal.records import Feedback, Reason, Record
from chatbot.journal.writer import Journal, NotKeptError
from chatbot.parts import find
from chatbot.problem import responses

ACKNOWLEDGE_S = 5.0
OFF = "Il registro è spento: non si tiene niente."
NOT_KEPT = "Il parere non è stato salvato: riprova fra qualche minuto."
CONVERSATION = "^[A-Za-z0-9-]{16,64}$"  # the widget makes a random UUID

router = APIRouter(prefix="/api")
Conversation = Annotated[str, Path(pattern=CONVERSATION, max_length=64)]


class FeedbackIn(BaseModel):
    answer_id: Annotated[str, Field(pattern="^[A-Za-z0-9-]{1,64}$", max_length=64)]
    reason: Reason
    comment: Annotated[str, Field(max_length=1_000)] = ""


class Kept(BaseModel):
    kept: bool


def journal_of(request: Request) -> Journal:
    """The journal of the application. Raises HTTPException 503 when it is off."""
    journal = find(request.app, Journal)
    if journal is None:
        raise HTTPException(503, OFF)
    return journal


@router.post(
    "/feedback",
    responses=responses(400, 408, 413, 422, 429, 503),
    summary="Un parere su una risposta",
)
async def feedback(request: Request, body: FeedbackIn) -> Kept:
    """Answers only when the feedback is committed."""
    await keep(request, Feedback(body.answer_id, body.reason, body.comment))
    return Kept(kept=True)


async def keep(request: Request, record: Record) -> None:
    """Return when the record is committed. Raises HTTPException 503 when it is not."""
    future = journal_of(request).put(record)
    try:
        await asyncio.wait_for(asyncio.wrap_future(future), ACKNOWLEDGE_S)
    except (NotKeptError, TimeoutError):
        raise HTTPException(503, NOT_KEPT, {"Retry-After": "60"}) from None


@router.get(
    "/conversations/{conversation}",
    responses=responses(422, 429, 503),
    summary="Quello che il registro tiene di una conversazione",
)
async def export(request: Request, conversation: Conversation) -> ConversationOut:
    """Whoever knows the random identifier is whoever had the conversation."""
    engine = journal_of(request).engine
    kept = await anyio.to_thread.run_sync(retention.export, engine, conversation)
    return ConversationOut.model_validate(kept)


@router.delete(
    "/conversations/{conversation}",
    responses=responses(422, 429, 503),
    summary="Cancella dal registro una conversazione",
)
async def erase(request: Request, conversation: Conversation) -> ErasedOut:
    engine = journal_of(request).engine
    erased = await anyio.to_thread.run_sync(retention.erase, engine, conversation)
    return ErasedOut.model_validate(erased)
