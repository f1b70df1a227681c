"""How the commands of measurements print their figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import typer

from eval.console import emit


def print_figures(figures: Mapping[str, Any], as_json: bool) -> None:
    """A line for each figure, or for each group of them that stand together; JSON for a program."""
    if as_json:
        emit(figures)
        return
    for name, value in figures.items():
        for line in _lines(name, value):
            typer.echo(line)


def _lines(name: str, value: Any) -> Iterator[str]:
    """The figures under `name`; groups within groups have lines of their own, with all names."""
    if isinstance(value, list):
        for row in value:
            yield from _lines(name, row)
        return
    row = value if isinstance(value, Mapping) else {"": value}
    groups = {key: found for key, found in row.items() if _is_group(found)}
    cells = [_cell(key, found) for key, found in row.items() if key not in groups]
    if cells:
        yield f"{name:<16} {'  '.join(cells)}"
    for key, found in groups.items():
        yield from _lines(f"{name} {key}", found)


def _is_group(value: Any) -> bool:
    return isinstance(value, Mapping) or (
        isinstance(value, list) and any(isinstance(row, Mapping) for row in value)
    )


def _cell(name: str, value: Any) -> str:
    return f"{name} {value:.3f}" if isinstance(value, float) else f"{name} {value}"
