"""The figures of a run: overall and by group, each with its interval."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from eval.runs import metrics
from eval.runs.result import Result, Run
from eval.runs.verdict import HARMFUL, SILENT
from eval.suite.case import WORD_OF

# In the order of the report. `True`: more is better.
MEASURES: dict[str, bool] = {
    "pass_rate": True, "hit@1": True, "hit@3": True, "MRR": True, "nDCG@10": True, "MAP": True,
    "R-precision": True, "outcome_accuracy": True, "outcome_exact": True,
    "citation_precision": True, "citation_recall": True, "fact_coverage": True,
    "forbidden": False, "harm": False, "wrong_given": False, "beside_given": False,
    "incomplete_given": False,
}  # fmt: skip

GROUPED = ("pass_rate", "hit@3", "MRR", "outcome_accuracy")  # those told for each group

COUNTER = "sportello"  # themes gathered at the counter, harder than the first collection

GROUPINGS: dict[str, Callable[[Result], Iterable[str]]] = {
    "raccolta": lambda result: [COUNTER if result.case.theme.startswith(COUNTER) else "nucleo"],
    "tema": lambda result: [result.case.theme],
    "etichetta": lambda result: result.case.tags,
    "tipo": lambda result: [result.kind or "nessuna guida"],
    "lingua": lambda result: [result.language],
    "gravita": lambda result: [result.case.severity],
    "esito": lambda result: [WORD_OF[result.case.expected]],
}


def summarise(run: Run) -> dict[str, Any]:
    """Every figure of a run as plain JSON: measures with 95 % intervals, overall and by group;
    the severity-weighted pass rate; confusion of outcomes; silence; confidence; latency."""
    results = run.results
    return {
        "run": run.id, "snapshot": run.snapshot, "cases": run.digest, "seed": run.seed,
        "variant": run.variant, "n": len(results),
        "measures": measures(results, run.seed),
        "weighted_pass_rate": weighted_pass_rate(results),
        "groups": {
            name: {
                key: measures(members, run.seed, GROUPED)
                for key, members in sorted(_members(results, keys).items())
            }
            for name, keys in GROUPINGS.items()
        },
        "confusion": confusion(results),
        "abstention": abstention(results),
        **confidence(results),
        "latency": metrics.quantiles_ms([result.total_ms for result in results]),
    }  # fmt: skip


def measures(
    results: Sequence[Result], seed: int, names: Iterable[str] = MEASURES
) -> dict[str, dict[str, float]]:
    """`{name: {value, low, high, n}}` over the results to which each measure applies."""
    table = {}
    for name in names:
        values = [score for result in results if (score := result.scores.get(name)) is not None]
        if values:
            low, high = metrics.interval(values, seed)
            value = sum(values) / len(values)
            table[name] = {"value": value, "low": low, "high": high, "n": len(values)}
    return table


def weighted_pass_rate(results: Sequence[Result]) -> float:
    """Σ weight · passed / Σ weight, the weights of severity: 3 alta, 2 media, 1 bassa."""
    total = sum(result.case.weight for result in results)
    return sum(result.case.weight * result.passed for result in results) / total if total else 0.0


def confusion(results: Iterable[Result]) -> dict[str, dict[str, int]]:
    """How often each expected outcome (row) came out as each outcome (column)."""
    table = {row: dict.fromkeys(WORD_OF, 0) for row in WORD_OF}
    for result in results:
        table[result.case.expected][result.outcome] += 1
    return table


def abstention(results: Iterable[Result]) -> dict[str, float]:
    """Precision, recall and F1 of silence. Cases where a card of emergency or a question back is
    due say nothing of silence and are left out."""
    judged = [result for result in results if _about_silence(result)]
    if not judged:
        return {"precision": 0.0, "recall": 0.0, "F1": 0.0}
    return metrics.abstention(
        [result.case.expected != "answered" for result in judged],
        [result.outcome in SILENT for result in judged],
    )


def confidence(results: Iterable[Result]) -> dict[str, Any]:
    """Risk–coverage and calibration of the confidence. A question counts as right when answering
    it is: the guides answer it, and the bot's answer was not wrong or, where it kept silent, a
    passage that answers is among its first three hits."""
    judged = [result for result in results if _about_silence(result)]
    scores, right = [r.confidence for r in judged], [answerable_right(r) for r in judged]
    curve = metrics.risk_coverage(scores, right)
    calibrated = metrics.calibration(scores, right)
    return {
        "risk_coverage": {"coverage": curve.coverage, "risk": curve.risk, "AURC": curve.area},
        "calibration": {
            "ECE": calibrated.error, "Brier": calibrated.brier, "bins": calibrated.bins,
        },
    }  # fmt: skip


def answerable_right(result: Result) -> bool:
    """Whether answering this question was, or would have been, right."""
    if result.case.expected != "answered":
        return False
    if result.outcome == "answered":
        return result.verdict not in HARMFUL
    return result.scores.get("hit@3") == 1.0


def _about_silence(result: Result) -> bool:
    kinds = {result.case.expected, result.outcome}
    return not kinds & {"emergency", "clarify"}


def _members(
    results: Iterable[Result], keys: Callable[[Result], Iterable[str]]
) -> dict[str, list[Result]]:
    table: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        for key in keys(result):
            table[key].append(result)
    return table
