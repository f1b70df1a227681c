"""What an editor brings in: a document that becomes a guide, a table of services. Both come into a
draft, and are read, tried and published as what is written there."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from chatbot.desk.draft_guide import DraftGuide
from chatbot.desk.drafts import Drafts
from chatbot.desk.preview import path_for
from chatbot.desk.publications import Publisher
from chatbot.http.access import audit, require
from chatbot.http.admin_api import Editor, guarded
from chatbot.http.drafts_api import DraftId
from chatbot.http.file_bodies import FILE_IN
from chatbot.library import Library
from chatbot.parts import part
from chatbot.problem import responses
from chatbot.settings import Settings
from index.errors import BussolaError
from index.finding import GuidesRejected
from index.guide import FOLDER_OF
from index.intake.intake import Where, take_in
from index.intake.nearness import Nearness
from index.parse.header import joined, split_text, with_fields
from index.parse.network_folder import FOLDER as NETWORK
from index.parse.walk import slug_of
from index.services.read_csv import ImportRejected, import_services

router = APIRouter(
    prefix="/api/admin/desk",
    dependencies=[Depends(require("editor"))],
    responses=responses(401, 403, 404, 409, 410, 413, 422, 429, 503),
)
FileName = Annotated[str, Query(min_length=1, max_length=200)]
LONGEST_NAME = 200  # bytes
SERVICES = FOLDER_OF["servizio"]


class UploadedOut(BaseModel):
    """The guides that the draft now has, and what the file says that they do not."""

    draft: str
    slugs: list[str]
    unchanged: int
    losses: list[str]


@router.post(
    "/drafts/{draft_id}/documents", response_model=UploadedOut, openapi_extra=FILE_IN,
    summary="Un documento fa una guida",
)  # fmt: skip
async def document(request: Request, draft_id: DraftId, name: FileName, editor: Editor) -> Any:
    """Word, OpenDocument, PDF, HTML, as the body itself; read at arm's length."""
    audit(request, editor, "document", f"{draft_id} {name}")
    data, drafts = await request.body(), part(request.app, Drafts)
    library, settings = part(request.app, Library), part(request.app, Settings)
    nearness = Nearness(library.bot.encoder, library.snapshot)

    def work() -> UploadedOut:
        drafts.get(draft_id)
        with _file(name, data) as file:
            where = Where(file.parent, settings.guides, library.network)
            made = take_in(file, where, nearness)
        slugs, losses = [], []
        for one in made:
            head, body = split_text(one.text)
            text = joined(with_fields(head, {"stato": ""}), body)  # this draft is its state now
            slug = slug_of(one.path.name)
            _put(drafts, draft_id, DraftGuide(slug=slug, path=path_for(slug, "scheda"), text=text,
                                              at=datetime.now(UTC)), editor.name)  # fmt: skip
            slugs.append(slug)
            losses += [str(loss) for loss in one.losses]
        return UploadedOut(draft=draft_id, slugs=slugs, unchanged=0, losses=losses)

    return await guarded(work)


@router.post(
    "/drafts/{draft_id}/services", response_model=UploadedOut, openapi_extra=FILE_IN,
    summary="I servizi da una tabella",
)  # fmt: skip
async def services(request: Request, draft_id: DraftId, name: FileName, editor: Editor) -> Any:
    """CSV or XLSX with the columns of the table that is downloaded: all rows, or none where one is
    wrong. Rows that say what the card says change nothing."""
    audit(request, editor, "services-import", f"{draft_id} {name}")
    data, drafts = await request.body(), part(request.app, Drafts)
    publisher, settings = part(request.app, Publisher), part(request.app, Settings)

    def work() -> UploadedOut:
        drafts.get(draft_id)
        with _file(name, data) as file:
            guides = file.parent / "guides"
            for folder in (SERVICES, NETWORK):
                if (settings.guides / folder).is_dir():
                    shutil.copytree(settings.guides / folder, guides / folder)
            guides.mkdir(exist_ok=True)
            done = import_services(file, guides)
            moved = [one.path for one in done if one.outcome != "unchanged"]
            texts = {path: (guides / path).read_text("utf-8") for path in moved}
        for path, text in texts.items():
            base, digest = publisher.on_disk(path)
            one = DraftGuide(slug=slug_of(path), path=path, text=text, base=base, digest=digest,
                             at=datetime.now(UTC))  # fmt: skip
            _put(drafts, draft_id, one, editor.name)
        slugs = [slug_of(path) for path in texts]
        left = len(done) - len(slugs)
        return UploadedOut(draft=draft_id, slugs=slugs, unchanged=left, losses=[])

    return await guarded(_rejected_as_guides(work))


def _rejected_as_guides(work: Callable[[], UploadedOut]) -> Callable[[], UploadedOut]:
    """The lines of the table that are wrong, told as those of guides are."""

    def told() -> UploadedOut:
        try:
            return work()
        except ImportRejected as error:
            raise GuidesRejected(error.findings) from None

    return told


def _put(drafts: Drafts, draft_id: str, one: DraftGuide, by: str) -> None:
    """In the place of what the draft has of it, which is kept aside."""
    had = drafts.get(draft_id).find(one.slug)
    drafts.put(draft_id, one, by, had.version if had else 0, over=True)


@contextmanager
def _file(name: str, data: bytes) -> Iterator[Path]:
    """The file that was sent, under its own name, in a folder of its own, until the end. Raises
    BussolaError for a name that no file can have."""
    plain = PurePosixPath(name.replace("\\", "/")).name
    if not plain.isprintable() or plain in ("", ".", "..") or len(plain.encode()) > LONGEST_NAME:
        raise BussolaError("Il nome del file non va: rinominalo con poche lettere e riprova.")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / plain
        file.write_bytes(data)
        yield file
