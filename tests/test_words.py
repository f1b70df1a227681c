"""One word, one meaning: what README calls by a word is one class, and so is what rules work on."""

from __future__ import annotations

import ast
import re
from collections import defaultdict

import pytest
from folders import ROOT

ROOMS = ("chatbot", "index", "eval")
# of the answer in the making, beside the words of README; a `_` before a name changes no meaning
OTHERS = ("Question", "Query", "Turn", "Answer", "Asked", "Ruling", "Reason", "Evidence", "Part",
          "Place")  # fmt: skip


def classes() -> dict[str, list[str]]:
    """The files in which there is a class of a name."""
    found: dict[str, list[str]] = defaultdict(list)
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ClassDef):
                    found[node.name.lstrip("_")].append(str(path.relative_to(ROOT)))
    return found


def words_of_readme() -> list[str]:
    """Those of the table under «Words», as classes are named."""
    table = (ROOT / "README.md").read_text("utf-8").partition("## Words")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| ([a-z, ]+) \|", table, re.MULTILINE)
    return [word.strip().capitalize() for cell in cells[1:] for word in cell.split(",")]


FOUND, WORDS = classes(), words_of_readme()


def test_the_words_are_read() -> None:
    """Else nothing would be looked at."""
    assert {"Guide", "Service", "Draft", "Journal"} <= set(WORDS)
    assert len(FOUND) > 500


@pytest.mark.parametrize("word", [*WORDS, *OTHERS])
def test_a_word_names_one_class(word: str) -> None:
    assert FOUND.get(word, [])[1:] == []
