"""The page of those who direct: how much Bussola is used and for what; counts only."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Engine

from chatbot.http.access import Holder, audit, require
from chatbot.http.file_bodies import file_out
from chatbot.journal.usage import usage
from chatbot.library import Library
from chatbot.pages.bars import bars
from chatbot.pages.page import current_brand, render
from chatbot.pages.usage_report import UsageReport, as_csv, as_pdf, report_of
from chatbot.parts import find, part
from chatbot.problem import responses

pages = APIRouter(include_in_schema=False)
router = APIRouter(prefix="/api/admin/usage", responses=responses(401, 403, 422, 429, 503))
Reader = Annotated[Holder, Depends(require("editor", "reviewer", "evaluator"))]
LONGEST = timedelta(days=3 * 366)
OFF = "Il registro è spento: non c'è nulla da contare."


@pages.get("/uso")
def usage_page(request: Request) -> HTMLResponse:
    return render(request, "usage.html", today=part(request.app, Library).network.today())


async def counted(
    request: Request,
    reader: Reader,
    first: Annotated[date | None, Query(alias="dal")] = None,
    last: Annotated[date | None, Query(alias="al")] = None,
) -> UsageReport:
    """The report of the days asked for, or of the last thirty. Raises HTTPException 422, 503."""
    engine = find(request.app, Engine)
    if engine is None:
        raise HTTPException(503, OFF)
    snapshot = part(request.app, Library).snapshot
    last = last or snapshot.network.today()
    first = first or last - timedelta(days=29)
    if not timedelta() <= last - first <= LONGEST:
        raise HTTPException(422, "Il primo giorno viene prima dell'ultimo, di tre anni al massimo.")
    needs = {guide.slug: guide.needs for guide in snapshot.guides.values()}
    zone = snapshot.network.time_zone
    found = await asyncio.to_thread(usage, engine, first, last, zone, needs)
    audit(request, reader, "usage", f"{first} {last}")
    return report_of(found, snapshot.network)


Report = Annotated[UsageReport, Depends(counted)]


@router.get("", response_class=HTMLResponse, summary="I conteggi d'uso, come pagina")
def usage_tables(request: Request, report: Report) -> HTMLResponse:
    return render(request, "usage_tables.html", report=report, bars=bars)


@router.get(
    ".csv", response_class=Response, responses=file_out("text/csv"),
    summary="I conteggi d'uso, come CSV",
)  # fmt: skip
def usage_csv(report: Report) -> Response:
    return Response(as_csv(report), media_type="text/csv; charset=utf-8")


@router.get(
    ".pdf", response_class=Response, responses=file_out("application/pdf"),
    summary="I conteggi d'uso, come PDF",
)  # fmt: skip
def usage_pdf(request: Request, report: Report) -> Response:
    return Response(as_pdf(report, current_brand(request)), media_type="application/pdf")
