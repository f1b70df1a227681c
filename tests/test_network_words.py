"""No word of the network is in the program: what a law, a place or a title is called is data."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

from folders import GUIDES, ROOT

from index.parse.network_folder import read_network

ROOMS = ("chatbot", "index", "eval")
LANGUAGE_TOO = {"None"}  # a town, and what Python calls nothing


def _words_of_the_network() -> re.Pattern[str]:
    with (GUIDES / "rete/luoghi.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    titles = {title.id for title in read_network(GUIDES)[0].titles}
    places = {row["nome"] for row in rows} | {row["provincia"] for row in rows} - LANGUAGE_TOO
    names = {*titles, *places, "2026", "Piemonte"} - LANGUAGE_TOO
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(names)))})(?!\w)")


def _lines_of(path: Path) -> list[str]:
    """The lines of a file, comments too; of Python the docstrings, whose examples are somebody's,
    are left out."""
    text = path.read_text("utf-8")
    lines = text.split("\n")
    with_docstring = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(text)) if path.suffix == ".py" else ():
        if isinstance(node, with_docstring) and ast.get_docstring(node) is not None:
            first, last = node.body[0].lineno, node.body[0].end_lineno or 0
            lines[first - 1 : last] = [""] * (last - first + 1)
    return lines


def _program() -> Iterator[Path]:
    """Python, and of the pages scripts, templates and styles that are ours."""
    for room in ROOMS:
        yield from (ROOT / room).rglob("*.py")
    yield ROOT / "server.py"
    for kind in ("js", "html", "css"):
        ours = (ROOT / "chatbot/web").rglob(f"*.{kind}")
        yield from (path for path in ours if "vendor" not in path.parts)


def test_no_word_of_the_network_is_in_the_program() -> None:
    """The year of its law, its territory, a title of stay, a place: in code and in comments."""
    wanted, looked_at = _words_of_the_network(), sorted(_program())
    found = [
        f"{path.relative_to(ROOT)}:{n}: {word}"
        for path in looked_at
        for n, line in enumerate(_lines_of(path), 1)
        for word in wanted.findall(line)
    ]
    assert found == []
    homes = {path.parent.relative_to(ROOT).as_posix() for path in looked_at}
    assert {".", "chatbot/judge/rules", "index/check", "eval/report", "chatbot/web/desk"} <= homes


def test_a_comment_with_a_word_of_the_network_is_found(tmp_path: Path) -> None:
    """And one in a docstring is not."""
    module = tmp_path / "module.py"
    module.write_text('"""In Piemonte."""\n\nN = 1  # since 2026\n', encoding="utf-8")
    lines = "\n".join(_lines_of(module))
    assert _words_of_the_network().findall(lines) == ["2026"]
