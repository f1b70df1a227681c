"""What the service promises under load, and whether a measurement bears it out."""

from __future__ import annotations

from dataclasses import dataclass

from eval.load.generator import LoadReport

SLOWER = 2.0  # times the 95th percentile of a calm day, for who is let in during a flood
UNNOTICED_MS = 250.0  # a p95 under this is kept whatever the calm one was
EARLY_MS = 250.0
REACHED = 0.9  # of the flood that was asked for
FAIR = 0.9  # of what drawing lots would give
GROWTH = 0.05


@dataclass(frozen=True, slots=True)
class Promise:
    """`text` says what is promised, `figure` what was measured."""

    text: str
    kept: bool
    figure: str


def calm_promises(calm: LoadReport) -> list[Promise]:
    """Of as many operators as the service is made for."""
    errors = sum(calm.errors.values())
    return [
        Promise("nessun errore", errors == 0 < calm.accepted, f"{errors} di {calm.sent}"),
        Promise("nessun rifiuto", calm.refused == 0, f"{calm.refused} di {calm.sent}"),
        _fair(calm),
    ]


def flood_promises(calm: LoadReport, flood: LoadReport) -> list[Promise]:
    """Of far more than the service can answer."""
    errors = sum(flood.errors.values())
    limit = max(SLOWER * calm.p95_ms, UNNOTICED_MS)
    return [
        Promise("nessun errore oltre ai rifiuti", errors == 0 < flood.accepted,
                f"{errors} di {flood.sent}"),
        Promise("il di più è rifiutato, con Retry-After", flood.untold == 0 < flood.refused,
                f"{flood.refused} rifiuti, {flood.untold} senza"),
        Promise("il rifiuto è immediato", flood.refusal_p95_ms <= EARLY_MS,
                f"p95 {flood.refusal_p95_ms:g} ms, al massimo {EARLY_MS:g}"),
        Promise("chi è ammesso non aspetta di più", flood.p95_ms <= limit,
                f"p95 {flood.p95_ms:g} ms, al massimo {limit:g}"),
        _fair(flood),
    ]  # fmt: skip


def reached_promise(sent_per_s: float, capacity_per_s: float, overload: float) -> Promise:
    """Of the generator itself: a flood that was not sent shows nothing."""
    ratio = sent_per_s / capacity_per_s
    figure = f"{sent_per_s:g} al secondo, {ratio:.1f} volte la capacità"
    return Promise(f"mandate davvero {overload:g} volte", ratio >= REACHED * overload, figure)


def memory_promise(before_mb: float, after_mb: float) -> Promise:
    """Resident memory, warm and at the end."""
    growth = after_mb / before_mb - 1
    figure = f"{before_mb:.0f} → {after_mb:.0f} MB ({growth:+.1%}), al massimo {GROWTH:+.0%}"
    return Promise("la memoria non cresce", growth < GROWTH, figure)


def _fair(report: LoadReport) -> Promise:
    least = FAIR * report.fairness_by_lot
    figure = f"indice di Jain {report.fairness:g}, almeno {least:.3f}"
    return Promise("nessuno è trascurato", report.fairness >= least, figure)
