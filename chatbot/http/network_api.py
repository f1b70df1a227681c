"""Files of the network in drafts: saved from a form or as text, checked as the build does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field, JsonValue

from chatbot.desk.draft_guide import DraftGuide
from chatbot.desk.drafts import Drafts, UnknownDraft
from chatbot.desk.network_files import PREFIX, file_of, has_form, network_with, of_network
from chatbot.desk.publications import Publisher
from chatbot.desk.yaml_form import with_data
from chatbot.http.access import audit, require
from chatbot.http.admin_api import Editor, guarded
from chatbot.http.drafts_api import DraftId, Slug
from chatbot.parts import part
from chatbot.problem import responses
from chatbot.settings import Settings

router = APIRouter(
    prefix="/api/admin/desk",
    dependencies=[Depends(require("editor"))],
    responses=responses(401, 403, 404, 409, 410, 422, 429, 503),
)


class NetworkIn(BaseModel):
    """`data` from the form or, without it, the whole `text`; `version` and `digest` as for a
    guide."""

    data: JsonValue = None
    text: Annotated[str, Field(max_length=200_000)] = ""
    version: Annotated[int, Field(ge=0)]
    digest: Annotated[str, Field(pattern="^([0-9a-f]{64})?$", max_length=64)] = ""


class NetworkFindingOut(BaseModel):
    file: str
    line: int
    message: str


class NetworkOut(BaseModel):
    """What is wrong keeps nobody from saving, and the draft from being published."""

    draft: str
    version: int
    findings: list[NetworkFindingOut]


@router.put(
    "/drafts/{draft_id}/network/{slug}", response_model=NetworkOut,
    summary="Salva un file della rete",
)  # fmt: skip
async def save(
    request: Request, draft_id: DraftId, slug: Slug, body: NetworkIn, editor: Editor
) -> Any:
    """Answers when the text is on the disk. 409 where somebody saved meanwhile."""
    drafts, publisher = part(request.app, Drafts), part(request.app, Publisher)
    audit(request, editor, "draft-save", f"{draft_id} {PREFIX}{slug}")

    def work() -> NetworkOut:
        name = file_of(slug)
        if name is None:
            raise UnknownDraft("Questo file della rete non c'è.")
        one = drafts.get(draft_id).find(f"rete-{slug}") or _begun(name, body.digest, publisher)
        if body.data is not None and has_form(name):
            text = with_data(name, one.text, body.data)
        else:
            text = body.text.replace("\r\n", "\n")
        written = one.model_copy(update={"text": text})
        kept = drafts.put(draft_id, written, editor.name, body.version)
        now = kept.find(one.slug)
        assert now is not None
        texts = of_network((g.path, g.text) for g in kept.guides)
        _, found = network_with(part(request.app, Settings).guides, texts)
        told = [NetworkFindingOut(file=f.path, line=f.line, message=f.message) for f in found]
        return NetworkOut(draft=draft_id, version=now.version, findings=told)

    return await guarded(work)


def _begun(name: str, opened: str, publisher: Publisher) -> DraftGuide:
    """A file that a draft does not have yet, as it began when `opened`."""
    path = f"{PREFIX}{name}"
    base, digest = publisher.on_disk(path)
    return DraftGuide(
        slug=f"rete-{name.rpartition('.')[0]}", path=path, text=base, base=base,
        digest=opened or digest, at=datetime.now(UTC),
    )  # fmt: skip
