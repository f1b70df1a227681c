"""The evaluators' page: answers of the journal, one after the other, to be judged.

A judgement goes into the journal, and from there into the drafts of the suite, by the command that
evaluators would type: the server knows nothing of eval. Some answers are judged by two people, who
do not see what the other said; where they disagree, they decide together.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field
from sqlalchemy import Engine

from chatbot.answer import OUTCOME_WORDS
from chatbot.desk.case_drafts import CaseDrafts
from chatbot.desk.publications import Publisher
from chatbot.http.access import Holder, audit, require
from chatbot.http.journal_api import keep
from chatbot.journal import reading, sample, twice
from chatbot.journal.reading import Reviewed
from chatbot.journal.records import GOOD, Review, Verdict, now
from chatbot.library import Library
from chatbot.pages.course import course_chart, monday
from chatbot.pages.page import render
from chatbot.parts import find, part
from chatbot.problem import responses
from chatbot.settings import Settings
from index.publish.snapshot import Snapshot

SHOWN = 30  # answers on a page

pages = APIRouter(include_in_schema=False)
Evaluator = Annotated[Holder, Depends(require("evaluator", "editor", "reviewer"))]
router = APIRouter(prefix="/api/admin/review", responses=responses(401, 403, 422, 429, 503))


class ReviewIn(BaseModel):
    """`passage` is the section that answers, as `guide#anchor`; empty where none is picked."""

    verdict: Verdict
    passage: Annotated[str, Field(max_length=300)] = ""
    note: Annotated[str, Field(max_length=1_000)] = ""

    together: bool = False  # settles what two people judged differently


class Reviewing(BaseModel):
    """The judgement is kept; its draft of a case is written after the answer."""

    kept: bool


@dataclass(frozen=True, slots=True)
class ToJudge:
    """An answer with the sections it found, each as (`guide#anchor`, heading); `drawn` where it
    stands for others."""

    reviewed: Reviewed
    found: tuple[tuple[str, str], ...]
    drawn: bool = False


@pages.get("/revisione")
def review_page(request: Request) -> HTMLResponse:
    return render(request, "review.html", fragment="review")


@router.get("", response_class=HTMLResponse, summary="Risposte da rivedere")
def waiting(request: Request, evaluator: Evaluator) -> HTMLResponse:
    engine, snapshot = find(request.app, Engine), part(request.app, Library).snapshot
    if engine:
        size = part(request.app, Settings).sample_per_week
        sample.draw(engine, _needs(snapshot), size, now())
    return render(
        request,
        "review_list.html",
        journal=engine is not None,
        answers=to_judge(engine, snapshot, evaluator.name) if engine else [],
        sections=sections(snapshot),
        outcomes=OUTCOME_WORDS,
    )


@pages.get("/revisione/disaccordi")
def disagreements_page(request: Request) -> HTMLResponse:
    return render(request, "review.html", fragment="review/disagreements")


@router.get("/disagreements", response_class=HTMLResponse, summary="Giudizi diversi, da decidere")
def disagreements(request: Request, evaluator: Evaluator) -> HTMLResponse:
    engine, snapshot = find(request.app, Engine), part(request.app, Library).snapshot
    found, known = (twice.judged_twice(engine) if engine else []), sections(snapshot)
    return render(
        request, "review_disagreements.html", journal=engine is not None, sections=known,
        agreement=twice.agreement(found), one_in=twice.ONE_IN, outcomes=OUTCOME_WORDS,
        answers=[(ToJudge(one, _found(one, known, snapshot)), twice.verdicts(one))
                 for one in twice.disagreements(found)[:SHOWN]],
    )  # fmt: skip


@pages.get("/revisione/andamento")
def course_page(request: Request) -> HTMLResponse:
    return render(request, "review.html", fragment="review/course")


@router.get("/course", response_class=HTMLResponse, summary="Come vanno le risposte, per settimana",
            dependencies=[Depends(require("evaluator", "editor", "reviewer"))])  # fmt: skip
def course(request: Request) -> HTMLResponse:
    engine, snapshot = find(request.app, Engine), part(request.app, Library).snapshot
    size = part(request.app, Settings).sample_per_week
    if engine is None or not size:
        return render(request, "review_course.html", journal=engine is not None, size=size,
                      course=None)  # fmt: skip
    needs = _needs(snapshot)
    sample.draw(engine, needs, size, now())
    found = sample.course(sample.given(engine, needs), now())
    names = {one.snapshot: one.name for one in part(request.app, Publisher).all()}
    changes = [(at, names.get(name, "guide pubblicate")) for at, name in found.changes]
    return render(
        request, "review_course.html", journal=True, size=size, course=found, changes=changes,
        chart=course_chart("Risposte giuste e sbagliate, settimana per settimana", found.weeks,
                           changes), monday=monday,
    )  # fmt: skip


@router.post("/{answer_id}", summary="Il giudizio su una risposta", responses=responses(404))
async def judge(
    request: Request,
    answer_id: Annotated[str, Path(pattern="^[A-Za-z0-9-]{1,64}$", max_length=64)],
    body: ReviewIn,
    evaluator: Evaluator,
) -> Reviewing:
    """Answers when the judgement is committed."""
    engine = find(request.app, Engine)
    if engine is None:
        raise HTTPException(503, "Il registro è spento: non c'è nulla da rivedere.")
    if await asyncio.to_thread(reading.find_answer, engine, answer_id) is None:
        raise HTTPException(404, "Questa risposta non è più nel registro.")
    passage = body.passage.strip()
    if passage and passage not in sections(part(request.app, Library).snapshot):
        raise HTTPException(422, f"«{passage}» non è un passaggio delle guide: scegline uno.")
    who = twice.AGREED if body.together else evaluator.name
    await keep(request, Review(answer_id, body.verdict, who, passage, body.note))
    audit(request, evaluator, "review", f"{answer_id} {body.verdict}")
    part(request.app, CaseDrafts).ask()
    return Reviewing(kept=True)


def to_judge(engine: Engine, snapshot: Snapshot, reviewer: str) -> list[ToJudge]:
    """What waits for `reviewer`: first what stands for others, then what an operator complained of,
    then the newest."""
    known = sections(snapshot)
    drawn = [one for one in sample.waiting(engine, now()) if twice.waits_for(one, reviewer)]
    names = {one.entry.id for one in drawn}
    others = [one for one in twice.to_review(engine, reviewer) if one.entry.id not in names]
    others.sort(key=lambda one: not any(said.reason != GOOD for said in one.feedback))
    return [
        ToJudge(one, _found(one, known, snapshot), one.entry.id in names)
        for one in (*drawn, *others)[:SHOWN]
    ]


def sections(snapshot: Snapshot) -> dict[str, str]:
    """Every section of the guides with its heading, by `guide#anchor`."""
    return {
        f"{passage.guide}#{passage.anchor}": " › ".join(passage.heading_path)
        for passage in snapshot.passages
    }


def _needs(snapshot: Snapshot) -> dict[str, tuple[str, ...]]:
    return {guide.slug: tuple(guide.needs) for guide in snapshot.guides.values()}


def _found(one: Reviewed, known: dict[str, str], snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    """As the guides are called today: the journal has the names that they had."""
    cited = [(cited.guide, cited.anchor) for cited in one.entry.cited]
    hits = [str(hit.get("passage", "")).rpartition(":")[0] for hit in one.entry.hits]
    sections = [*cited, *(tuple(hit.split("#", 1)) for hit in hits if "#" in hit)]
    today = [
        f"{guide.slug}#{anchor}"
        for name, anchor in sections
        if (guide := snapshot.guide_named(name))
    ]
    return tuple((name, known[name]) for name in dict.fromkeys(today) if name in known)
