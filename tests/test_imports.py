"""Imports run one way: index <- chatbot <- eval, and server above them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from folders import ROOT

ROOMS = {"index", "chatbot", "eval", "server"}
ALLOWED = {
    "index": {"index"},
    "chatbot": {"index", "chatbot"},
    "eval": {"index", "chatbot", "eval"},
    "server": {"index", "chatbot"},
}


# Inside a room its folders, and what stands beside them, are floors: each may import from itself
# and from those before a «<», so that no two are in a circle. The order is written here, once;
# docs/architecture.md tells it.
ORDER = {
    "index": """
        errors files guide letters phone < finding passage phrases places
        < network precedent search < encode parse < check < console publish
        < intake outside services < __main__
    """,
    "chatbot": """
        figures logs parts period problem settings stopwatch weights < mail question < answer
        < words < privacy < understand < find < read < judge < say < bot < library < shared
        < helper journal < desk < referral < shield < http < pages < doors < hosting routes
        < commands move < digest_command edition_command maintenance_command move_command
        network_command prepare_command usage_command < __main__
    """,
    "eval": """
        beir console plain < suite support < load runs < collections judging
        < fitting page_reader training < report < benchmarks < __main__ < bussola
    """,
}


def modules(room: str) -> list[Path]:
    folder = ROOT / room
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [ROOT / f"{room}.py"]


def imported(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_imports_run_one_way(room: str) -> None:
    """Any other arrow would tie the rooms together."""
    wrong = [
        f"{module.relative_to(ROOT)} imports {name}"
        for module in modules(room)
        for name in imported(module)
        if name in ROOMS - ALLOWED[room]
    ]
    assert wrong == []


def test_eval_does_not_hide_the_builtin() -> None:
    """`import eval` would: names are imported from its modules instead."""
    found = [
        str(path.relative_to(ROOT))
        for room in sorted(ROOMS)
        for path in modules(room)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import) and any(alias.name == "eval" for alias in node.names)
    ]
    assert found == []


@pytest.mark.parametrize("room", sorted(ORDER))
def test_imports_inside_a_room_run_one_way(room: str) -> None:
    """The folders are the pipeline: a step knows those before it, never those after."""
    floor, wrong = floor_of(room), []
    for module in modules(room):
        own = module.relative_to(ROOT / room).parts[0].removesuffix(".py")
        for name in set(_parts_of(room, module)) - {own}:
            if own != "__init__" and floor[name] >= floor[own]:
                wrong.append(f"{module.relative_to(ROOT)} imports {name}")
    assert wrong == []


def test_the_walk_through_the_rooms_tells_the_same_order() -> None:
    """Each chain that docs/architecture.md shows goes up the floors of one room."""
    walk = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    chains = [floors(shown.replace(",", " ")) for shown in re.findall(r"`([^`]* < [^`]*)`", walk)]
    told = set()
    for chain in chains:
        (room,) = (room for room in ORDER if {*chain[0], *chain[-1]} <= floor_of(room).keys())
        floor = floor_of(room)
        for lower, upper in pairwise(chain):
            assert max(floor[name] for name in lower) < min(floor[name] for name in upper)
        told.add(room)
    assert told == set(ORDER)


def floors(order: str) -> list[list[str]]:
    return [floor.split() for floor in order.split("<")]


def floor_of(room: str) -> dict[str, int]:
    """How high each folder of a room stands, from 0."""
    return {name: n for n, floor in enumerate(floors(ORDER[room])) for name in floor}


def _parts_of(room: str, source: Path) -> Iterator[str]:
    """The folders or modules of `room` that `source` imports from."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            parts = node.module.split(".")
            if parts[0] == room:
                yield from [parts[1]] if len(parts) > 1 else (a.name for a in node.names)
        elif isinstance(node, ast.Import):
            named = (alias.name.split(".") for alias in node.names)
            yield from (parts[1] for parts in named if parts[0] == room and len(parts) > 1)


@pytest.mark.parametrize("room", sorted(ROOMS - {"server"}))
def test_each_folder_says_what_it_takes_and_gives(room: str) -> None:
    """In the first two lines of its `__init__`, so that a newcomer can walk the folders."""
    silent = []
    for module in modules(room):
        if module.name == "__init__.py":
            said = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
            lines = said.split("\n")
            head = " ".join(lines[:2])
            if len(lines) < 2 or not re.match(r"Takes\b.*\b(give|gives|tells|brings)\b", head):
                silent.append(str(module.relative_to(ROOT)))
    assert silent == []
