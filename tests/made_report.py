"""A run made for the tests of the report, and what was measured on a collection."""

from __future__ import annotations

from typing import Any

from eval.collections.measured import Measured, Row
from eval.collections.register import Collection
from eval.runs import verdict
from eval.runs.result import Cited, Found, Result, Run
from eval.suite.case import Case

QUOTE = "Il richiedente può lavorare dopo 90 giorni."


def make_result(number: int, **changes: Any) -> Result:
    case = Case.model_validate(
        {
            "id": f"caso-{number}", "tema": "lavoro" if number % 2 else "casa",
            "domande": ["Prima?", f"Domanda <b>{number}</b>?"], "esito": "risposta",
            "passaggi": {"guida#giusta": 2}, "fatti": [["90 giorni"]], "etichette": ["date"],
            "gravita": "alta" if number == 1 else "media", "autore": "valutatore",
            "data": "2026-11-22", "perche": "prova",
        }
    )  # fmt: skip
    hits = tuple(
        Found(section=section, heading=f"Guida › {section}", text="testo", lexical=lexical,
              dense=0.8, late=None, fused=lexical)
        for section, lexical in (("guida#altra", 9.5), ("guida#giusta", 3.25))
    )  # fmt: skip
    said: dict[str, Any] = {"outcome": "answered", "answer": f"{QUOTE} [1]", "confidence": 0.8}
    said |= changes
    cited = (Cited(n=1, section="guida#giusta", heading="Guida", quote=QUOTE),)
    sections = [citation.section for citation in cited]
    judged = (case, said["outcome"], said["answer"])
    return Result(
        case=case, kind="scheda", language="it", hits=hits, citations=cited,
        scores=verdict.score(*judged, hits, cited), verdict=verdict.verdict(*judged, sections),
        problems=verdict.problems(*judged, sections), total_ms=12.0 + number, **said,
    )  # fmt: skip


def make_run(name: str = "b", **first: Any) -> Run:
    results = (make_result(1, **first), *(make_result(n) for n in range(2, 8)))
    results = (*results, make_result(8, outcome="no_answer", answer="Le guide tacciono."))
    return Run(id=name, created="2026-11-23T10:00:00", snapshot="s", digest="d", seed=0,
               results=results)  # fmt: skip


def measured() -> Measured:
    """A collection of people's questions, half of which went wrong."""
    made = Collection.model_validate(
        {"nome": "persone", "titolo": "Domande di persone", "tipo": "domande", "file": "a",
         "uso": "scelta", "scritta_da": "altri", "servita_a": ["i pesi"]}
    )  # fmt: skip
    rows = tuple(
        Row(id=f"p{n}", values={"right": float(n % 2), "wrong_given": float(1 - n % 2)},
            groups={"lingua": "it" if n < 5 else "fr", "bisogno": "lavoro" if n < 3 else "casa"},
            question=f"posso <b>{n}</b>?", outcome="risposta", answer="No.")
        for n in range(10)
    )  # fmt: skip
    return Measured(collection=made, snapshot="s", at="2026-11-30T10:00:00", rows=rows)
