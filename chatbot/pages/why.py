"""«Perché»: a question played again step by step, for editors and evaluators.

The permalink has the question after the `#`, which browsers keep to themselves: no question is
ever in an address that a server sees.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field
from sqlalchemy import Engine

from chatbot.answer import OUTCOME_WORDS
from chatbot.desk.advice import advice
from chatbot.desk.replay import replay
from chatbot.http.access import require
from chatbot.http.messages import MAX_TURNS, NOT_BLANK, ProfileIn
from chatbot.journal import reading
from chatbot.library import Library
from chatbot.pages.page import render
from chatbot.parts import find, part
from chatbot.problem import responses
from chatbot.question import MAX_QUESTION, Profile
from index.parse.render import render_markdown

# What each rule looks at; a rule that did nothing is shown too.
RULES = {
    "giudizio": "È probabile che le frasi lette rispondano?",
    "persona": "Le frasi valgono per questa persona, con il suo titolo di soggiorno?",
    "altrove": "La domanda riguarda un altro Paese?",
    "negata": "La domanda chiede che cosa non è così, e le frasi dicono che cosa è così?",
    "regime": "La risposta cambia con la data della domanda di asilo?",
    "pericolo": "Qualcuno può essere in pericolo?",
}

pages = APIRouter(include_in_schema=False)
router = APIRouter(
    prefix="/api/admin/why",
    dependencies=[Depends(require("editor", "evaluator", "reviewer"))],
    responses=responses(401, 403, 422, 429, 503),
    default_response_class=HTMLResponse,
)
TurnText = Annotated[
    str, Field(min_length=1, max_length=MAX_QUESTION, json_schema_extra={"pattern": NOT_BLANK})
]


class WhyIn(BaseModel):
    """`turns` are the person's words, the last is looked at."""

    turns: Annotated[list[TurnText], Field(min_length=1, max_length=MAX_TURNS)]
    profile: ProfileIn = ProfileIn()


@pages.get("/perche")
def why_page(request: Request) -> HTMLResponse:
    return render(request, "why.html")


@router.post("", summary="Una domanda, passo per passo")
def why(request: Request, body: WhyIn) -> HTMLResponse:
    turns = [turn.strip() for turn in body.turns if turn.strip()]
    if not turns:
        raise HTTPException(422, "La domanda è vuota: scrivila.")
    return _shown(request, turns, Profile(**dict(body.profile)))


@router.get("/{answer_id}", summary="Una risposta del registro, passo per passo",
            responses=responses(404))  # fmt: skip
def why_answer(
    request: Request,
    answer_id: Annotated[str, Path(pattern="^[A-Za-z0-9-]{1,64}$", max_length=64)],
) -> HTMLResponse:
    """The question as the journal keeps it, without personal data and without the turns before:
    asked again of the guides as they are now."""
    engine = find(request.app, Engine)
    kept = reading.find_answer(engine, answer_id) if engine else None
    if kept is None:
        raise HTTPException(404, "Questa risposta non è nel registro.")
    return _shown(request, [kept.entry.question], Profile(), kept.entry.outcome)


def _shown(request: Request, turns: list[str], profile: Profile, then: str = "") -> HTMLResponse:
    library = part(request.app, Library)
    bot, snapshot = library.bot, library.snapshot
    found = replay(turns, profile, bot, snapshot)
    weights = found.work.weights if found.work else bot.weights
    acted = {reason.rule: reason.why for reason in found.answer.reasons}
    return render(
        request, "why_result.html", found=found, turns=turns, snapshot=snapshot,
        outcomes=OUTCOME_WORDS, then=then, numbers=weights.numbers,
        rules=[(name, RULES.get(name, ""), acted.get(name, ""))
               for name in dict.fromkeys([*RULES, *acted])],
        advice=advice(found, bot.prepare(snapshot).reference, weights),
        answer=render_markdown(found.answer.answer),
    )  # fmt: skip
