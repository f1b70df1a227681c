"""`bussola eval import|import-journal`: cases from other programs, and from use."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from eval.console import AsJson, Cases, console, emit, friendly, settings
from eval.suite.folder import CASES_DIR


def import_cases(
    source: Annotated[Path, typer.Argument(exists=True, help="casi.csv, casi.xlsx, casi.jsonl.")],
    cases: Cases = CASES_DIR,
    dry: Annotated[
        bool, typer.Option("--dry-run", help="Dice che cosa cambierebbe, e non scrive.")
    ] = False,
    commit: Annotated[
        bool, typer.Option("--commit", help="Mette i file cambiati in git, dove i casi ci sono.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Riporta nei casi un foglio di calcolo o un file promptfoo; gli altri casi restano."""
    from eval.suite.exchange import read_promptfoo
    from eval.suite.proposal import Written, committed, dead_passages
    from eval.suite.sheet import differing, merge_suite, read_sheet
    from index.publish.published import published_guides

    with friendly():
        brought = (read_promptfoo if source.suffix == ".jsonl" else read_sheet)(source)
        new, changed = differing(brought, cases)
        guides = published_guides(settings().var)
        dead = [f"{case.id}: {told}" for case in (*new, *changed)
                for told in dead_passages(case, guides)]  # fmt: skip
        if dry:
            done = Written(())
        elif commit:
            told = f"Casi da un foglio: {len(changed)} cambiati, {len(new)} nuovi"
            done = committed(cases, lambda: merge_suite(brought, cases), told)
        else:
            done = Written(tuple(merge_suite(brought, cases)))
    names = {"new": [case.id for case in new], "changed": [case.id for case in changed]}
    if as_json:
        emit(names | {"warnings": dead} | done.to_json())
        return
    for kind, ids in (("Nuovi", names["new"]), ("Cambiati", names["changed"])):
        if ids:
            console.print(f"{kind}: {', '.join(ids)}", markup=False)
    files = ", ".join(path.name for path in done.files)
    console.print(f"Scritti: {files}" if files else "Niente di scritto.", markup=False)


def import_journal(
    output: Annotated[Path | None, typer.Option(help="Cartella delle bozze.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Da quando.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fa bozze di casi dalle domande senza risposta e dai giudizi nel registro."""
    from chatbot.journal.engine import journal_url, open_engine
    from eval.suite.journal_cases import add_drafts, drafts
    from index.parse.network_folder import read_network

    places = settings()
    folder = output or places.var / "eval" / "bozze"
    with friendly():
        url = journal_url(places.journal_url, places.var)
        if not url:
            raise typer.BadParameter("il registro è spento (BUSSOLA_JOURNAL_URL=off)")
        moment = since.replace(tzinfo=UTC) if since else None
        new = add_drafts(drafts(open_engine(url), moment, read_network(places.guides)[0]), folder)
    path = folder / "bozze.yaml"
    if as_json:
        emit({"new": new, "file": str(path)})
    else:
        console.print(f"{new} bozze nuove o aggiornate in {path}", markup=False)
