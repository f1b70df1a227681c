"""The page behind the link of an answer: its passages as they were on that day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from chatbot.http.permalink import Pointer, read_pointers
from chatbot.pages.page import current_network, current_snapshot, not_found, render
from chatbot.parts import find, part
from chatbot.problem import Unavailable
from chatbot.settings import Settings
from chatbot.shared.past_days import PastDays
from index.guide import Guide, Section
from index.parse.cited import section_html, section_text
from index.publish.manifest import is_snapshot_name
from index.publish.past import Day, PastError, read_day, read_guide

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class PastPassage:
    """A passage as it was; `since` says what became of it, `now` where it is today."""

    guide: Guide
    section: Section
    html: Markup
    since: Literal["same", "changed", "gone"]
    now: str


@router.get("/risposta/{snapshot_id}")
def past_answer_page(request: Request, snapshot_id: str) -> HTMLResponse:
    """The passages that a link names, from the snapshot it names."""
    pointers = read_pointers(request.query_params.getlist("p"))
    var, days = part(request.app, Settings).var, find(request.app, PastDays)
    try:
        if days and is_snapshot_name(snapshot_id):
            days.bring(snapshot_id, {pointer.guide for pointer in pointers})
        day = read_day(var, snapshot_id)
        passages = (
            past_passages(var, day, pointers, current_snapshot(request).guides) if day else []
        )
    except (PastError, OSError, Unavailable) as error:
        log.error("past_not_read", snapshot=snapshot_id, error=str(error))
        return render(request, "message.html", status=503, message="past_broken")
    if day is None or not passages:
        return not_found(request, "past_gone")
    return render(
        request, "past_answer.html", "nav_ask", passages=passages,
        day=current_network(request).day_of(day.created),
        changed=any(one.since != "same" for one in passages),
    )  # fmt: skip


def past_passages(
    var: Path, day: Day, pointers: list[Pointer], today: Mapping[str, Guide]
) -> list[PastPassage]:
    """What was there then of `pointers`, told apart by what became of it. Raises PastError."""
    found = []
    for pointer in pointers:
        guide = read_guide(var, day, pointer.guide)
        section = _section(guide, pointer.anchor)
        if guide and section:
            html = Markup(section_html(guide, section, pointer.keys, today.values()))
            found.append(PastPassage(guide, section, html, *_since(guide, section, pointer, today)))
    return found


def _since(
    guide: Guide, section: Section, pointer: Pointer, today: Mapping[str, Guide]
) -> tuple[Literal["same", "changed", "gone"], str]:
    """What became of a section, and its address now; empty where its guide is gone."""
    now = today.get(guide.slug)
    there = _section(now, pointer.anchor)
    if now is None:
        return "gone", ""
    if there is None:
        return "gone", f"/guide/{now.slug}"
    address = f"/guide/{now.slug}#{quote(there.anchor)}"
    same = section_text(now, there) == section_text(guide, section)
    return ("same" if same else "changed"), address


def _section(guide: Guide | None, anchor: str) -> Section | None:
    return next((s for s in guide.sections if s.anchor == anchor), None) if guide else None
