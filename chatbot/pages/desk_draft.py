"""The pages of drafts: what each changes, how it will read, what its tests found."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import HTMLResponse

from chatbot.desk.drafts import Draft, Drafts, UnknownDraft
from chatbot.desk.impact import Impact, Impacts
from chatbot.desk.network_files import is_network
from chatbot.desk.preview import look_at
from chatbot.desk.publications import Publisher
from chatbot.desk.sentences import differences, guide_differences
from chatbot.http.access import Holder, require
from chatbot.library import Library
from chatbot.pages.page import render
from chatbot.parts import part
from chatbot.problem import responses
from chatbot.settings import Settings
from index.errors import BussolaError

router = APIRouter(
    prefix="/api/admin/desk",
    responses=responses(401, 403, 404, 422, 429, 503),
    default_response_class=HTMLResponse,
)
_MARKS = re.compile(r" ?\[\d{1,2}\]")
Reader = Annotated[Holder, Depends(require("operator", "editor", "reviewer"))]
Keeper = Annotated[Holder, Depends(require("editor", "reviewer"))]


@router.get("/drafts-list", summary="Le bozze")
def drafts(request: Request, keeper: Keeper) -> HTMLResponse:
    every = part(request.app, Drafts).all()
    opened = [draft for draft in every if draft.state == "open"]
    closed = [draft for draft in every if draft.state != "open"][:50]
    return render(
        request, "desk/drafts.html", drafts=opened, closed=closed,
        impacts=impacts_of(request, opened),
    )  # fmt: skip


@router.get("/draft/{draft_id}", summary="Una bozza: le sue guide, che cosa cambia, le prove")
def draft(request: Request, draft_id: str, reader: Reader) -> HTMLResponse:
    publisher = part(request.app, Publisher)
    try:
        found = part(request.app, Drafts).get(draft_id)
        moved = [_moved(publisher, one) for one in found.guides]
    except UnknownDraft as error:
        raise HTTPException(404, str(error)) from None
    except BussolaError as error:
        raise HTTPException(422, str(error)) from None
    changed = [
        guide_differences(one.base, "" if one.removed else one.text, one.path)
        for one in found.guides
    ]
    impact = part(request.app, Impacts).of(found.id, found.version)
    return render(
        request, "desk/draft.html", draft=found, impact=impact, cases=_cases(impact),
        rows=list(zip(found.guides, changed, moved, strict=True)),
        four_eyes=part(request.app, Settings).four_eyes, may_approve=may_approve(found, reader),
        tomorrow=part(request.app, Library).network.today() + timedelta(days=1),
    )  # fmt: skip


@router.get("/impact/{draft_id}", summary="Che cosa hanno trovato finora le prove")
def impact(request: Request, draft_id: str, reader: Reader) -> HTMLResponse:
    """The part of the page of a draft that changes while its questions are asked."""
    try:
        found = part(request.app, Drafts).get(draft_id)
    except UnknownDraft as error:
        raise HTTPException(404, str(error)) from None
    now = part(request.app, Impacts).of(found.id, found.version)
    return render(request, "desk/impact.html", impact=now, cases=_cases(now))


def _moved(publisher: Publisher, one: Any) -> list[Any]:
    """What somebody changed in the file of a guide since the draft began; nothing once it is
    what the draft says."""
    now, digest = publisher.on_disk(one.path)
    return guide_differences(one.base, now, one.path) if digest != one.digest else []


def _cases(impact: Impact | None) -> list[dict[str, Any]]:
    """The cases that a draft moves, each with its answers sentence by sentence."""
    cases = impact.cases if impact else []
    return [
        case | {"differences": differences(*(_words(case[side]) for side in ("before", "after")))}
        for case in cases
    ]


def _words(side: dict[str, Any]) -> str:
    """An answer without the marks of its citations, whose numbers change with their order."""
    return _MARKS.sub("", str(side["answer"]))


def may_approve(draft: Draft, holder: Holder) -> bool:
    """A person who keeps guides, wrote nothing in it, and has not said so of this version yet."""
    keeps = holder.role in ("editor", "reviewer", "admin") and not holder.digest
    mine = holder.name in draft.writers or holder.name in draft.approved_by
    return draft.state == "open" and bool(draft.guides) and keeps and not mine


def impacts_of(request: Request, drafts: list[Draft]) -> dict[str, Impact | None]:
    impacts = part(request.app, Impacts)
    return {draft.id: impacts.of(draft.id, draft.version) for draft in drafts}


Which = Annotated[str, Path(pattern="^[0-9a-f]{16}-[a-z0-9-]{1,100}$", max_length=117)]


@router.get("/reading/{which}", summary="Una guida di una bozza, come si leggerà")
def reading(request: Request, which: Which, reader: Reader) -> HTMLResponse:
    """For colleagues: the address is the draft's, a dash, and the guide's."""
    library = part(request.app, Library)
    try:
        draft = part(request.app, Drafts).get(which[:16])
    except UnknownDraft as error:
        raise HTTPException(404, str(error)) from None
    one = draft.find(which[17:])
    if one is None or is_network(one.path) or one.removed:
        raise HTTPException(404, "Questa guida non è nella bozza.")
    count = library.bot.encoder.count_tokens
    look = look_at(one.text, one.goes_to, library.snapshot, count, was=one.path)
    errors = [finding for finding in look.findings if finding.severity == "error"]
    return render(
        request, "desk/reading.html", draft=draft, one=one, page=look.page, findings=errors
    )
