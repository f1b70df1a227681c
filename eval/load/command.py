"""`python -m eval load|soak`: the service under many operators, and over a long time."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from eval.console import AsJson, console, friendly
from eval.load.generator import LoadReport, Plan, load
from eval.load.promises import (
    Promise,
    calm_promises,
    flood_promises,
    memory_promise,
    reached_promise,
)
from eval.load.service import RunningServer, running_service
from eval.suite.folder import CASES_DIR, load_suite

SOAK_OPERATORS = 4
CROWD = 200
WARM_S = 5.0
WARM = 10_000  # requests before memory is first read: the caches of words fill for so long
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
    """Tanti operatori insieme, poi molti più di quanti ne reggerebbe: misura le due cose. Esce con
    1 se una promessa non è mantenuta."""
    with friendly():
        questions = _questions()
        with running_service() as service:
            load(Plan(service.url, 4, WARM_S, 0.0, questions=questions, seed=2))
            calm = load(Plan(service.url, operators, seconds, pause, questions=questions))
            capacity, processor_ms = _capacity(service, questions)
            before = service.rss_mb()
            rate = capacity * overload
            crowd = Plan(service.url, CROWD, seconds / 2, 0.0, rate=rate, questions=questions)
            flood = load(crowd)
            memory = {"before_mb": round(before, 1), "after_mb": round(service.rss_mb(), 1)}
    kept = {
        "normal": calm_promises(calm),
        "overload": [
            reached_promise(flood.sent_per_second, capacity, overload),
            *flood_promises(calm, flood),
            memory_promise(*memory.values()),
        ],
    }
    if as_json:
        document = {
            "normal": asdict(calm), "capacity_per_s": capacity, "overload": asdict(flood),
            "processor_ms_per_answer": round(processor_ms, 1),
            "times_capacity": round(flood.sent_per_second / capacity, 2),
        }  # fmt: skip
        listed = {part: [asdict(promise) for promise in found] for part, found in kept.items()}
        typer.echo(json.dumps({**document, "memory": memory, "promises": listed}))
    else:
        _show("normale", calm, kept["normal"])
        console.print(f"capacità: {capacity:.1f} richieste al secondo")
        console.print(f"processore: {processor_ms:.1f} ms per risposta, pagine comprese")
        _show(f"{overload:g} volte la capacità", flood, kept["overload"])
    _exit([promise for found in kept.values() for promise in found])


def soak(
    requests: Annotated[int, typer.Option(min=1000, max=200_000)] = 30_000,
    as_json: AsJson = False,
) -> None:
    """Una lunga serie di richieste: la memoria non deve crescere. Esce con 1 se cresce."""
    with friendly():
        questions = _questions()
        with running_service() as service:
            load(Plan(service.url, SOAK_OPERATORS, 600, 0, WARM, questions=questions))
            before, done = service.rss_mb(), 0
            while done < requests:
                part = min(10_000, requests - done)
                plan = Plan(
                    service.url, SOAK_OPERATORS, 600, 0, part, questions=questions, seed=done
                )
                report = load(plan)
                if report.errors or not report.sent:
                    console.print(f"errori: {report.errors or 'nessuna risposta'}")
                    raise typer.Exit(1)
                done += report.sent
                promise = memory_promise(before, service.rss_mb())
                if not as_json:
                    console.print(f"{done} richieste, memoria {promise.figure}")
    if as_json:
        after = {"requests": done, "before_mb": before, "promise": asdict(promise)}
        typer.echo(json.dumps(after))
    _exit([promise])


def _capacity(service: RunningServer, questions: tuple[str, ...]) -> tuple[float, float]:
    """Requests of the mix served a second when four operators never pause; and for each question
    answered among them the milliseconds of a processor that all of them took."""
    before = service.processor_s()
    report = load(Plan(service.url, 4, 5.0, 0.0, questions=questions, seed=1))
    taken_ms = (service.processor_s() - before) * 1000
    return max(1.0, report.sent_per_second), taken_ms / max(1, report.accepted)


def _show(name: str, report: LoadReport, promises: list[Promise]) -> None:
    console.print(
        f"{name}: {report.operators} operatori, {report.seconds:g} s, {report.sent} richieste "
        f"({report.sent_per_second:g}/s); {report.accepted} domande con risposta, "
        f"p50 {report.p50_ms:g} ms, p95 {report.p95_ms:g} ms, p99 {report.p99_ms:g} ms"
    )
    for promise in promises:
        console.print(f"  {'sì' if promise.kept else 'NO'}  {promise.text}: {promise.figure}")
    for kind, number in sorted(report.errors.items()):
        console.print(f"  {kind}: {number}")


def _exit(promises: list[Promise]) -> None:
    if not all(promise.kept for promise in promises):
        raise typer.Exit(1)
