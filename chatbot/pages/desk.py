"""The editors' desk: pages without data, and fragments that only a sign-in opens."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy import Engine

from chatbot.answer import OUTCOME_WORDS
from chatbot.desk.asked import AskedVectors
from chatbot.desk.data import group_questions, today_names
from chatbot.desk.drafts import Drafts
from chatbot.desk.due import due
from chatbot.desk.links import LinkRounds, counts_by_guide, moved, troubles
from chatbot.desk.mailing import Post
from chatbot.desk.publications import Publisher
from chatbot.desk.sentences import guide_differences
from chatbot.desk.shelf import PAGE, STAGES, Wanted, as_drafted, shelf, wanted_rows
from chatbot.desk.unpublished import Unpublished, unpublished
from chatbot.http.access import audit, require
from chatbot.http.admin_api import Editor, guarded
from chatbot.http.file_bodies import file_out
from chatbot.journal import reading
from chatbot.journal.records import Entry
from chatbot.library import Library
from chatbot.pages.desk_draft import Keeper, impacts_of, may_approve
from chatbot.pages.modules import modules_of
from chatbot.pages.page import not_found, render
from chatbot.parts import find, part
from chatbot.problem import responses
from chatbot.settings import Settings
from index.check.renew import renew
from index.errors import BussolaError
from index.guide import KINDS
from index.publish.publish import status
from index.services.table import to_csv

SHOWN = 200  # newest questions without an answer looked at for grouping
HOME = "/redazione/da-fare"
# Of each page: its title, and the fragment that it shows; in the order of the navigation.
PAGES = {
    "da-fare": ("Da fare", "desk/todo"),
    "guide": ("Guide", "desk/guides"),
    "bozze": ("Bozze", "desk/drafts-list"),
    "storia": ("Storia", "desk/history"),
    "servizi": ("Servizi", "desk/services"),
    "rete": ("Rete", "desk/network"),
    "persone": ("Persone", "desk/people"),
    "registro": ("Chi ha fatto che cosa", "desk/audit"),
}
OWN = {"accesso": ("Il tuo accesso", "desk/access")}  # in the navigation at its end
ADMINISTER, KEEP = "admin", "editor reviewer"  # whom an entry of the navigation is shown to
ONLY_FOR = {name: ADMINISTER if name in ("persone", "registro") else KEEP for name in PAGES}
# Pages of one thing, under the page they belong to.
OF_ONE = {
    "guida": ("Guida", "desk/guide", "guide"),
    "bozza": ("Bozza", "desk/draft", "bozze"),
    "pubblicazione": ("Pubblicazione", "desk/publication", "storia"),
    "rete": ("Rete", "desk/network-file", "rete"),
    "anteprima": ("Anteprima", "desk/reading", "bozze"),
}
WHICH = re.compile("[A-Za-z0-9-]{1,117}")  # a draft, a dash, a guide: no one of ours is longer
# What the script of every page loads for one of them (desk.js).
ROOMS = {
    "guida": ("desk/editor.js", "desk/text_editor.js"),
    "servizi": ("desk/services.js",),
    "rete": ("desk/network.js",),
}

pages = APIRouter(include_in_schema=False)
router = APIRouter(
    prefix="/api/admin/desk",
    dependencies=[Depends(require("editor", "reviewer"))],
    responses=responses(401, 403, 404, 409, 422, 429, 503),
    default_response_class=HTMLResponse,
)


class RenewedOut(BaseModel):
    """Whether the new dates are in the file; the change as a patch, and a name for it."""

    written: bool
    patch: str
    name: str


@pages.get("/redazione")
def old_address() -> RedirectResponse:
    return RedirectResponse(HOME, 307)


@pages.get("/redazione/{name}")
def desk_page(request: Request, name: str) -> HTMLResponse:
    known = PAGES | OWN
    if name not in known:
        return not_found(request)
    title, fragment = known[name]
    return _shell(request, name, title, fragment, name)


@pages.get("/redazione/{name}/{which}")
def page_of_one(request: Request, name: str, which: str) -> HTMLResponse:
    """`which` is checked by the fragment: the page itself holds nothing."""
    if name not in OF_ONE or not WHICH.fullmatch(which):
        return not_found(request)
    title, fragment, under = OF_ONE[name]
    return _shell(request, name, title, f"{fragment}/{which}", under)


def _shell(request: Request, name: str, title: str, fragment: str, active: str) -> HTMLResponse:
    return render(
        request, "desk/page.html", page=name, page_title=title, fragment=fragment,
        desk_active=active, desk_pages=PAGES, only_for=ONLY_FOR,
        modules=modules_of("desk/desk.js", *ROOMS.get(name, ())),
    )  # fmt: skip


def unanswered(engine: Engine | None) -> list[Entry]:
    """The newest questions without an answer, as many as are looked at for grouping."""
    return list(reading.unanswered(engine, limit=SHOWN)) if engine else []


@router.get("/todo", summary="Che cosa aspetta la redazione")
def todo(request: Request, keeper: Keeper) -> HTMLResponse:
    library, engine = part(request.app, Library), find(request.app, Engine)
    snapshot = library.snapshot
    asked = unanswered(engine)
    drafts = part(request.app, Drafts).open()
    rounds, guides = part(request.app, LinkRounds), snapshot.guides.values()
    looked = rounds.looked()
    return render(
        request, "desk/todo.html", snapshot=snapshot, error=library.error,
        looked=looked, looking=rounds.running, broken=troubles(looked, guides),
        moved=moved(looked, guides), post=part(request.app, Post),
        emergencies=any(g.kind == "emergenza" for g in snapshot.guides.values()),
        groups=group_questions(asked, part(request.app, AskedVectors), snapshot),
        wrong=reading.to_correct(engine) if engine else [],
        due=due(guides, snapshot.network.today(), network=snapshot.network),
        drafts=drafts, waiting=[one.id for one in drafts if may_approve(one, keeper)],
        journal=engine is not None, outcomes=OUTCOME_WORDS,
        impacts=impacts_of(request, drafts),
    )  # fmt: skip


@router.get("/guides", summary="Le guide, con chi ci lavora e quando scadono")
def guides(
    request: Request, q: str = "", tipo: str = "", bisogno: str = "", stato: str = "",
    responsabile: str = "", pagina: int = 1,
) -> HTMLResponse:  # fmt: skip
    wanted = Wanted(q[:200], tipo, bisogno, stato, responsabile)
    return _rows(request, "desk/guides.html", wanted, pagina)


def _unpublished(request: Request) -> list[Unpublished]:
    known = {guide.path for guide in part(request.app, Library).snapshot.guides.values()}
    return unpublished(part(request.app, Settings).guides, known)


@router.get("/services", summary="Le carte dei servizi, in tabella")
def services(
    request: Request, q: str = "", bisogno: str = "", stato: str = "", pagina: int = 1
) -> HTMLResponse:
    wanted = Wanted(q[:200], "servizio", bisogno, stato)
    return _rows(request, "desk/services.html", wanted, pagina)


def _rows(request: Request, template: str, wanted: Wanted, number: int) -> HTMLResponse:
    library, engine = part(request.app, Library), find(request.app, Engine)
    snapshot = library.snapshot
    counts = today_names(reading.counts_by_guide(engine), snapshot) if engine else {}
    drafts = part(request.app, Drafts).open()
    looked, every = part(request.app, LinkRounds).looked(), snapshot.guides.values()
    broken = counts_by_guide(troubles(looked, every))
    today = snapshot.network.today()
    rows = shelf(every, drafts, counts, today, broken)
    if wanted.kind == "servizio":  # what was corrected in the table is seen in the table
        rows = [as_drafted(row, snapshot.network, today) for row in rows]
    found = wanted_rows(rows, wanted)
    last = max(1, -(-len(found) // PAGE))
    number = min(max(number, 1), last)
    return render(
        request, template, rows=found[(number - 1) * PAGE : number * PAGE], found=len(found),
        number=number, last=last, wanted=wanted, kinds=KINDS, stages=STAGES, drafts=drafts,
        needs=list(snapshot.network.needs_shown), looked=looked,
        waiting=_unpublished(request) if wanted.kind != "servizio" else [],
        owners=sorted({guide.owner for guide in snapshot.guides.values() if guide.owner}),
    )  # fmt: skip


@router.get(
    "/services.csv", response_class=Response, responses=file_out("text/csv"),
    summary="La carta dei servizi per un foglio di calcolo",
)  # fmt: skip
def services_csv(request: Request) -> Response:
    guides = part(request.app, Library).snapshot.guides.values()
    cards = sorted((g for g in guides if g.service), key=lambda g: g.slug)
    return Response(to_csv(cards), media_type="text/csv")


@router.get("/history", summary="Le pubblicazioni, e le istantanee a cui si torna")
def history(request: Request, guida: str = "") -> HTMLResponse:
    library, settings = part(request.app, Library), part(request.app, Settings)
    done = part(request.app, Publisher).all()
    if guida:
        done = [p for p in done if any(f.slug == guida for f in p.files)]
    undone = {p.undoes for p in done if p.undoes}
    return render(
        request, "desk/history.html", publications=done[:100], undone=undone, guida=guida[:100],
        guide=library.snapshot.guides.get(guida), snapshots=status(settings.var)[::-1],
    )  # fmt: skip


@router.get("/publication/{publication_id}", summary="Una pubblicazione, frase per frase")
def publication(request: Request, publication_id: str) -> HTMLResponse:
    try:
        found = part(request.app, Publisher).get(publication_id)
    except BussolaError as error:
        raise HTTPException(404, str(error)) from None
    rows = [
        (file, guide_differences(file.before or "", file.after or "", file.path))
        for file in found.files
    ]
    return render(request, "desk/publication.html", publication=found, rows=rows)


@router.post(
    "/valid/{slug}", response_model=RenewedOut, response_class=JSONResponse,
    summary="Una guida è ancora valida",
)  # fmt: skip
async def still_valid(request: Request, slug: str, editor: Editor) -> RenewedOut | JSONResponse:
    """Writes the new dates where the folder is writable; the patch comes back in any case."""
    library, settings = part(request.app, Library), part(request.app, Settings)
    guide = library.snapshot.guide_named(slug)
    if guide is None:
        raise HTTPException(404, "Non c'è nessuna guida con questo nome.")
    audit(request, editor, "still-valid", guide.slug)

    def work() -> RenewedOut:
        done = renew(guide, settings.guides, library.network.today())
        name = PurePosixPath(guide.path).stem
        return RenewedOut(written=done.written, patch=done.patch, name=f"{name}.patch")

    return await guarded(work)
