"""What a draft is called, the guides that it gives another name, and those that it takes away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from chatbot.desk.draft_guide import DraftGuide
from chatbot.desk.drafts import Drafts
from chatbot.desk.placing import naming_paths, network_renamed, renamed
from chatbot.desk.publications import Publisher
from chatbot.http.access import audit, require
from chatbot.http.admin_api import Editor, guarded
from chatbot.http.drafts_api import DraftId, Slug, begun_from_the_file
from chatbot.http.drafts_messages import DraftOut, draft_out
from chatbot.library import Library
from chatbot.parts import part
from chatbot.problem import responses
from index.errors import BussolaError
from index.parse.markdown import slugify
from index.parse.walk import slug_of

router = APIRouter(
    prefix="/api/admin/desk",
    dependencies=[Depends(require("editor"))],
    responses=responses(401, 403, 404, 409, 410, 422, 429, 503),
)
Digest = Annotated[str, Field(pattern="^([0-9a-f]{64})?$", max_length=64)]


class DraftNameIn(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=120, pattern=r"\S")]


class RenameIn(BaseModel):
    """`keep`: the addresses that it had lead to it; `digest` names the file that was opened."""

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"\w")]
    keep: bool = True
    digest: Digest = ""


class RemoveIn(BaseModel):
    digest: Digest = ""


class RenamedOut(BaseModel):
    """`slug` is what the draft calls it by, `network` the files that name it otherwise now."""

    draft: str
    slug: str
    path: str
    network: list[str]


@router.put("/drafts/{draft_id}/name", response_model=DraftOut, summary="Il nome di una bozza")
async def name(request: Request, draft_id: DraftId, body: DraftNameIn, editor: Editor) -> Any:
    drafts = part(request.app, Drafts)
    audit(request, editor, "draft-name", f"{draft_id} {body.name}")
    return await guarded(lambda: draft_out(drafts.name(draft_id, body.name.strip())))


@router.post(
    "/drafts/{draft_id}/guides/{slug}/rename", response_model=RenamedOut,
    summary="Una guida cambia nome",
)  # fmt: skip
async def rename(
    request: Request, draft_id: DraftId, slug: Slug, body: RenameIn, editor: Editor
) -> Any:
    """When the draft is published; its translations and precedents go with it, and the decisions,
    the notices and the tasks that name it change in the draft."""
    drafts, publisher = part(request.app, Drafts), part(request.app, Publisher)
    snapshot = part(request.app, Library).snapshot
    audit(request, editor, "draft-rename", f"{draft_id} {slug} {body.name}")
    new = slug_of(f"{slugify(body.name)}.md")

    def work() -> RenamedOut:
        draft = drafts.get(draft_id)
        begun = draft.find(slug) or begun_from_the_file(
            slug, body.digest, snapshot.guides, publisher
        )
        there = snapshot.guide_named(new)
        taken = there is not None and there.slug != slug
        if taken or any(slug_of(g.goes_to) == new for g in draft.guides if g.slug != slug):
            raise BussolaError(f"C'è già una guida di nome «{new}»: scegli un altro nome.")
        old = slug_of(begun.goes_to)
        kept = drafts.change(draft_id, begun, editor.name, lambda g: renamed(g, new, body.keep))
        now = kept.find(slug) or kept.find(new)
        assert now is not None
        files = _in_the_network(drafts, draft_id, publisher, editor.name, (old, new))
        return RenamedOut(draft=draft_id, slug=now.slug, path=now.goes_to, network=files)

    return await guarded(work)


def _in_the_network(
    drafts: Drafts, draft_id: str, publisher: Publisher, by: str, names: tuple[str, str]
) -> list[str]:
    """The files of the network that name the guide by the first of `names` name it by the second,
    in the draft; which they are."""
    changed = []
    for file, path in naming_paths():
        slug = f"rete-{file.rpartition('.')[0]}"
        text, digest = publisher.on_disk(path)
        begun = drafts.get(draft_id).find(slug) or DraftGuide(
            slug=slug, path=path, text=text, base=text, digest=digest, at=datetime.now(UTC)
        )
        if not begun.text or network_renamed(file, begun, *names) == begun.text:
            continue

        def change(one: DraftGuide, file: str = file) -> Mapping[str, object]:
            return {"text": network_renamed(file, one, *names)}

        drafts.change(draft_id, begun, by, change)
        changed.append(path)
    return changed


@router.post(
    "/drafts/{draft_id}/guides/{slug}/remove", response_model=DraftOut,
    summary="Una guida va tolta",
)  # fmt: skip
async def remove(
    request: Request, draft_id: DraftId, slug: Slug, body: RemoveIn, editor: Editor
) -> Any:
    """When the draft is published; whoever writes in it before keeps it."""
    drafts, publisher = part(request.app, Drafts), part(request.app, Publisher)
    snapshot = part(request.app, Library).snapshot
    audit(request, editor, "draft-remove", f"{draft_id} {slug}")

    def work() -> DraftOut:
        had = drafts.get(draft_id).find(slug)
        begun = had or begun_from_the_file(slug, body.digest, snapshot.guides, publisher)
        if not begun.base:
            raise BussolaError("Questa guida è solo nella bozza: toglila dalla bozza.")
        change = {"removed": True, "will": ""}
        return draft_out(drafts.change(draft_id, begun, editor.name, lambda one: change))

    return await guarded(work)
