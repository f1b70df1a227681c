"""The line under which a run is red: thresholds, and the run that was blessed, with its reasons."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.result import Run
from eval.summary import MEASURES
from index.finding import BussolaError

BASELINE = Path(__file__).parent / "baseline.json"
BLESSED = "blessed.json"


class BaselineError(BussolaError):
    """The baseline file cannot be used, or a blessing is not acceptable."""


def read_baseline(path: Path = BASELINE) -> dict[str, Any]:
    """`{"thresholds": {measure: {"min"|"max": x}}, "groups": {grouping: {group: thresholds}},
    "drops": {variant: x}, "blessings": [...]}`.
    Raises BaselineError."""
    try:
        baseline = json.loads(path.read_text(encoding="utf-8"))
        unknown = set(baseline["thresholds"]) - set(MEASURES)
        for bounds in baseline["thresholds"].values():
            if not bounds or not set(bounds) <= {"min", "max"}:
                raise ValueError("ogni soglia ha «min» o «max»")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BaselineError(f"{path.name} non si può usare: {error}") from error
    if unknown:
        raise BaselineError(f"{path.name}: misure sconosciute: {', '.join(sorted(unknown))}")
    return dict(baseline)


def breaches(summary: Mapping[str, Any], baseline: Mapping[str, Any]) -> list[str]:
    """Each threshold that the run does not hold, overall or in a group, as a sentence; a measure
    that no case feeds is a breach too, because nothing then guards it."""
    found = _breaches(summary["measures"], baseline["thresholds"], "")
    for grouping, groups in baseline.get("groups", {}).items():
        for group, thresholds in groups.items():
            measured = summary["groups"].get(grouping, {}).get(group, {})
            found += _breaches(measured, thresholds, f"{group}, ")
    return found


def _breaches(measures: Mapping[str, Any], thresholds: Mapping[str, Any], where: str) -> list[str]:
    found = []
    for name, bounds in thresholds.items():
        measure = measures.get(name)
        if measure is None:
            # of the answers given, none at all is no wrong answer
            if "min" in bounds:
                found.append(f"{where}{name}: nessun caso la misura")
            continue
        value = measure["value"]
        if "min" in bounds and value < bounds["min"]:
            found.append(f"{where}{name}: {value:.3f}, sotto la soglia {bounds['min']:.3f}")
        if "max" in bounds and value > bounds["max"]:
            found.append(f"{where}{name}: {value:.3f}, sopra la soglia {bounds['max']:.3f}")
    return found


def bless(run: Run, reason: str, summary: Mapping[str, Any], path: Path = BASELINE) -> None:
    """Make `run` what later runs are compared with; the reason is kept for ever beside the
    figures. Raises BaselineError when the reason says nothing."""
    if len(reason.split()) < 3:
        raise BaselineError("il motivo deve dire qualcosa: almeno tre parole")
    if run.variant:
        raise BaselineError("una prova su casi trasformati non può fare da riferimento")
    baseline = read_baseline(path)
    figures = {name: round(figure["value"], 4) for name, figure in summary["measures"].items()}
    blessing = {
        "date": datetime.now(UTC).date().isoformat(), "run": run.id, "snapshot": run.snapshot,
        "cases": run.digest, "n": len(run.results), "reason": reason.strip(), "measures": figures,
    }  # fmt: skip
    baseline["blessings"] = [*baseline.get("blessings", []), blessing]
    slim = run.model_copy(
        update={"results": tuple(r.model_copy(update={"hits": r.hits[:3]}) for r in run.results)}
    )
    (path.parent / BLESSED).write_text(slim.model_dump_json(by_alias=True), encoding="utf-8")
    path.write_text(json.dumps(baseline, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def blessed_run(path: Path = BASELINE) -> Run | None:
    """The run that was blessed last, or None when none ever was."""
    kept = path.parent / BLESSED
    return Run.load(kept) if kept.is_file() else None
