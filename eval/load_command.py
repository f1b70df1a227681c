"""`python -m eval load|soak`: the service under many operators, and over a long time."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from eval.console import AsJson, console, friendly
from eval.load import LoadReport, Plan, load
from eval.service import running_service
from eval.suite import CASES_DIR, load_suite

SOAK_OPERATORS = 16
WARM = 2_000  # requests before memory is first read: caches fill
Seconds = Annotated[float, typer.Option(min=1, max=600, help="Durata.")]


def _questions() -> tuple[str, ...]:
    """The questions of the suite: a realistic mix."""
    return tuple(turn for case in load_suite(CASES_DIR) for turn in case.turns)


def load_service(
    operators: Annotated[int, typer.Option(min=1, max=2000)] = 100,
    seconds: Seconds = 60.0,
    pause: Annotated[float, typer.Option(min=0, help="Attesa media fra due richieste, s.")] = 10.0,
    overload: Annotated[float, typer.Option(min=1, help="Poi, quante volte la capacità.")] = 10.0,
    as_json: AsJson = False,
) -> None:
    """Tanti operatori insieme, poi molti più di quanti ne reggerebbe: misura le due cose."""
    with friendly():
        questions = _questions()
        with running_service() as service:
            calm = load(Plan(service.url, operators, seconds, pause, questions=questions))
            before = service.rss_mb()
            capacity = _capacity(service.url, questions)
            crowd = int(min(2000, max(operators, capacity * overload * pause / 10)))
            flood_pause = crowd / (capacity * overload)
            flood = load(Plan(service.url, crowd, seconds / 2, flood_pause, questions=questions))
            memory = {"before_mb": round(before), "after_mb": round(service.rss_mb())}
    if as_json:
        document = {"normal": asdict(calm), "capacity_per_s": capacity, "overload": asdict(flood)}
        typer.echo(json.dumps({**document, "memory": memory}))
        return
    _show("normale", calm)
    console.print(f"capacità: {capacity:.1f} domande al secondo")
    _show(f"{overload:g} volte la capacità", flood)
    console.print(f"memoria: {memory['before_mb']} → {memory['after_mb']} MB")
    if calm.errors or flood.errors:
        raise typer.Exit(1)


def soak(
    requests: Annotated[int, typer.Option(min=1000, max=200_000)] = 40_000,
    as_json: AsJson = False,
) -> None:
    """Una lunga serie di domande: la memoria non deve crescere."""
    with friendly():
        questions = _questions()
        with running_service() as service:
            load(Plan(service.url, SOAK_OPERATORS, 600, 0, WARM, questions))
            before, done = service.rss_mb(), 0
            while done < requests:
                part = min(10_000, requests - done)
                report = load(Plan(service.url, SOAK_OPERATORS, 600, 0, part, questions, seed=done))
                if report.errors or not report.sent:
                    raise typer.Exit(1)
                done += report.sent
                growth = service.rss_mb() / before - 1
                console.print(
                    f"{done} richieste, memoria {service.rss_mb():.0f} MB ({growth:+.1%})"
                )
    if as_json:
        typer.echo(json.dumps({"requests": done, "before_mb": before, "growth": round(growth, 4)}))


def _capacity(url: str, questions: tuple[str, ...]) -> float:
    """Questions answered a second when four operators never pause."""
    report = load(Plan(url, 4, 5.0, 0.0, questions=questions, seed=1))
    return max(1.0, report.per_second)


def _show(name: str, report: LoadReport) -> None:
    console.print(
        f"{name}: {report.operators} operatori, {report.seconds:g} s, {report.sent} richieste; "
        f"{report.accepted} domande ({report.per_second:g}/s), p50 {report.p50_ms:g} ms, "
        f"p95 {report.p95_ms:g} ms; rifiutate {report.refused} (p95 {report.refusal_p95_ms:g} ms); "
        f"errori {sum(report.errors.values())}; equità {report.fairness:g}"
    )
    for kind, number in sorted(report.errors.items()):
        console.print(f"  {kind}: {number}")
