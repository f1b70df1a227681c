"""What an editor takes out of the journal: questions that say too much, or that are none."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from chatbot.http.access import audit
from chatbot.http.admin_api import Editor, guarded
from chatbot.http.journal_api import journal_of
from chatbot.journal import retention
from chatbot.problem import responses

MOST = 200  # answers: as many as «Da fare» looks at
AnswerId = Annotated[str, Field(pattern="^[0-9A-Za-z-]{1,64}$", max_length=64)]

router = APIRouter(
    prefix="/api/admin/desk", responses=responses(401, 403, 409, 422, 429, 503)
)  # fmt: skip


class EraseIn(BaseModel):
    answers: Annotated[list[AnswerId], Field(min_length=1, max_length=MOST)]


class ErasedAnswersOut(BaseModel):
    """How many answers are gone, with their questions, opinions and judgements."""

    answers: int


@router.post(
    "/journal/erase", response_model=ErasedAnswersOut, summary="Cancella delle domande dal registro"
)
async def erase(request: Request, body: EraseIn, editor: Editor) -> Any:
    """For good. What was asked is not written in the audit log, only how much was erased."""
    engine = journal_of(request).engine

    def work() -> ErasedAnswersOut:
        return ErasedAnswersOut(answers=retention.erase_answers(engine, body.answers)["answers"])

    done = await guarded(work)
    if isinstance(done, ErasedAnswersOut):
        audit(request, editor, "journal-erase", str(done.answers))
    return done
