"""The line under which a run is red: thresholds, and the run that was blessed, with its reasons."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from eval.runs.kept import KeptRun, keep
from eval.runs.result import Run, RunError, find_run
from eval.runs.summary import MEASURES
from index.errors import BussolaError
from index.files import replace_file

BASELINE = Path(__file__).parent.parent / "baseline.json"
BLESSED = "blessed.jsonl"
REFERENCE = "riferimento"  # its name on the command line


class BaselineError(BussolaError):
    """The baseline file cannot be used, or a blessing is not acceptable."""


def read_baseline(path: Path | None = None) -> dict[str, Any]:
    """`{"thresholds": {measure: {"min"|"max": x}}, "groups": {grouping: {group: thresholds}},
    "drops": {variant: x}, "blessings": [...]}`.
    Raises BaselineError."""
    path = path or BASELINE
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


def bless(
    run: Run, reason: str, summary: Mapping[str, Any], cases: str, on: date,
    unsteady: tuple[str, ...] = (), path: Path | None = None,
) -> None:  # fmt: skip
    """Make `run` what later runs are compared with; the reason is kept for ever beside the
    figures. `cases` is the digest of the suite as it is now, `on` the day of the blessing.

    Raises BaselineError when the reason says nothing, or when the run did not ask the whole
    suite as it is now: what it did not ask would be guarded by nothing.
    """
    check_blessing(run, reason, cases)
    path = path or BASELINE
    baseline = read_baseline(path)
    figures = {name: round(figure["value"], 4) for name, figure in summary["measures"].items()}
    blessing = {
        "date": on.isoformat(), "run": run.id, "snapshot": run.snapshot,
        "cases": run.digest, "n": len(run.results), "reason": " ".join(reason.split()),
        "measures": figures,
    }  # fmt: skip
    baseline["blessings"] = [*baseline.get("blessings", []), blessing]
    keep(run, unsteady).save(path.parent / BLESSED)
    text = json.dumps(baseline, ensure_ascii=False, indent=2) + "\n"
    replace_file(path, text.encode())


def check_blessing(run: Run, reason: str, cases: str) -> None:
    """Raises BaselineError when `run` cannot be blessed, before anything is worked out."""
    if len(reason.split()) < 3:
        raise BaselineError("il motivo deve dire qualcosa: almeno tre parole")
    if run.variant:
        raise BaselineError("una prova su casi trasformati non può fare da riferimento")
    if run.digest != cases:
        raise BaselineError(
            f"la prova {run.id} non ha posto tutti i casi come sono adesso: rifai "
            "«bussola eval run», senza --theme né --tag, e poi «bless»"
        )


def blessed_run(path: Path | None = None) -> KeptRun | None:
    """The run that was blessed last, or None when none ever was. Raises RunError when its file
    is broken or lost: a reference that is named and missing guards nothing."""
    path = path or BASELINE
    kept = path.parent / BLESSED
    named = path.is_file() and read_baseline(path).get("blessings")
    return KeptRun.load(kept) if named or kept.is_file() else None


def find_reference(name: str, folder: Path) -> Run | KeptRun:
    """The run to compare with: `riferimento` is the blessed one, anything else is found as
    `find_run` does. Raises RunError."""
    if name != REFERENCE:
        return find_run(name, folder)
    blessed = blessed_run()
    if blessed is None:
        raise RunError("nessuna prova è il riferimento: prima «bussola eval bless»")
    return blessed
