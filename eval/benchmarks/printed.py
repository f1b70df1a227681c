"""How the commands of measurements print their figures."""

from __future__ import annotations

from typing import Any

import typer

from eval.console import emit


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
