"""`python -m eval judge`: a model's second look at a run, and how far it can be trusted."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from eval.console import AsJson, Seed, console, emit, friendly, progress_bar, runs_dir, settings

if TYPE_CHECKING:
    from eval.judging.agreement import Agreement
    from index.publish.snapshot import Snapshot


def judge(
    url: Annotated[
        str,
        typer.Option(envvar="BUSSOLA_JUDGE_URL", help="Indirizzo, come http://127.0.0.1:8080/v1."),
    ],
    model: Annotated[str, typer.Option(envvar="BUSSOLA_JUDGE_MODEL", help="Nome del modello.")],
    name: Annotated[str, typer.Argument(help="Prova: file, nome, `ultima`.")] = "ultima",
    most: Annotated[int, typer.Option(min=0, help="Quante risposte al più; 0: tutte.")] = 0,
    journal: Annotated[
        bool, typer.Option("--journal", help="Anche le risposte del registro già riviste.")
    ] = False,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Fa giudicare le risposte di una prova a un modello (facoltativo: manda i testi fuori).

    Il giudizio non cambia l'esito della prova. La chiave, se serve, si dà in BUSSOLA_JUDGE_KEY.
    """
    if os.environ.get("CI"):
        raise typer.BadParameter("in CI nessun modello giudica le prove", param_hint="judge")
    from chatbot.journal.engine import journal_url, open_engine
    from eval.judging import agreement
    from eval.judging.judge import Judge, Judged, grade_all, of_run
    from eval.runs.result import find_run
    from index.publish.snapshot import load_current

    places = settings()
    with friendly(), progress_bar() as progress:
        run, texts = find_run(name, runs_dir()), section_texts(load_current(places.var))
        asker = Judge(url, model, os.environ.get("BUSSOLA_JUDGE_KEY", ""), seed)
        tell = partial(progress, "giudizi")
        grades = grade_all(asker, of_run(run, texts, most, seed), tell)
        path = Judged(run=run.id, model=model, grades=grades).save(places.var / "eval" / "judge")
        found = {"metriche": agreement.with_verdicts(run, grades)}
        if journal and (database := journal_url(places.journal_url, places.var)):
            asked, marks = agreement.reviewed(open_engine(database), texts)
            found["persone"] = agreement.with_people(marks, grade_all(asker, asked, tell))
    unread = sum(graded.grade is None for graded in grades)
    if as_json:
        emit({"run": run.id, "model": model, "n": len(grades), "unread": unread,
              "agreement": {who: one.to_json() for who, one in found.items()},
              "file": str(path)})  # fmt: skip
        return
    _show(found, {graded.id: graded.grade for graded in grades}, run, unread)
    console.print(f"Giudizi salvati in {path}: il resoconto li mostra.", markup=False)


def section_texts(snapshot: Snapshot) -> dict[str, str]:
    """The text of every section of the guides, its parts together."""
    texts: dict[str, str] = {}
    for passage in snapshot.passages:
        section = f"{passage.guide}#{passage.anchor}"
        texts[section] = f"{texts[section]}\n{passage.text}" if section in texts else passage.text
    return texts


def _show(
    found: Mapping[str, Agreement], grades: Mapping[str, str | None], run: Any, unread: int
) -> None:
    for who, one in found.items():
        kappa = "non calcolabile" if one.kappa is None else f"{one.kappa:.3f}".replace(".", ",")
        table = Table(
            title=f"{who.capitalize()} (righe) e modello (colonne): {one.n} risposte, uguali "
            f"{100 * one.equal:.0f} %, kappa di Cohen {kappa}", title_justify="left",
        )  # fmt: skip
        table.add_column("")
        for word in one.table:
            table.add_column(word, justify="right")
        for word, row in one.table.items():
            table.add_row(word, *(str(count or "·") for count in row.values()))
        console.print(table)
    for result in run.results:
        grade = grades.get(result.case.id)
        if grade and (grade == "right") is not result.passed:
            console.print(
                f"  in disaccordo  {result.case.id} ({result.case.severity})",
                markup=False, soft_wrap=True,
            )  # fmt: skip
    if unread:
        console.print(f"{unread} risposte del modello non si leggono: non contano.", style="yellow")
