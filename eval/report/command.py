"""`bussola eval impact`: what a draft of the guides does to the answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.console import (
    FINDINGS,
    AsJson,
    Cases,
    emit,
    friendly,
    progress_bar,
    settings,
    tell_step,
)
from eval.suite.folder import CASES_DIR


def impact(
    draft: Annotated[str, typer.Argument(help="Cartella di guide o nome di un'istantanea.")],
    html: Annotated[Path | None, typer.Option("--html", help="Scrive anche una pagina.")] = None,
    form: Annotated[
        str, typer.Option("--format", help="text, o un commento: markdown, github, gitlab.")
    ] = "text",
    cases: Cases = CASES_DIR,
    people: Annotated[
        bool, typer.Option("--people/--no-people", help="Anche le domande di altri.")
    ] = True,
    as_json: AsJson = False,
    steps: Annotated[bool, typer.Option("--steps", help="Con --json: una riga a domanda.")] = False,
) -> None:
    """Dice che cosa cambierebbe una bozza delle guide: casi migliori, peggiori, uguali."""
    from chatbot.library import Library
    from eval.report.comment import FORMATS, impact_comment
    from eval.report.impact import impact_html, impact_text, measure_impact, open_draft
    from eval.report.people import questions_of_others
    from eval.suite.folder import load_suite

    if form not in FORMATS:
        raise typer.BadParameter(", ".join(FORMATS), param_hint="--format")
    with friendly(), progress_bar() as progress:
        suite, library = load_suite(cases), Library.open(settings())
        new = open_draft(draft, settings().var, library.bot.encoder)
        # questions of others ask the guides of the project, as its own cases do
        others = questions_of_others() if people and cases == CASES_DIR else ()
        found = measure_impact(
            library.bot, library.snapshot, new, suite, progress, cases, others,
            tell_step if steps else lambda step: None,
        )  # fmt: skip
    if html:
        html.write_text(impact_html(found), encoding="utf-8")
    if steps:
        tell_step(found.to_json())
    elif as_json:
        emit(found.to_json())
    else:
        typer.echo(impact_text(found) if form == "text" else impact_comment(found, form))
    if found.red:
        raise typer.Exit(FINDINGS)
