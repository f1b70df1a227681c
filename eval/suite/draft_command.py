"""`bussola eval draft list|check|add|drop`: drafts of cases, for the page `/revisione/casi` and for
who works without it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from eval.console import FINDINGS, AsJson, Cases, console, emit, friendly, network_today, settings
from eval.suite.case import Case
from eval.suite.folder import CASES_DIR

drafts = typer.Typer(no_args_is_help=True, help="Bozze di casi: da completare, da aggiungere.")
# of the answer then, not of the question
_SAID = ("pericolosa", "sbagliata", "fonte-sbagliata", "non-aggiornata", "incompleta",
         "poco-chiara", "ottima", "giusta", "da-completare")  # fmt: skip
USED = "dall-uso"  # the tag of a case that came from the journal
ROLE = "valutatore"


def _folder() -> Path:
    return settings().var / "eval" / "bozze"


@drafts.command("list")
def list_drafts(cases: Cases = CASES_DIR, as_json: AsJson = False) -> None:
    """Le bozze che aspettano, prima quelle di risposte pericolose o sbagliate."""
    from eval.suite.drafts import read_drafts, said_of, suggested_id
    from eval.suite.folder import load_suite
    from eval.suite.sheet import cells_of

    with friendly():
        suite = load_suite(cases) if any(cases.glob("*.yaml")) else ()
        found = sorted(read_drafts(_folder()), key=_urgent)
    taken, today = frozenset(case.id for case in suite), network_today().isoformat()
    rows: list[dict[str, Any]] = []
    for draft in found:
        own = {"tema": "", "id": suggested_id(draft, taken), "etichette": USED, "autore": ROLE,
               "data": today, "perche": said_of(draft)}  # fmt: skip
        told = [tag for tag in draft.tags if tag in _SAID[:-1]]
        rows.append({"draft": draft.id, "day": draft.written_on.isoformat(), "said": told,
                     "cells": cells_of(draft) | own})  # fmt: skip
    themes = sorted({case.theme for case in suite})
    if as_json:
        emit({"drafts": rows, "themes": themes})
        return
    for row in rows:
        typer.echo(f"{row['draft']} ({', '.join(row['said']) or 'senza giudizio'}): "
                   f"{row['cells']['domande']}")  # fmt: skip
    console.print(f"{len(rows)} bozze in {_folder()}", markup=False)


@drafts.command("check")
def check_draft(cases: Cases = CASES_DIR) -> None:
    """Controlla un caso, letto in JSON dall'ingresso: che cosa manca, e che cosa non va."""
    found = _checked(cases)
    emit(found.to_json())
    if found.errors:
        raise typer.Exit(FINDINGS)


@drafts.command("add")
def add_draft(
    draft: Annotated[str, typer.Option(help="La bozza da cui viene, che se ne va.")] = "",
    cases: Cases = CASES_DIR,
) -> None:
    """Aggiunge alle prove un caso, letto in JSON dall'ingresso, se niente non va."""
    from eval.suite.proposal import add

    found = _checked(cases)
    if found.case is None or found.errors:
        emit(found.to_json())
        raise typer.Exit(FINDINGS)
    with friendly():
        done = add(found.case, draft, _folder(), cases)
    emit(found.to_json() | done.to_json())


@drafts.command("drop")
def drop_draft(draft: Annotated[str, typer.Argument(help="La bozza, per nome.")]) -> None:
    """Butta una bozza: non torna."""
    from eval.suite.drafts import drop

    with friendly():
        emit({"dropped": drop(draft, _folder())})


def _checked(cases: Path) -> Any:
    from eval.suite.proposal import Ground, check, read_cells
    from index.parse.network_folder import read_network
    from index.publish.published import published_guides

    places = settings()
    with friendly():
        network = read_network(places.guides)[0]
        ground = Ground.of(cases, published_guides(places.var), network)
        return check(read_cells(sys.stdin.read()), ground)


def _urgent(draft: Case) -> tuple[int, Sequence[int]]:
    """Dangerous, wrong, complained of, without an opinion, right; the newest of each first."""
    places = [_SAID.index(tag) for tag in draft.tags if tag in _SAID[:-1]]
    unsaid = _SAID.index("ottima")
    return min(places, default=unsaid), (-draft.written_on.toordinal(),)
