"""From complaint to case: drafts of cases, completed, checked and added on a page; and the suite as
a spreadsheet, out and in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field

from chatbot.answer import OUTCOME_WORDS
from chatbot.desk.suite import Suite, SuiteError
from chatbot.http.access import Holder, audit, require
from chatbot.http.file_bodies import FILE_IN, file_out
from chatbot.library import Library
from chatbot.pages.page import render
from chatbot.pages.review import sections
from chatbot.parts import part
from chatbot.problem import responses

SHOWN = 20  # drafts on a page
MOST_CELLS = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SEVERITIES = {"alta": "alta: un errore fa danno", "media": "media", "bassa": "bassa"}

pages = APIRouter(include_in_schema=False)
Evaluator = Annotated[Holder, Depends(require("evaluator"))]
router = APIRouter(
    prefix="/api/admin/cases", responses=responses(401, 403, 413, 422, 429, 503),
    dependencies=[Depends(require("evaluator"))],
)  # fmt: skip
DraftName = Annotated[str, Path(pattern="^[a-z0-9-]{1,80}$", max_length=80)]
Cell = Annotated[str, Field(max_length=12_000)]


class CaseIn(BaseModel):
    """The cells of a case, by the columns of the spreadsheet; `draft` is what it was made of."""

    cells: Annotated[dict[str, Cell], Field(max_length=MOST_CELLS)]
    draft: Annotated[str, Field(max_length=80, pattern="^[a-z0-9-]*$")] = ""


class Checked(BaseModel):
    """With `errors` a case does not enter the suite."""

    errors: list[str]
    warnings: list[str]


class Added(Checked):
    """The files written (none where there were errors); the commit, or why there is none."""

    files: list[str] = []
    commit: str = ""
    not_committed: str = ""


class SheetOut(BaseModel):
    """The cases of a spreadsheet that the suite does not have, and those that it has otherwise."""

    new: list[str]
    changed: list[str]
    warnings: list[str]
    files: list[str] = []
    commit: str = ""
    not_committed: str = ""


class Dropped(BaseModel):
    dropped: bool


@pages.get("/revisione/casi")
def cases_page(request: Request) -> HTMLResponse:
    return render(request, "cases.html")


@router.get("", response_class=HTMLResponse, summary="Le bozze di casi da completare")
async def drafts(request: Request) -> HTMLResponse:
    try:
        found = await part(request.app, Suite).drafts()
    except SuiteError as error:
        raise HTTPException(503, str(error)) from None
    known = sections(part(request.app, Library).snapshot)
    return render(
        request, "cases_list.html", drafts=found["drafts"][:SHOWN], count=len(found["drafts"]),
        themes=found["themes"], sections=known, outcomes=OUTCOME_WORDS.values(),
        severities=SEVERITIES, graded=_graded,
    )  # fmt: skip


@router.get("/units", response_class=HTMLResponse, summary="Le frasi di un passaggio",
            responses=responses(404))  # fmt: skip
def units(
    request: Request, section: Annotated[str, Query(alias="passaggio", max_length=300)]
) -> HTMLResponse:
    """To be ticked: those that answer."""
    snapshot = part(request.app, Library).snapshot
    heading = sections(snapshot).get(section)
    if heading is None:
        raise HTTPException(404, f"«{section}» non è un passaggio delle guide: scegline uno.")
    name, _, anchor = section.partition("#")
    found = [unit for own in snapshot.guides[name].sections if own.anchor == anchor
             for unit in own.units]  # fmt: skip
    return render(request, "cases_units.html", section=section, heading=heading, units=found)


@router.post("/check", summary="Che cosa non va in un caso")
async def check(request: Request, body: CaseIn) -> Checked:
    return Checked.model_validate(await _told(part(request.app, Suite).check(body.cells)))


@router.post("", summary="Un caso entra nelle prove")
async def add(request: Request, body: CaseIn, evaluator: Evaluator) -> Added:
    """Where something is wrong it does not, and `errors` say what."""
    found = await _told(part(request.app, Suite).add(body.cells, body.draft))
    added = Added.model_validate(found)
    if added.files:
        audit(request, evaluator, "case", body.cells.get("id", ""))
    return added


@router.delete("/{draft}", summary="Una bozza si butta")
async def drop(request: Request, draft: DraftName, evaluator: Evaluator) -> Dropped:
    found = await _told(part(request.app, Suite).drop(draft))
    audit(request, evaluator, "case_dropped", draft)
    return Dropped.model_validate(found)


@router.get(
    "/sheet", response_class=Response, responses=file_out(XLSX),
    summary="Tutti i casi, come foglio di calcolo",
)  # fmt: skip
async def sheet(request: Request) -> Response:
    return Response(await _told(part(request.app, Suite).sheet()), media_type=XLSX)


@router.post("/sheet", openapi_extra=FILE_IN, summary="I casi da un foglio di calcolo")
async def bring(
    request: Request, evaluator: Evaluator,
    name: Annotated[str, Query(min_length=1, max_length=200)],
    write: Annotated[bool, Query(alias="scrivi")] = False,
) -> SheetOut:  # fmt: skip
    """CSV or XLSX, as the body itself. What it changes is told; written only where asked for."""
    data = await request.body()
    found = SheetOut.model_validate(await _told(part(request.app, Suite).bring(name, data, write)))
    if found.files:
        audit(request, evaluator, "cases_sheet", f"{len(found.changed)} {len(found.new)}")
    return found


async def _told(found: Any) -> Any:
    """Raises HTTPException 422 with what the command said."""
    try:
        return await found
    except SuiteError as error:
        raise HTTPException(422, str(error)) from None


def _graded(lines: str) -> list[tuple[str, str]]:
    """(`guide#anchor`, grade) of each line of a cell."""
    rows = [line.rpartition(" ") for line in lines.split("\n") if line]
    return [(section, grade) for section, _, grade in rows]
