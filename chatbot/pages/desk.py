"""The editors' desk: a page without data, and fragments that only an editor's token opens."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from pydantic import BaseModel, Field
from sqlalchemy import Engine

from chatbot.answer import OUTCOME_WORDS
from chatbot.desk.data import draft_markdown, group_questions, guide_rows, nearest_passages
from chatbot.http.access import audit, require
from chatbot.http.admin_api import Editor, guarded
from chatbot.journal import reading
from chatbot.library import Library
from chatbot.pages.page import render
from chatbot.parts import find, part
from chatbot.problem import responses
from chatbot.question import MAX_QUESTION
from chatbot.settings import Settings
from index.check.renew import renew
from index.check.rules import check_guides
from index.guide import FOLDER_OF
from index.parse.chunk import chunk_guide
from index.parse.guide_file import parse_guide
from index.parse.render import link_from, render_guide
from index.publish.publish import status

SHOWN = 200  # newest questions without an answer looked at for grouping

pages = APIRouter(include_in_schema=False)
router = APIRouter(
    prefix="/api/admin/desk",
    dependencies=[Depends(require("editor"))],
    responses=responses(401, 403, 422, 429, 503),
)


class PreviewIn(BaseModel):
    text: Annotated[str, Field(max_length=60_000)]
    name: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,80}(\.md)?$")] = "anteprima"


class DraftIn(BaseModel):
    questions: Annotated[list[Annotated[str, Field(max_length=MAX_QUESTION)]], Field(min_length=1)]


@pages.get("/redazione")
def desk_page(request: Request) -> HTMLResponse:
    return render(request, "desk.html")


@router.get("", response_class=HTMLResponse, summary="Stato, guide, domande, segnalazioni")
def overview(request: Request) -> HTMLResponse:
    library, engine = part(request.app, Library), find(request.app, Engine)
    snapshot = library.snapshot
    counts = reading.counts_by_guide(engine) if engine else {}
    asked = reading.unanswered(engine, limit=SHOWN) if engine else []
    return render(
        request,
        "desk_overview.html",
        snapshot=snapshot,
        error=library.error,
        emergencies=any(g.kind == "emergenza" for g in snapshot.guides.values()),
        rows=guide_rows(snapshot, counts, snapshot.network.today()),
        groups=group_questions(asked, library.bot.encoder, snapshot),
        complaints=reading.complaints(engine) if engine else [],
        snapshots=status(part(request.app, Settings).var)[::-1],
        journal=engine is not None,
        outcomes=OUTCOME_WORDS,
    )


@router.post("/preview", response_class=HTMLResponse, summary="Una guida come sarà pubblicata")
def preview(request: Request, body: PreviewIn) -> HTMLResponse:
    """Parsed, checked against the other guides, cut and rendered by the code of the build."""
    library = part(request.app, Library)
    network = library.snapshot.network
    name = body.name.removesuffix(".md")
    guide, findings = parse_guide(body.text.encode(), f"{_folder(body.text)}{name}.md", network)
    passages, html = [], ""
    if guide is not None:
        others = [g for g in library.snapshot.guides.values() if g.slug != guide.slug]
        told = check_guides([*others, guide], network=network)
        findings = sorted([*findings, *(f for f in told if f.path == guide.path)])
        passages = chunk_guide(guide, library.bot.encoder.count_tokens)
        html = render_guide(guide, link=link_from(guide, [*others, guide]))
    return render(
        request, "desk_preview.html", guide=guide, findings=findings, passages=passages, html=html
    )


def _folder(text: str) -> str:
    """The folder that a guide of this kind lives in, so that its links are read right."""
    for line in text.split("\n")[:40]:
        key, _, value = line.partition(":")
        if key == "tipo":
            folder = next((FOLDER_OF[k] for k in FOLDER_OF if k == value.strip()), "")
            return f"{folder}/" if folder else ""
    return ""


@router.post("/draft", response_class=PlainTextResponse, summary="Una scheda da scrivere")
def draft(request: Request, body: DraftIn) -> PlainTextResponse:
    library = part(request.app, Library)
    snapshot = library.snapshot
    near = nearest_passages(library.bot.encoder.encode_queries(body.questions[:1])[0], snapshot)
    text = draft_markdown(body.questions, near, snapshot, snapshot.network.today())
    return PlainTextResponse(text, media_type="text/markdown")


@router.post("/valid/{slug}", response_model=None, summary="Una guida è ancora valida")
async def still_valid(request: Request, slug: str, editor: Editor) -> dict[str, Any] | JSONResponse:
    """Writes the new dates where the folder is writable; the patch comes back in any case."""
    library, settings = part(request.app, Library), part(request.app, Settings)
    guide = library.snapshot.guides.get(slug)
    if guide is None:
        raise HTTPException(404, "Non c'è nessuna guida con questo nome.")
    audit(request, editor, "still-valid", slug)

    def work() -> dict[str, Any]:
        done = renew(guide, settings.guides, library.network.today())
        name = PurePosixPath(guide.path).stem
        return {"written": done.written, "patch": done.patch, "name": f"{name}.patch"}

    return await guarded(work)
