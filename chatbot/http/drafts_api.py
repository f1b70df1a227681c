"""What an editor does with drafts: make one, save guides in it, see what it changes, publish."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request

from chatbot.desk.data import nearest_passages, new_guide
from chatbot.desk.draft_guide import DraftGuide
from chatbot.desk.drafts import Draft, Drafts, UnknownDraft
from chatbot.desk.merging import merged
from chatbot.desk.preview import path_for
from chatbot.desk.publications import Publisher
from chatbot.desk.trial import Trials
from chatbot.desk.unpublished import unpublished
from chatbot.http.access import audit, require
from chatbot.http.admin_api import Editor, guarded
from chatbot.http.drafts_messages import (
    AskedOut,
    AskIn,
    ChangesOut,
    DraftOut,
    DraftTextOut,
    NameIn,
    NewGuideIn,
    SavedOut,
    SaveIn,
    draft_out,
    guide_out,
    said,
)
from chatbot.library import Library
from chatbot.parts import part
from chatbot.problem import responses
from chatbot.question import Question
from index.errors import BussolaError
from index.parse.markdown import slugify
from index.parse.walk import slug_of
from index.publish.diff import compare_snapshots, summary

SITTING = timedelta(
    minutes=10
)  # a text saves itself: one line of audit for each time it is taken up
router = APIRouter(
    prefix="/api/admin/desk",
    dependencies=[Depends(require("operator", "editor", "reviewer"))],
    responses=responses(401, 403, 404, 409, 410, 422, 429, 503),
)
DraftId = Annotated[str, Path(pattern="^[0-9a-f]{16}$", max_length=16)]
Slug = Annotated[str, Path(pattern="^[a-z0-9-]{1,100}$", max_length=100)]
PublicationId = Annotated[str, Path(pattern="^[0-9A-Za-z-]{1,40}$", max_length=40)]


@router.post("/drafts", response_model=DraftOut, summary="Una bozza nuova")
async def create(request: Request, body: NameIn, editor: Editor) -> Any:
    drafts = part(request.app, Drafts)
    audit(request, editor, "draft-create", body.name)
    return await guarded(lambda: draft_out(drafts.create(editor.name, body.name)))


@router.delete("/drafts/{draft_id}", response_model=DraftOut, summary="Scarta una bozza")
async def discard(request: Request, draft_id: DraftId, editor: Editor) -> Any:
    """Its texts stay in the file of the draft."""
    drafts = part(request.app, Drafts)
    audit(request, editor, "draft-discard", draft_id)

    def work() -> DraftOut:
        drafts.close(draft_id, "discarded")
        return draft_out(drafts.get(draft_id))

    return await guarded(work)


@router.post("/drafts/{draft_id}/guides", response_model=DraftOut, summary="Una guida nuova")
async def add(request: Request, draft_id: DraftId, body: NewGuideIn, editor: Editor) -> Any:
    """From the model of its kind, with the questions that it is to answer."""
    drafts, library = part(request.app, Drafts), part(request.app, Library)
    snapshot = library.snapshot
    audit(request, editor, "draft-add", f"{draft_id} {body.title}")
    slug = slug_of(f"{slugify(body.title)[:60].strip('-') or 'guida'}.md")

    def work() -> DraftOut:
        if slug in snapshot.guides or drafts.get(draft_id).find(slug):
            raise BussolaError(f"C'è già una guida di nome «{slug}»: scegli un altro titolo.")
        asked = body.questions or [body.title]
        near = nearest_passages(library.bot.encoder.encode_queries(asked[:1])[0], snapshot)
        text = new_guide(body.kind, body.title, body.questions, near, snapshot)
        guide = DraftGuide(
            slug=slug, path=path_for(slug, body.kind), text=text, at=datetime.now(UTC)
        )
        return draft_out(drafts.put(draft_id, guide, editor.name, 0))

    return await guarded(work)


@router.get(
    "/drafts/{draft_id}/guides/{slug}",
    response_model=DraftTextOut,
    summary="Una guida di una bozza",
)
async def read(request: Request, draft_id: DraftId, slug: Slug) -> Any:
    drafts = part(request.app, Drafts)
    return await guarded(lambda: guide_out(_in(drafts.get(draft_id), slug)))


@router.put("/drafts/{draft_id}/guides/{slug}", response_model=SavedOut, summary="Salva una guida")
async def save(
    request: Request, draft_id: DraftId, slug: Slug, body: SaveIn, editor: Editor
) -> Any:
    """Answers when the text is on the disk. 409 where somebody saved meanwhile: this text is put
    aside, and is saved by sending it again with `over` and their version."""
    drafts, publisher = part(request.app, Drafts), part(request.app, Publisher)
    snapshot = part(request.app, Library).snapshot

    def work() -> SavedOut:
        had = drafts.get(draft_id).find(slug)
        guide = had or begun_from_the_file(slug, body.digest, snapshot.guides, publisher)
        if had is None or had.by != editor.name or datetime.now(UTC) - had.at > SITTING:
            audit(request, editor, "draft-save", f"{draft_id} {slug}")
        try:
            text = body.text()
        except ValueError:
            raise BussolaError("L'intestazione non si legge: correggila come testo.") from None
        written = guide.model_copy(update={"text": text})
        kept = drafts.put(draft_id, written, editor.name, body.version, body.over)
        now = _in(kept, slug)
        outside = publisher.on_disk(now.path)[1] != now.digest
        return SavedOut(draft=draft_id, version=now.version, outside=outside)

    return await guarded(work)


def begun_from_the_file(slug: str, opened: str, guides: Any, publisher: Publisher) -> DraftGuide:
    """A published guide that a draft does not have yet, as it began when `opened`."""
    path = guides[slug].path if slug in guides else None
    if path is None:  # in the folder, and not published yet
        others = unpublished(publisher.guides, {guide.path for guide in guides.values()})
        path = next((one.path for one in others if one.slug == slug), None)
    if path is None:
        raise UnknownDraft("Questa guida non c'è: creala da «Guide».")
    base, digest = publisher.on_disk(path)
    return DraftGuide(
        slug=slug, path=path, text=base, base=base, digest=opened or digest,
        at=datetime.now(UTC),
    )  # fmt: skip


def _in(draft: Draft, slug: str) -> DraftGuide:
    guide = draft.find(slug)
    if guide is None:
        raise UnknownDraft("Questa guida non è nella bozza.")
    return guide


@router.delete(
    "/drafts/{draft_id}/guides/{slug}", response_model=DraftOut, summary="Toglie una guida"
)
async def drop(request: Request, draft_id: DraftId, slug: Slug, editor: Editor) -> Any:
    drafts = part(request.app, Drafts)
    audit(request, editor, "draft-drop", f"{draft_id} {slug}")
    return await guarded(lambda: draft_out(drafts.drop(draft_id, slug)))


@router.post(
    "/drafts/{draft_id}/guides/{slug}/restart", response_model=DraftOut,
    summary="La guida riparte dal file di adesso",
)  # fmt: skip
async def restart(request: Request, draft_id: DraftId, slug: Slug, editor: Editor) -> Any:
    """For who has seen what others changed in the file; the text of the draft stays."""
    audit(request, editor, "draft-restart", f"{draft_id} {slug}")
    drafts, publisher = part(request.app, Drafts), part(request.app, Publisher)

    def work() -> DraftOut:
        base, digest = publisher.on_disk(_in(drafts.get(draft_id), slug).path)
        return draft_out(drafts.restart(draft_id, slug, base, digest))

    return await guarded(work)


@router.post(
    "/drafts/{draft_id}/guides/{slug}/merge", response_model=DraftOut,
    summary="La bozza prende quello che è cambiato nel file",
)  # fmt: skip
async def merge(request: Request, draft_id: DraftId, slug: Slug, editor: Editor) -> Any:
    """Where the two changes touch different lines; 409 with the lines where they meet."""
    drafts, publisher = part(request.app, Drafts), part(request.app, Publisher)
    audit(request, editor, "draft-merge", f"{draft_id} {slug}")

    def work() -> DraftOut:
        one = _in(drafts.get(draft_id), slug)
        now, digest = publisher.on_disk(one.path)
        text = merged(one.base, one.text, now)
        return draft_out(drafts.merge(draft_id, slug, text, now, digest, editor.name))

    return await guarded(work)


@router.post(
    "/drafts/{draft_id}/ask", response_model=AskedOut,
    summary="Che cosa si risponde adesso e con la bozza",
)  # fmt: skip
async def ask(request: Request, draft_id: DraftId, body: AskIn) -> Any:
    """Nothing of this is kept."""
    library, question = part(request.app, Library), Question(body.question)

    def work() -> AskedOut:
        published, trial = library.snapshot, _trial(request, draft_id)
        now, then = (said(library.bot.reply(question, one)) for one in (published, trial))
        return AskedOut(published=now, draft=then, same=now == then)

    return await guarded(work)


@router.post(
    "/drafts/{draft_id}/changes", response_model=ChangesOut,
    summary="I passaggi che una bozza cambia",
)  # fmt: skip
async def changes(request: Request, draft_id: DraftId) -> Any:
    library = part(request.app, Library)

    def work() -> ChangesOut:
        found = compare_snapshots(library.snapshot, _trial(request, draft_id))
        told = [change.to_json() for change in found]
        return ChangesOut.model_validate({"summary": summary(found), "changes": told})

    return await guarded(work)


def _trial(request: Request, draft_id: str) -> Any:
    draft = part(request.app, Drafts).get(draft_id)
    return part(request.app, Trials).snapshot(draft, part(request.app, Library).snapshot)
