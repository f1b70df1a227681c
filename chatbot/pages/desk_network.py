"""The pages of the network: its files, and each as a form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from chatbot.desk.draft_guide import DraftGuide
from chatbot.desk.drafts import Draft, Drafts
from chatbot.desk.form import Node, form_of
from chatbot.desk.network_files import (
    ABOUT,
    PREFIX,
    file_of,
    has_form,
    network_with,
    of_network,
    slug_of_file,
)
from chatbot.desk.publications import Publisher
from chatbot.desk.yaml_form import Refused, data_of
from chatbot.http.access import require
from chatbot.library import Library
from chatbot.pages.page import render
from chatbot.parts import part
from chatbot.problem import responses
from chatbot.settings import Settings
from index.errors import BussolaError
from index.parse.network_folder import FILES

router = APIRouter(
    prefix="/api/admin/desk",
    dependencies=[Depends(require("editor", "reviewer"))],
    responses=responses(401, 403, 404, 422, 429, 503),
    default_response_class=HTMLResponse,
)


@router.get("/network", summary="I file della rete")
def network(request: Request) -> HTMLResponse:
    drafts, snapshot = part(request.app, Drafts).open(), part(request.app, Library).snapshot
    rows = [(slug_of_file(n), *ABOUT[n], _having(drafts, slug_of_file(n))) for n in ABOUT]
    now = snapshot.network
    past = [notice for notice in now.notices if notice.until < now.today()]
    return render(request, "desk/network.html", rows=rows, network_now=now, past=past)


@router.get("/network-file/{slug}", summary="Un file della rete, da scrivere")
def network_file(request: Request, slug: str, bozza: str = "", domanda: str = "") -> HTMLResponse:
    """`domanda` begins a decision on a question of the journal."""
    name = file_of(slug)
    if name is None:
        raise HTTPException(404, "Questo file della rete non c'è.")
    drafts, publisher = part(request.app, Drafts).open(), part(request.app, Publisher)
    ordered = sorted(drafts, key=lambda draft: draft.id != bozza)
    having = _having(ordered, slug)
    into = having[0][0] if having else next((d for d in drafts if d.id == bozza), None)
    one = having[0][1] if having else None
    try:
        text, digest = (one.text, one.digest) if one else publisher.on_disk(f"{PREFIX}{name}")
    except BussolaError as error:
        raise HTTPException(422, str(error)) from None
    form, told = _form(name, text, domanda)
    title, about = ABOUT[name]
    texts = of_network((g.path, g.text) for g in into.guides) if into else {}
    _, findings = network_with(part(request.app, Settings).guides, texts)
    return render(
        request, "desk/network_file.html", slug=slug, name=name, title=title, about=about,
        text=text, digest=digest, version=one.version if one else 0, draft=into, drafts=drafts,
        edited=one, form=form, told=told, sections=_sections(request) if slug == "risposte" else [],
        findings=[finding for finding in findings if finding.path == f"{PREFIX}{name}"],
    )  # fmt: skip


def _having(drafts: list[Draft], slug: str) -> list[tuple[Draft, DraftGuide]]:
    return [(draft, one) for draft in drafts if (one := draft.find(f"rete-{slug}"))]


def _form(name: str, text: str, question: str) -> tuple[Node | None, str]:
    """The form, or None with why there is none and the text is shown."""
    if not has_form(name):
        return None, ""
    try:
        data: Any = data_of(name, text)
    except Refused as error:
        return None, str(error)
    form = form_of(FILES[name][0], data, ABOUT[name][0])
    return (_asked(form, question) if question else form), ""


def _asked(form: Node, question: str) -> Node:
    """With a new item, of this question."""
    assert form.blank is not None
    parts = tuple(
        replace(part, value=[question[:600]]) if part.key == "domande" else part
        for part in form.blank.children
    )
    return replace(form, children=(replace(form.blank, children=parts), *form.children))


def _sections(request: Request) -> list[tuple[str, str]]:
    """What may answer, as (`guide#anchor`, title and heading)."""
    guides = part(request.app, Library).snapshot.guides.values()
    return sorted(
        (f"{g.slug}#{s.anchor}", f"{g.title} › {s.heading_path[-1]}")
        for g in guides for s in g.sections
    )  # fmt: skip
