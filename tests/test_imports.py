"""Imports run one way: index <- chatbot <- eval, and server above them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
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


# folders of chatbot/, lowest first: each may import from itself and from those before it; what
# stands in no folder is `base` where it is a type or a setting, else a floor of its own
FLOORS: tuple[frozenset[str], ...] = (
    frozenset(
        {
            "question",
            "answer",
            "parts",
            "period",
            "problem",
            "settings",
            "stopwatch",
            "weights",
            "figures",
            "logs",
            "mail",
        }
    ),
    frozenset({"words"}),
    frozenset({"privacy"}),
    frozenset({"understand"}),
    frozenset({"find"}),
    frozenset({"read"}),
    frozenset({"judge"}),
    frozenset({"say"}),
    frozenset({"bot"}),
    frozenset({"library"}),
    frozenset({"shared"}),
    frozenset({"journal", "desk", "helper"}),
    frozenset({"referral"}),
    frozenset({"shield"}),
    frozenset({"http"}),
    frozenset({"pages", "doors"}),
    frozenset({"hosting", "routes"}),
    frozenset({"commands", "move"}),
    frozenset(
        {
            "digest_command",
            "edition_command",
            "maintenance_command",
            "move_command",
            "network_command",
            "usage_command",
        }
    ),
    frozenset({"__main__"}),
)


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


def test_imports_of_the_chatbot_run_one_way() -> None:
    """The folders are the pipeline: a step knows those before it, never those after."""
    floor_of = {name: n for n, names in enumerate(FLOORS) for name in names}
    wrong = []
    for module in modules("chatbot"):
        own = module.relative_to(ROOT / "chatbot").parts[0].removesuffix(".py")
        for name in _chatbot_parts(module):
            if own != "__init__" and floor_of[name] > floor_of[own]:
                wrong.append(f"{module.relative_to(ROOT)} imports {name}")
    assert wrong == []


def _chatbot_parts(source: Path) -> Iterator[str]:
    """The folders or modules of chatbot/ that `source` imports from."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            parts = node.module.split(".")
            if parts[0] == "chatbot":
                yield from [parts[1]] if len(parts) > 1 else (a.name for a in node.names)


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
