"""The commands that the documents show are there, and work as printed in an ordinary shell."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from folders import ROOT
from typer.testing import CliRunner

from eval.bussola import ROOMS, app

DOCUMENTS = (
    *(ROOT / name for name in ("README.md", "README.it.md", "SECURITY.md")),
    *(ROOT / room / "README.md" for room in ("guides", "eval")),
    *sorted((ROOT / "docs").rglob("*.md")),
)
BUSSOLA = ".venv/bin/bussola "
SHOWN = re.compile(rf"{re.escape(BUSSOLA)}([^`\n]*)")
ENDS = re.compile(r"\s(#|\||>|&&)")  # of a command, in a shell


def shown(document: Path) -> Iterator[tuple[str, ...]]:
    """The words of each command of a document, without `bussola`; of one that runs another
    (`chatbot network run`) both."""
    for match in SHOWN.finditer(document.read_text(encoding="utf-8")):
        words = shlex.split(ENDS.split(match.group(1), maxsplit=1)[0])
        if BUSSOLA.strip() not in words:
            yield tuple(words)
            continue
        inner = words.index(BUSSOLA.strip())
        yield tuple(words[: inner - 1])  # without the name of a network
        yield tuple(words[inner + 1 :])


COMMANDS = sorted({words for document in DOCUMENTS for words in shown(document)})


def test_the_documents_show_commands_of_every_room() -> None:
    """A pattern that finds nothing would prove nothing."""
    assert len(COMMANDS) > 40
    assert {words[0] for words in COMMANDS} == set(ROOMS)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_is_as_printed(words: tuple[str, ...]) -> None:
    """The command with its options is there: a wrong one is told before `--help`."""
    found = CliRunner().invoke(app, [word for word in words if word != "--help"] + ["--help"])
    assert found.exit_code == 0, found.output
    assert "Usage" in found.output


def test_the_documents_show_one_form() -> None:
    """`python -m index` fails where the environment is not active."""
    other = re.compile(r"python -m (?:index|chatbot|eval) \w")
    assert [d.name for d in DOCUMENTS if other.search(d.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_command_works_in_an_ordinary_shell(room: str, tmp_path: Path) -> None:
    """In a clone's folder, with nothing of the environment set: what `make run` installed is
    enough."""
    (tmp_path / ".venv").symlink_to(sys.prefix)
    found = subprocess.run(
        ["sh", "-c", f"{BUSSOLA}{room} --help"], cwd=tmp_path, env={"PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert (found.returncode, found.stderr) == (0, "")
    assert f"bussola {room}" in found.stdout


def test_a_room_that_is_not_there_is_wrong_usage() -> None:
    """Exit code 2, as for any wrong command."""
    assert CliRunner().invoke(app, ["altro"]).exit_code == 2


def test_what_make_is_asked_for_is_in_the_makefile() -> None:
    """`make run`, and the others that a document shows as a command."""
    shown = {
        target
        for document in DOCUMENTS
        for target in re.findall(r"(?:^|`)make ([a-z]+)", document.read_text("utf-8"), re.MULTILINE)
    }
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {"run", "test"} <= shown
    assert shown - targets == set()
