"""What the commands of measurements share: the model they measure, how figures are printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from eval.console import console, emit, settings


def model_dir(name: str | None = None) -> Path:
    """The folder of the prepared model `name`, or of the one that is set."""
    from index.encode.model import ensure_model

    places = settings()
    models = Path(places.var) / "models"
    return ensure_model(models, name or places.model, progress=console.print)


def print_figures(figures: dict[str, Any], as_json: bool) -> None:
    if as_json:
        emit(figures)
        return
    for name, value in figures.items():
        if name == "growth":
            print_figures(value, as_json)
            continue
        for row in value if isinstance(value, list) else [value]:
            shown = row if isinstance(row, dict) else {"": row}
            cells = (f"{key} {cell:.3f}" if isinstance(cell, float) else f"{key} {cell}"
                     for key, cell in shown.items())  # fmt: skip
            typer.echo(f"{name:<16} {'  '.join(cells)}")
