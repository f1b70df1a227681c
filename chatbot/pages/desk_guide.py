"""The page on which a guide is written: its form, its text, the drafts that it may go to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Engine

from chatbot.desk.asked import AskedVectors
from chatbot.desk.data import near_guide
from chatbot.desk.draft_guide import DraftGuide
from chatbot.desk.drafts import Draft, Drafts
from chatbot.desk.placing import mentions
from chatbot.desk.publications import Publisher
from chatbot.desk.sentences import Difference, guide_differences
from chatbot.desk.unpublished import unpublished
from chatbot.http.access import require
from chatbot.library import Library
from chatbot.pages.desk import unanswered
from chatbot.pages.page import render
from chatbot.parts import find, part
from chatbot.problem import responses
from chatbot.settings import Settings
from index.errors import BussolaError
from index.guide import Guide
from index.parse.frontmatter import Contacts
from index.parse.header import Fields, fields_of, split_text

router = APIRouter(
    prefix="/api/admin/desk",
    dependencies=[Depends(require("editor", "reviewer"))],
    responses=responses(401, 403, 404, 422, 429, 503),
    default_response_class=HTMLResponse,
)


@dataclass(frozen=True)
class Opened:
    """A guide in the editor. Without `fields` the text is shown whole. `moved` is what changed in
    its file since the draft began."""

    slug: str
    path: str
    head: str
    fields: Fields | None
    body: str
    version: int = 0
    digest: str = ""
    guide: Guide | None = None
    draft: Draft | None = None
    edited: DraftGuide | None = None
    moved: tuple[Difference, ...] = ()

    @property
    def kind(self) -> str:
        return str((self.fields or {}).get("tipo", ""))

    @property
    def notes(self) -> list[str]:
        """The comments of the front matter, which the form does not show: what a document had
        that its guide could not take, questions proposed."""
        return [line[1:].strip() for line in self.head.splitlines() if line.startswith("# ")]


@router.get("/guide/{slug}", summary="Una guida da scrivere")
def guide(request: Request, slug: str, bozza: str = "") -> HTMLResponse:
    drafts = part(request.app, Drafts).open()
    opened = open_guide(request, slug, bozza, drafts)
    snapshot = part(request.app, Library).snapshot
    return render(
        request, "desk/guide.html", opened=opened, drafts=drafts,
        needs=list(snapshot.network.needs_shown), audiences=list(snapshot.network.audiences),
        contacts=list(Contacts.model_fields),
        mentions=mentions(opened.guide, snapshot) if opened.guide else [],
        others=_others(snapshot.guides, opened.path),
        proposed=near_guide(
            unanswered(find(request.app, Engine)), part(request.app, AskedVectors), snapshot,
            opened.slug,
        ),
    )  # fmt: skip


@router.get("/service/{slug}", summary="Un servizio da correggere nella tabella")
def service(request: Request, slug: str, bozza: str = "") -> HTMLResponse:
    drafts = part(request.app, Drafts).open()
    opened = open_guide(request, slug, bozza, drafts)
    if opened.fields is None or opened.kind != "servizio":
        raise HTTPException(422, "Questa guida non si corregge in una tabella: aprila.")
    contacts = list(Contacts.model_fields)
    return render(request, "desk/service.html", opened=opened, contacts=contacts)


def open_guide(request: Request, slug: str, wanted: str, drafts: list[Draft]) -> Opened:
    """As `_open`. Raises HTTPException 404, and 422 where the file cannot be read."""
    try:
        return _open(request, slug, wanted, drafts)
    except BussolaError as error:
        raise HTTPException(422, str(error)) from None


def _open(request: Request, slug: str, wanted: str, drafts: list[Draft]) -> Opened:
    """As the draft that is asked for has it, or the first that does; else as its file is. Raises
    HTTPException 404, BussolaError."""
    publisher, snapshot = part(request.app, Publisher), part(request.app, Library).snapshot
    published = snapshot.guide_named(slug)
    slug = published.slug if published else slug
    ordered = sorted(drafts, key=lambda draft: draft.id != wanted)
    having = [(draft, one) for draft in ordered if (one := draft.find(slug))]
    if having:
        draft, one = having[0]
        now, digest = publisher.on_disk(one.path)
        moved = guide_differences(one.base, now, one.path) if digest != one.digest else []
        return _taken_apart(
            slug, one.path, one.text, version=one.version, digest=one.digest, guide=published,
            draft=draft, edited=one, moved=tuple(moved),
        )  # fmt: skip
    path = published.path if published else _path_of_unpublished(request, slug)
    text, digest = publisher.on_disk(path)
    into = next((draft for draft in drafts if draft.id == wanted), None)
    return _taken_apart(slug, path, text, digest=digest, guide=published, draft=into)


def _path_of_unpublished(request: Request, slug: str) -> str:
    """Raises HTTPException 404."""
    known = {guide.path for guide in part(request.app, Library).snapshot.guides.values()}
    found = unpublished(part(request.app, Settings).guides, known)
    path = next((one.path for one in found if one.slug == slug), None)
    if path is None:
        raise HTTPException(404, "Non c'è nessuna guida con questo nome.")
    return path


def _taken_apart(slug: str, path: str, text: str, **more: Any) -> Opened:
    head, body = split_text(text)
    fields = fields_of(head) if head else None
    return Opened(slug, path, head, fields, body if fields is not None else text, **more)


def _others(guides: Any, path: str) -> list[tuple[str, str]]:
    """Title and link of every other guide, as one writes it in the file at `path`."""
    up = "../" if "/" in path else ""
    return sorted((g.title, f"{up}{g.path}") for g in guides.values() if g.path != path)
