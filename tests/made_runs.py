"""Cases, results and runs made up for a test."""

from __future__ import annotations

from typing import Any

from eval.runs import verdict
from eval.runs.result import Cited, Found, Result, Run
from eval.suite.case import Case
from eval.suite.folder import digest

RIGHT = "guida#giusta"


def case(number: int, **changes: Any) -> Case:
    plain = {
        "id": f"caso-{number}", "tema": "lavoro", "domande": f"Può lavorare il numero {number}?",
        "esito": "risposta", "passaggi": {RIGHT: 2}, "fatti": [["90 giorni"]],
        "mai": ["60 giorni"], "autore": "valutatore", "data": "2026-11-22", "perche": "prova",
    }  # fmt: skip
    return Case.model_validate(plain | changes)


def found(*sections: str) -> tuple[Found, ...]:
    return tuple(
        Found(section=s, heading=s, text=s, lexical=1.0, dense=0.5, late=None, fused=0.1)
        for s in sections
    )


def result(
    of: Case, answer: str = "dopo 90 giorni", outcome: str = "answered",
    cited: str = RIGHT, hits: tuple[str, ...] = (RIGHT,), confidence: float = 0.9,
) -> Result:  # fmt: skip
    citations = (Cited(n=1, section=cited, heading=cited, quote=answer),)
    ranking = found(*hits)
    return Result(
        case=of, kind="scheda", language="it", outcome=outcome, answer=answer,
        confidence=confidence, hits=ranking, citations=citations,
        scores=verdict.score(of, outcome, answer, ranking, citations),
        verdict=verdict.verdict(of, outcome, answer, [cited]),
        problems=verdict.problems(of, outcome, answer, [cited]), total_ms=10.0,
    )  # fmt: skip


def run(results: list[Result], name: str = "r", variant: str = "") -> Run:
    return Run(
        id=name, created="2026-11-23", snapshot="s", digest=digest([r.case for r in results]),
        seed=0, variant=variant, results=tuple(results),
    )  # fmt: skip
