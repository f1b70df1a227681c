"""Runs and comparisons in words and tables, for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from eval.report.collections import language_name
from eval.runs.compare import Comparison, Difference
from eval.runs.drops import Drop
from eval.runs.result import VERDICT_WORDS, Run
from eval.runs.session import Session
from eval.suite.case import WORD_OF

# What evaluators read in the place of the names of the code.
MEASURE_WORDS = {
    "pass_rate": "casi superati",
    "hit@1": "passaggio giusto al primo posto",
    "hit@3": "passaggio giusto fra i primi tre",
    "MRR": "MRR (1 / posto del primo passaggio giusto)",
    "nDCG@10": "nDCG@10 (ordine dei primi dieci)",
    "MAP": "MAP (precisione media)",
    "R-precision": "R-precision",
    "outcome_accuracy": "esito accettato",
    "outcome_exact": "esito esatto",
    "citation_precision": "fonti pertinenti fra le citate",
    "citation_recall": "fonte migliore citata",
    "fact_coverage": "fatti detti",
    "forbidden": "risposte con frasi vietate",
    "harm": "casi con una risposta sbagliata",
    "wrong_given": "risposte sbagliate fra le date",
    "beside_given": "risposte dal passaggio giusto con la frase sbagliata, fra le date",
    "incomplete_given": "risposte incomplete fra le date",
}

GROUPING_WORDS = {
    "raccolta": "raccolta", "tema": "tema", "etichetta": "etichetta", "tipo": "tipo di guida",
    "lingua": "lingua", "gravita": "gravità", "esito": "esito atteso",
}  # fmt: skip
_SHORT = ("raccolta", "gravita", "lingua", "tipo")  # groupings few enough for a terminal
EDGE = ", al limite: dipende dai decimali del calcolatore"


def show_run(
    run: Run, summary: Mapping[str, Any], thresholds: Mapping[str, Any], console: Console
) -> None:  # fmt: skip
    """Figures with their intervals and thresholds, and outcomes."""
    table = Table(title=f"{summary['n']} casi, istantanea {run.snapshot}", title_justify="left")
    for heading in ("misura", "valore", "intervallo 95 %", "casi", "soglia"):
        table.add_column(heading, justify="left" if heading == "misura" else "right")
    for name, figure in summary["measures"].items():
        table.add_row(
            MEASURE_WORDS[name], number(figure["value"]),
            f"{number(figure['low'])}–{number(figure['high'])}", str(figure["n"]),
            bound_text(thresholds.get(name, {})),
        )  # fmt: skip
    console.print(table)
    console.print(_groups(summary["groups"]))
    console.print(_confusion(summary["confusion"]))
    silence, latency = summary["abstention"], summary["latency"]
    console.print(
        f"Silenzio: precisione {number(silence['precision'])}, richiamo "
        f"{number(silence['recall'])}, F1 {number(silence['F1'])}. Errore di calibrazione "
        f"{number(summary['calibration']['ECE'])}; rischio medio (AURC) "
        f"{number(summary['risk_coverage']['AURC'])}. Tempo mediano {latency['p50_ms']:.0f} ms, "
        f"95 % entro {latency['p95_ms']:.0f} ms."
    )


def show_failed(run: Run, breaches: Iterable[str], console: Console) -> None:
    """How many cases pass, each that does not with what is wrong, the gravest first, and what is
    under its threshold: what is read first stands last, beside the prompt."""
    failed = sorted((r for r in run.results if not r.passed), key=lambda r: -r.case.weight)
    passed = len(run.results) - len(failed)
    console.print(f"Vanno bene {passed} casi su {len(run.results)}. Non passano: {len(failed)}")
    for result in failed:
        console.print(
            f"  {VERDICT_WORDS[result.verdict]:<11} {result.case.severity:<6} "
            f"{result.case.id}: {'; '.join(result.problems)}",
            markup=False, soft_wrap=True,
        )  # fmt: skip
    for breach in breaches:
        console.print(f"SOTTO SOGLIA  {breach}", style="bold red", markup=False)


def show_session(session: Session, console: Console) -> None:
    """A run, what it is worth against the blessed one, cases that point nowhere, and at the end
    those that fail."""
    show_run(session.run, session.summary, session.thresholds, console)
    if session.drops:
        console.print(_drops(session.drops))
    if session.against:
        show_comparison(session.against, console)
    for finding in session.dead:
        console.print(str(finding), style="red", markup=False)
    show_failed(session.run, session.breaches, console)
    console.print(f"Prova salvata in {session.path}", markup=False)


def show_comparison(found: Comparison, console: Console) -> None:
    """Differences with p-values, cases lost and won with both answers, and the regressions.
    Measures that are the same in both are counted alone."""
    for warning in found.warnings:
        console.print(f"Attenzione: {warning}", style="yellow", markup=False)
    table = Table(title="Che cosa è cambiato", title_justify="left")
    for heading in ("misura", "prima", "dopo", "differenza", "intervallo 95 %", "p", "d"):
        table.add_column(heading, justify="left" if heading == "misura" else "right")
    moved = [one for one in found.differences if one.effect or one.significant]
    for difference in moved:
        table.add_row(*difference_row(difference))
    if moved:
        console.print(table)
    console.print(
        f"{found.before} → {found.after}, {found.common} casi in comune: misure uguali a prima "
        f"{len(found.differences) - len(moved)} su {len(found.differences)}", markup=False,
    )  # fmt: skip
    for title, changes in (("persi", found.lost), ("recuperati", found.won)):
        console.print(f"Casi {title}: {len(changes)}")
        for change in changes:
            console.print(
                f"  {change.id} ({change.severity}{EDGE if change.unsteady else ''}) "
                f"«{change.question}»\n"
                f"    prima: {change.before}: {_short(change.answer_before)}\n"
                f"    dopo:  {change.after}: {_short(change.answer_after)}",
                markup=False, soft_wrap=True,
            )  # fmt: skip
    for regression in found.regressions:
        console.print(f"REGRESSIONE  {regression}", style="bold red", markup=False)
    if not found.regressions:
        console.print("Nessuna regressione.", style="green")


def difference_row(found: Difference) -> tuple[str, ...]:
    """One line of the table of a comparison: the star marks what is not luck."""
    star = " *" if found.significant else ""
    return (
        MEASURE_WORDS[found.measure], number(found.before), number(found.after),
        f"{found.effect:+.3f}{star}".replace(".", ","),
        f"{number(found.low)}–{number(found.high)}", number(found.p_adjusted), number(found.d),
    )  # fmt: skip


def number(value: float) -> str:
    """Three decimals, Italian comma."""
    return f"{value:.3f}".replace(".", ",")


def percent(value: float) -> str:
    """«10,1»: so many of a hundred, Italian comma."""
    return f"{100 * value:.1f}".replace(".", ",")


def seconds(ms: float) -> str:
    """«0,3»: milliseconds as seconds, Italian comma."""
    return f"{ms / 1000:.1f}".replace(".", ",")


def share_text(figure: Mapping[str, float]) -> str:
    """A share with its interval, as who is no engineer reads it: «10,1 % (8,3–12,2)»."""
    low, high = percent(figure["low"]), percent(figure["high"])
    return f"{percent(figure['value'])} % ({low}–{high})"


def bound_text(bounds: Mapping[str, float], share: bool = False) -> str:
    """A threshold as «≥ 0,950», or of a `share` «≥ 95,0 %»."""
    signs = {"min": "≥", "max": "≤"}
    return " ".join(
        f"{signs[kind]} {percent(value) + ' %' if share else number(value)}"
        for kind, value in bounds.items()
    )


def _groups(groups: Mapping[str, Mapping[str, Any]]) -> Table:
    table = Table(title="Per gruppo (temi ed etichette nel resoconto)", title_justify="left")
    for heading in ("gruppo", "casi", "superati", "intervallo 95 %"):
        table.add_column(heading, justify="left" if heading == "gruppo" else "right")
    for grouping in _SHORT:
        for name, figures in groups[grouping].items():
            figure = figures["pass_rate"]
            name = language_name(name) if grouping == "lingua" else name
            table.add_row(
                f"{GROUPING_WORDS[grouping]}: {name}", str(figure["n"]), number(figure["value"]),
                f"{number(figure['low'])}–{number(figure['high'])}",
            )  # fmt: skip
    return table


def _confusion(confusion: Mapping[str, Mapping[str, int]]) -> Table:
    used = [outcome for outcome in WORD_OF if _seen(outcome, confusion)]
    table = Table(title="Esiti: attesi (righe), avuti (colonne)", title_justify="left")
    table.add_column("")
    for outcome in used:
        table.add_column(WORD_OF[outcome], justify="right")
    for row in used:
        table.add_row(WORD_OF[row], *(str(confusion[row][column] or "·") for column in used))
    return table


def _drops(drops: Iterable[Drop]) -> Table:
    table = Table(title="Domande trasformate: quanto si perde", title_justify="left")
    for heading in ("trasformazione", "misura", "originali", "trasformate", "perdita", "p"):
        table.add_column(heading, justify="right" if heading != "trasformazione" else "left")
    for drop in drops:
        table.add_row(
            f"{drop.variant} ({drop.n})", drop.measure, number(drop.before), number(drop.after),
            f"{number(drop.drop)} ({number(drop.low)}–{number(drop.high)})", number(drop.p),
        )  # fmt: skip
    return table


def _seen(outcome: str, confusion: Mapping[str, Mapping[str, int]]) -> bool:
    return any(confusion[outcome].values()) or any(row[outcome] for row in confusion.values())


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 160 else f"{line[:160]}…"
