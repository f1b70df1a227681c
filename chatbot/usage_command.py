"""`bussola chatbot usage`: the counts of use for a report, in one command."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from chatbot.journal.engine import JournalError, journal_url, open_engine
from chatbot.journal.usage import usage as count
from chatbot.pages.bars import HIDDEN, bars
from chatbot.pages.brand import load_brand
from chatbot.pages.usage_report import UsageReport, as_csv, as_pdf, report_of
from chatbot.settings import Settings
from index.errors import BussolaError
from index.publish.publish import load_usable

DAY = ["%Y-%m-%d"]


def usage(
    year: Annotated[int | None, typer.Option(help="Un anno intero.", min=2000, max=2999)] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=DAY, help="Primo giorno.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=DAY, help="Ultimo giorno.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Cartella per PDF, CSV e un SVG per ogni tabella.")
    ] = None,
) -> None:
    """Quanto si chiede, di che cosa, con quale esito: solo conteggi. Senza date, trenta giorni."""
    try:
        report = _report(year, first, last)
    except BussolaError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    if out is None:
        _show(report)
        return
    out.mkdir(parents=True, exist_ok=True)
    _write(report, out)
    typer.echo(f"Scritto in {out}: uso.pdf, uso.csv e {len(report.tables)} figure SVG.")


def _report(year: int | None, first: datetime | None, last: datetime | None) -> UsageReport:
    settings = Settings()
    url = journal_url(settings.journal_url, settings.var)
    if url is None:
        raise JournalError("Il registro è spento (BUSSOLA_JOURNAL_URL=off).")
    snapshot, _ = load_usable(settings.var)
    until = last.date() if last else snapshot.network.today()
    days = first.date() if first else until - timedelta(days=29), until
    if year:
        days = date(year, 1, 1), date(year, 12, 31)
    needs = {guide.slug: guide.needs for guide in snapshot.guides.values()}
    found = count(open_engine(url), *days, snapshot.network.time_zone, needs)
    return report_of(found, snapshot.network)


def _show(report: UsageReport) -> None:
    typer.echo(f"Dal {report.first:%d/%m/%Y} al {report.last:%d/%m/%Y}")
    for line in report.lines:
        typer.echo(line)
    for table in report.tables:
        typer.echo(f"\n{table.title}")
        for label, n in table.rows:
            typer.echo(f"  {label}: {HIDDEN if n is None else n}")
        typer.echo(f"  ({table.note})")


def _write(report: UsageReport, out: Path) -> None:
    brand_file = Settings().brand_file
    brand = load_brand(brand_file) if brand_file else load_brand()
    (out / "uso.pdf").write_bytes(as_pdf(report, brand))
    (out / "uso.csv").write_text(as_csv(report), encoding="utf-8", newline="")
    for table in report.tables:
        (out / f"{table.id}.svg").write_text(bars(table.title, table.rows), encoding="utf-8")
