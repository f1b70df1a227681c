"""The routes of the HTTP contract."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.applications import Starlette

from chatbot.bot import Progress
from chatbot.http.catalogue import (
    GuideDetailOut,
    GuideOut,
    ScriptOut,
    ServiceOut,
    guide_detail,
    script_out,
    services_out,
)
from chatbot.http.health import AliveOut, HealthOut, ReadyOut, health_out, why_not_ready
from chatbot.http.messages import AnswerOut, ChatIn, answer_out
from chatbot.http.old_addresses import lead_on
from chatbot.http.once import Key, Once
from chatbot.http.passages import PassagesIn, PassagesOut, passages_out
from chatbot.http.traces import Traces
from chatbot.journal.records import Asking, Entry
from chatbot.journal.writer import Journal
from chatbot.library import Library
from chatbot.parts import find, part
from chatbot.problem import DETAILS, TITLES, Problem, responses
from chatbot.shared.follower import Follower
from chatbot.shared.rates import SharedCounts
from chatbot.shield.meter import Meter
from chatbot.shield.queue import QueuePlace, QueueTurn
from index.guide import Guide
from index.parse.render import link_from, render_guide
from index.places import Places

router = APIRouter(prefix="/api")
log = structlog.get_logger()

Slug = Annotated[str, Path(pattern="^[a-z0-9-]+$", max_length=120)]
BAD_BODY = responses(400, 408, 413, 422, 429, 503)


def library_of(request: Request) -> Library:
    return part(request.app, Library)


async def reply(
    app: Starlette, body: ChatIn, turn: QueuePlace, progress: Progress | None = None
) -> AnswerOut:
    """One answer, worked out in a thread: the event loop never encodes."""
    library = part(app, Library)
    snapshot = library.snapshot

    def work() -> AnswerOut:
        question = body.to_question()
        answer = library.bot.reply(question, snapshot, progress)
        if journal := find(app, Journal):
            journal.put(Entry.of(question, answer, body.conversation))
            if snapshot.network.places.rows and answer.outcome != "small_talk":
                journal.put(Asking(_area(answer.profile.municipality, snapshot.network.places)))
        return answer_out(answer)

    answer = await turn.run(work)
    if meter := find(app, Meter):
        meter.answered(answer.outcome, answer.language, answer.timings_ms)
    if traces := find(app, Traces):
        traces.answered(answer.outcome, answer.language, answer.timings_ms)
    log.info(
        "answered",
        id=answer.id,
        outcome=answer.outcome,
        ms=answer.timings_ms["total"],
        snapshot=answer.snapshot,
    )
    return answer


def _area(municipality: str | None, places: Places) -> str:
    """The province of a municipality; nothing finer is counted."""
    place = places.called(municipality) if municipality else None
    return place.province if place else ""


@router.post("/chat", responses=BAD_BODY, summary="Una domanda, una risposta con le fonti")
async def chat(request: Request, body: ChatIn, turn: QueueTurn, key: Key = "") -> AnswerOut:
    work = partial(reply, request.app, body, turn)
    # shielded: who leaves does not take the answer from who asks again
    return await asyncio.shield(part(request.app, Once).answer(key, body, work))


@router.post(
    "/chat/stream",
    response_class=EventSourceResponse,
    responses=BAD_BODY,
    summary="La stessa risposta, come eventi: progress, poi answer oppure problem",
)
async def chat_stream(
    request: Request, body: ChatIn, turn: QueueTurn, key: Key = ""
) -> AsyncIterator[ServerSentEvent]:
    loop = asyncio.get_running_loop()
    stages: asyncio.Queue[str | None] = asyncio.Queue()

    def progress(stage: str) -> None:
        loop.call_soon_threadsafe(stages.put_nowait, stage)

    work = partial(reply, request.app, body, turn, progress)
    task = part(request.app, Once).answer(key, body, work)
    task.add_done_callback(lambda _: stages.put_nowait(None))
    while (stage := await stages.get()) is not None:
        yield ServerSentEvent(event="progress", data={"stage": stage})
    try:
        answer = await asyncio.shield(task)
    except Exception as error:  # the stream has begun: the problem goes inside it
        log.error("unexpected_error", path=request.url.path, error=type(error).__name__)
        problem = Problem(title=TITLES[500], status=500, detail=DETAILS[500])
        yield ServerSentEvent(event="problem", data=problem.model_dump())
        return
    yield ServerSentEvent(event="answer", data=answer.model_dump(mode="json"))


@router.post(
    "/passages",
    responses=BAD_BODY,
    summary="I passaggi trovati per una domanda, parola per parola",
)
async def passages(request: Request, body: PassagesIn, turn: QueueTurn) -> PassagesOut:
    """No answer is given, so none is kept in the journal."""
    library = library_of(request)
    snapshot = library.snapshot

    def work() -> PassagesOut:
        return passages_out(library.bot.reply(body.to_question(), snapshot), snapshot, body.limit)

    return await turn.run(work)


@router.get(
    "/health",
    response_model_exclude_unset=True,
    summary="Se il servizio risponde, e da quale istantanea",
)
async def health(request: Request) -> HealthOut:
    app = request.app
    return health_out(
        library_of(request), find(app, Journal), find(app, Follower), find(app, SharedCounts)
    )


@router.get("/live", summary="Se il processo risponde")
async def live() -> AliveOut:
    """For who starts it again where it does not. It asks nothing of anything else."""
    return AliveOut()


@router.get("/ready", responses=responses(503), summary="Se gli si mandano domande")
async def ready(request: Request) -> ReadyOut:
    """For who shares questions out among several servers: 503 where this one cannot have what is
    published. A server alone is always ready: an old answer is better than none."""
    library = library_of(request)
    if why := why_not_ready(library, find(request.app, Follower)):
        raise HTTPException(503, why)
    return ReadyOut(snapshot=library.snapshot.id)


@router.get("/guides", summary="Tutte le guide")
async def guides(request: Request) -> list[GuideOut]:
    found = library_of(request).snapshot.guides.values()
    return [GuideOut.of(guide) for guide in sorted(found, key=lambda g: g.title)]


@router.get(
    "/guides/{slug}",
    dependencies=[Depends(lead_on)],
    responses=responses(308, 404, 410, 422),
    summary="Una guida, con il suo HTML",
)
def guide(request: Request, slug: Slug) -> GuideDetailOut:
    found = _guide(request, slug)
    guides = library_of(request).snapshot.guides.values()
    return guide_detail(found, render_guide(found, link=link_from(found, guides)))


@router.get("/services", summary="La carta dei servizi")
async def services(request: Request) -> list[ServiceOut]:
    return services_out(list(library_of(request).snapshot.guides.values()))


@router.get(
    "/scripts/{slug}",
    dependencies=[Depends(lead_on)],
    responses=responses(308, 404, 410, 422),
    summary="Un copione, passo per passo",
)
def script(request: Request, slug: Slug) -> ScriptOut:
    found = _guide(request, slug)
    if found.kind != "copione":
        raise HTTPException(404, "Questa guida non è un copione.")
    return script_out(found)


def _guide(request: Request, slug: str) -> Guide:
    found = library_of(request).snapshot.guides.get(slug)
    if found is None:
        raise HTTPException(404, "Non c'è nessuna guida con questo nome.")
    return found
