"""Pairs of Markdown and what is expected of it, in files that anybody can add to.

A pair is a title, a line with a full stop, the input, a full stop, what is expected, a full
stop. Blank lines between pairs do not count. `FILLED` in the input stands for nothing: it keeps
a blank at the end of a line alive.
"""

from __future__ import annotations

from typing import Any

import pytest
from folders import DATA

FOLDER = DATA / "pairs"


def read_pairs(name: str) -> list[Any]:
    """The pairs of `tests/data/pairs/<name>.txt` as pytest parameters (input, expected)."""
    pairs, parts = [], [[]]  # type: list[Any], list[list[str]]
    for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").split("\n"):
        if line != ".":
            parts[-1].append(line)
            continue
        parts.append([])
        if len(parts) == 4:
            title, given, expected = ("\n".join(part) for part in parts[:3])
            pairs.append(pytest.param(given, expected, id=title.strip()))
            parts = [[]]
    assert not "".join(parts[0]).strip(), f"{name}.txt: the last pair is not closed"
    return pairs


def pairs(name: str) -> Any:
    """Decorator: run the test once for each pair of a file."""
    return pytest.mark.parametrize(("given", "expected"), read_pairs(name))
