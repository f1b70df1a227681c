"""A guide while it is written: what the check says of it, how it will be cut, cited and shown."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter, Depends, Request

from chatbot.desk.preview import Look, look_at, path_of_text
from chatbot.http.access import require
from chatbot.http.admin_api import guarded
from chatbot.http.drafts_messages import (
    CutOut,
    FindingOut,
    PreviewIn,
    PreviewOut,
    UnitOut,
    lines_before,
)
from chatbot.library import Library
from chatbot.parts import part
from chatbot.problem import responses
from index.errors import BussolaError
from index.finding import Finding
from index.parse.frontmatter import MODELS
from index.parse.header import key_at, split_text

KEYS = {key for model in MODELS.values() for key in model.model_fields}
router = APIRouter(
    prefix="/api/admin/desk",
    dependencies=[Depends(require("editor", "reviewer"))],
    responses=responses(401, 403, 404, 409, 422, 429, 503),
)


@router.post("/preview", response_model=PreviewOut, summary="Una guida come sarà pubblicata")
async def preview(request: Request, body: PreviewIn) -> Any:
    """Parsed, checked, cut and rendered by the code of the build; nothing is kept."""
    library = part(request.app, Library)

    def work() -> PreviewOut:
        try:
            text = body.text()
        except ValueError:
            raise BussolaError("L'intestazione non si legge: correggila come testo.") from None
        path = body.path or path_of_text(text, "anteprima")
        look = look_at(text, path, library.snapshot, library.bot.encoder.count_tokens, body.was)
        return _out(look, text, whole=body.fields is None)

    return await guarded(work)


def _out(look: Look, text: str, whole: bool) -> PreviewOut:
    before, head = lines_before(text, whole), split_text(text)[0]
    sections = look.guide.sections if look.guide else ()
    return PreviewOut(
        findings=[_finding(one, before, head) for one in look.findings],
        page=look.page,
        passages=[
            CutOut(
                id=p.id, heading=" › ".join(p.heading_path),
                units=[UnitOut(lead=u.lead, text=u.text) for u in p.units],
            )
            for p in look.passages
        ],
        sections=[(s.anchor, s.heading_path[-1]) for s in sections],
    )  # fmt: skip


def _finding(found: Finding, before: int, head: str) -> FindingOut:
    """With the line that its editor sees or, of the front matter, the field it is of."""
    inside = found.line <= before
    return FindingOut(
        line=0 if inside else found.line - before,
        field=_field(found, head) if inside else "",
        message=found.message, rule=found.rule, severity=found.severity,
    )  # fmt: skip


def _field(found: Finding, head: str) -> str:
    """The key that a finding names, which may not be there; else the one it stands at."""
    named = re.search("«([a-z_]+)", found.message)
    return named[1] if named and named[1] in KEYS else key_at(head, found.line - 1)
