"""A draft on its way out: tests, a second person, the day, publication, and the way back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Request

from chatbot.desk.approval import Schedule
from chatbot.desk.drafts import Draft, Drafts
from chatbot.desk.due_drafts import NEEDS_SECOND, check_reason
from chatbot.desk.impact import Impacts
from chatbot.desk.people import ROLE_WORDS
from chatbot.desk.publications import Ground, Publication, Publisher
from chatbot.desk.trial import Trials
from chatbot.http.access import Holder, audit, require
from chatbot.http.admin_api import Editor, Publishing, environment_of, guarded
from chatbot.http.drafts_api import DraftId, PublicationId
from chatbot.http.drafts_messages import (
    ApproveIn,
    DraftImpactOut,
    DraftOut,
    PublicationOut,
    ReasonIn,
    ScheduleIn,
    UndoIn,
    draft_out,
    impact_out,
)
from chatbot.library import Library
from chatbot.parts import part
from chatbot.problem import responses
from chatbot.settings import Settings
from chatbot.shield.queue import Turns
from index.errors import BussolaError
from index.publish.snapshot import Snapshot

router = APIRouter(
    prefix="/api/admin/desk",
    dependencies=[Depends(require("editor", "reviewer"))],
    responses=responses(401, 403, 404, 409, 410, 422, 429, 503),
)


@router.post("/drafts/{draft_id}/approve", response_model=DraftOut, summary="Approva una bozza")
async def approve(request: Request, draft_id: DraftId, body: ApproveIn, holder: Publishing) -> Any:
    """A person who wrote nothing in it, for the version that was read. A machine cannot."""
    if holder.digest:
        raise HTTPException(403, "Una bozza la approva una persona che ha fatto l'accesso.")
    drafts = part(request.app, Drafts)
    audit(request, holder, "draft-approve", f"{draft_id} {body.version}")
    return await guarded(lambda: draft_out(drafts.approve(draft_id, holder.name, body.version)))


@router.put("/drafts/{draft_id}/schedule", response_model=DraftOut, summary="Pubblica da un giorno")
async def schedule(
    request: Request, draft_id: DraftId, body: ScheduleIn, holder: Publishing
) -> Any:
    """As it is now: a draft that changes afterwards is not published by itself."""
    drafts, library = part(request.app, Drafts), part(request.app, Library)
    audit(request, holder, "draft-schedule", f"{draft_id} {body.day}")

    def work() -> DraftOut:
        draft = drafts.get(draft_id)
        if body.day <= library.network.today():
            raise BussolaError("Scegli un giorno che deve ancora venire, o pubblica adesso.")
        _may_publish(request, draft, holder, body.reason)
        wanted = Schedule(
            day=body.day, by=holder.name, role=role_of(holder), reason=body.reason.strip(),
            version=draft.version,
        )  # fmt: skip
        return draft_out(drafts.put_off(draft_id, wanted))

    return await guarded(work)


@router.delete(
    "/drafts/{draft_id}/schedule", response_model=DraftOut, summary="Non più da quel giorno"
)
async def unschedule(request: Request, draft_id: DraftId, holder: Publishing) -> Any:
    drafts = part(request.app, Drafts)
    audit(request, holder, "draft-schedule", f"{draft_id} -")
    return await guarded(lambda: draft_out(drafts.put_off(draft_id, None)))


def role_of(holder: Holder) -> str:
    """What the author of a commit is called: by the role, never by a name."""
    words = {str(role): word for role, word in ROLE_WORDS.items()}
    return words.get(holder.role, ROLE_WORDS["editor"])


def _may_publish(request: Request, draft: Draft, holder: Holder, reason: str) -> None:
    """Raises BussolaError where a reason or a second person is missing."""
    check_reason(part(request.app, Impacts).of(draft.id, draft.version), reason)
    machine = bool(holder.digest)
    alone = not draft.approved_by if machine else not draft.seen_by_another(holder.name)
    if part(request.app, Settings).four_eyes and alone:
        raise BussolaError(NEEDS_SECOND)


@router.post("/drafts/{draft_id}/impact", response_model=DraftImpactOut, summary="Fa le prove")
async def start_impact(request: Request, draft_id: DraftId, editor: Editor) -> Any:
    """Begins; how it goes is told by the same address with GET."""
    drafts, library = part(request.app, Drafts), part(request.app, Library)
    publisher, before = part(request.app, Publisher), library.snapshot
    turns = part(request.app, Turns)
    audit(request, editor, "impact", draft_id)

    def work() -> tuple[Draft, Snapshot]:
        draft = drafts.get(draft_id)
        after = part(request.app, Trials).snapshot(draft, before)
        library.bot.prepare(after)
        return draft, after

    made = await guarded(work)
    if not isinstance(made, tuple):
        return made
    draft, after = made
    begun = part(request.app, Impacts).start(
        draft.id, draft.version, library.bot, before, after,
        lambda: publisher.try_out(draft, _ground(library)).snapshot,
        environment_of(part(request.app, Settings)), lambda: turns.under_way > 0,
    )  # fmt: skip
    return impact_out(begun, datetime.now(UTC))


@router.get(
    "/drafts/{draft_id}/impact", response_model=DraftImpactOut, summary="Come vanno le prove"
)
async def impact(request: Request, draft_id: DraftId) -> Any:
    drafts, impacts = part(request.app, Drafts), part(request.app, Impacts)

    def work() -> DraftImpactOut:
        draft = drafts.get(draft_id)
        return impact_out(impacts.of(draft.id, draft.version), datetime.now(UTC))

    return await guarded(work)


@router.post(
    "/drafts/{draft_id}/publish", response_model=PublicationOut, summary="Pubblica una bozza"
)
async def publish(request: Request, draft_id: DraftId, body: ReasonIn, editor: Publishing) -> Any:
    drafts, publisher = part(request.app, Drafts), part(request.app, Publisher)
    library = part(request.app, Library)
    audit(request, editor, "draft-publish", draft_id)

    def work() -> PublicationOut:
        draft = drafts.get(draft_id)
        _may_publish(request, draft, editor, body.reason)
        reason = body.reason.strip()
        done = publisher.publish(draft, editor.name, reason, _ground(library), role=role_of(editor))
        return _served(library, done)

    return await guarded(work)


@router.post(
    "/publications/{publication_id}/undo", response_model=PublicationOut,
    summary="Annulla una pubblicazione, o una sua guida",
)  # fmt: skip
async def undo(
    request: Request, publication_id: PublicationId, body: UndoIn, editor: Publishing
) -> Any:
    publisher, library = part(request.app, Publisher), part(request.app, Library)
    audit(request, editor, "undo", f"{publication_id} {body.guide}".strip())

    def work() -> PublicationOut:
        done = publisher.undo(
            publication_id, editor.name, _ground(library), body.guide, role=role_of(editor)
        )
        return _served(library, done)

    return await guarded(work)


def _ground(library: Library) -> Ground:
    return Ground(library.bot.encoder, library.snapshot, library.serve)


def _served(library: Library, done: Publication) -> PublicationOut:
    library.refresh()
    return PublicationOut(
        publication=done.id, snapshot=done.snapshot, not_committed=done.not_committed
    )
