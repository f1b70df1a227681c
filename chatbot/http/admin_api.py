"""What an editor does to snapshots from outside the desk: publish, draft, impact, go back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from chatbot.desk.drafts import NotOpen, Stale, UnknownDraft
from chatbot.desk.impact import measure
from chatbot.desk.merging import Meeting
from chatbot.desk.people import NoInvitation
from chatbot.desk.press import Press
from chatbot.desk.publications import ChangedOutside
from chatbot.http.access import Holder, audit, require
from chatbot.http.admin_messages import BuildOut, ImpactOut, PublishedOut
from chatbot.library import Library
from chatbot.parts import part
from chatbot.problem import problem_response, responses
from chatbot.settings import Settings
from index.errors import BussolaError
from index.finding import GuidesRejected
from index.outside.kept import AlreadyLooking
from index.publish.build import build
from index.publish.shelf import BuildUnderWay

router = APIRouter(prefix="/api/admin", responses=responses(401, 403, 409, 422, 429, 503))
Editor = Annotated[Holder, Depends(require("editor"))]
Publishing = Annotated[Holder, Depends(require("editor", "reviewer"))]
T = TypeVar("T")


class PublishIn(BaseModel):
    snapshot: Annotated[str, Field(pattern="^[A-Za-z0-9-]{1,64}$")]
    reason: Annotated[str, Field(max_length=500)] = ""


def four_eyes(request: Request, holder: Holder) -> None:
    """What skips drafts is, where a second person is wanted, for who administers and for machines.
    Raises HTTPException 403."""
    alone = holder.role != "admin" and not holder.digest
    if alone and part(request.app, Settings).four_eyes:
        raise HTTPException(403, "Qui serve una seconda persona: passa da una bozza, in «Bozze».")


async def guarded(work: Callable[[], T]) -> T | JSONResponse:
    """`work` in a thread; what goes wrong becomes a problem document."""
    try:
        return await asyncio.to_thread(work)
    except GuidesRejected as error:
        found = [{"field": f"{f.path}:{f.line}", "message": f.message} for f in error.findings]
        return problem_response(422, "Le guide hanno errori: non ho pubblicato nulla.", found)
    except BuildUnderWay as error:
        return problem_response(409, str(error), headers={"Retry-After": "10"})
    except (Stale, ChangedOutside, Meeting, AlreadyLooking) as error:
        return problem_response(409, str(error))
    except NotOpen as error:
        return problem_response(410, str(error))
    except (UnknownDraft, NoInvitation) as error:
        return problem_response(404, str(error))
    except BussolaError as error:
        return problem_response(422, str(error))
    except OSError as error:
        return problem_response(503, f"Non riesco a scrivere: {error.strerror}.")


def build_now(request: Request, publish_it: bool, by: str = "") -> BuildOut:
    """Build from the folder of the guides, with the model and the snapshot already in memory. To
    several servers it is published when it is built."""
    library, settings = part(request.app, Library), part(request.app, Settings)
    press = part(request.app, Press)
    several = publish_it and press.follower is not None
    with press.at_work() if several else nullcontext():
        summary = build(
            settings.guides, settings.var, library.bot.encoder,
            publish=publish_it and not several, published=library.snapshot,
        )  # fmt: skip
        if several:
            press.publish(summary.snapshot, "", by)
    library.refresh()
    return BuildOut.model_validate({**summary.to_json(), "published": publish_it})


@router.post("/reindex", response_model=BuildOut, summary="Pubblica le guide come sono adesso")
async def reindex(request: Request, editor: Editor) -> BuildOut | JSONResponse:
    four_eyes(request, editor)
    audit(request, editor, "reindex")
    return await guarded(lambda: build_now(request, publish_it=True, by=editor.name))


@router.post("/draft", response_model=BuildOut, summary="Costruisce una bozza, senza pubblicarla")
async def draft(request: Request, editor: Editor) -> BuildOut | JSONResponse:
    audit(request, editor, "draft")
    return await guarded(lambda: build_now(request, publish_it=False))


@router.post("/publish", response_model=PublishedOut, summary="Pubblica una bozza già costruita")
async def publish_draft(
    request: Request, body: PublishIn, editor: Editor
) -> PublishedOut | JSONResponse:
    four_eyes(request, editor)
    audit(request, editor, "publish", body.snapshot)
    library, press = part(request.app, Library), part(request.app, Press)

    def work() -> PublishedOut:
        with press.at_work():
            press.publish(body.snapshot, body.reason, editor.name)
        library.refresh()
        return PublishedOut(published=library.snapshot.id)

    return await guarded(work)


@router.post("/rollback", response_model=PublishedOut, summary="Torna all'istantanea precedente")
async def roll_back(request: Request, editor: Editor) -> PublishedOut | JSONResponse:
    audit(request, editor, "rollback")
    library, press = part(request.app, Library), part(request.app, Press)

    def work() -> PublishedOut:
        with press.at_work():
            published = press.rollback(editor.name)
        library.refresh()
        return PublishedOut(published=published)

    return await guarded(work)


@router.post(
    "/impact", response_model=ImpactOut, summary="Che cosa cambierebbe una bozza, caso per caso"
)
async def impact(request: Request, body: PublishIn, editor: Editor) -> ImpactOut:
    """Runs `python -m eval impact` as a process of its own: the server knows nothing of eval."""
    found, why = await measure(body.snapshot, environment_of(part(request.app, Settings)))
    if found is None:
        raise HTTPException(422, why)
    return ImpactOut.model_validate(found)


def environment_of(settings: Settings) -> dict[str, str]:
    """Where the commands that this server runs find what it serves."""
    places = {"GUIDES": settings.guides, "VAR": settings.var, "CASES": settings.cases}
    return {f"BUSSOLA_{name}": str(place) for name, place in places.items() if place}
