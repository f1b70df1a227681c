"""One line a run, kept for ever: what the history of the suite is drawn from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.runs.result import Run

HISTORY = "history.jsonl"


def add_to_history(run: Run, summary: Mapping[str, Any], folder: Path) -> None:
    """One line a run in `folder/history.jsonl`: what the history plot is drawn from."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = {name: figure["value"] for name, figure in summary["measures"].items()}
    line = {"run": run.id, "created": run.created, "n": len(run.results), "cases": run.digest,
            "measures": figures}  # fmt: skip
    with (folder / HISTORY).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def read_history(folder: Path, until: str = "", most: int = 20) -> list[dict[str, Any]]:
    """The last `most` lines of the history up to the run `until`; lines cut by a crash are
    skipped."""
    path = folder / HISTORY
    found = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if not until or entry["run"] <= until:
            found.append(entry)
    return found[-most:]
