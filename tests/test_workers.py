"""Two processes share the tests: what stays together, and what is made once for both."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from another_day import here
from folders import ROOT, TESTS
from workers import arrange, made_once


class Item:
    """As much of a test as is looked at."""

    def __init__(self, nodeid: str) -> None:
        self.nodeid = nodeid
        self.marks: list[str] = []

    def add_marker(self, mark: Any) -> None:
        self.marks.append(mark.name)


def test_the_longest_come_first_and_the_others_in_their_order() -> None:
    """The first of the guides' own tests may wait for their encoding."""
    names = [
        "tests/content/test_guides.py::test_a", "tests/say/test_reply.py::test_b[tests/content/]",
        "tests/journal/test_journal.py::test_c", "tests/pages/test_web_chat.py::test_d",
        "tests/find/test_rank.py::test_e",
    ]  # fmt: skip
    items = [Item(name) for name in reversed(names)]
    arrange(items)  # type: ignore[arg-type]
    assert [item.nodeid for item in items] == [names[0], *names[2:], names[1]]
    assert [item.marks for item in items] == [["timeout"], [], [], [], []]


def test_those_of_a_file_stay_together() -> None:
    """Though pytest has put first those that open the browser."""
    names = [
        "tests/shield/test_hostile.py::test_seen", "tests/shield/test_shared_pages.py::test_a",
        "tests/shield/test_hostile.py::test_read", "tests/pages/test_web_chat.py::test_b",
    ]  # fmt: skip
    items = [Item(name) for name in names]
    arrange(items)  # type: ignore[arg-type]
    assert [item.nodeid for item in items] == [names[3], names[0], names[2], names[1]]


def test_processes_are_given_whole_folders(tmp_path: Path) -> None:
    """As `make test` asks for them: each folder in one process, all of its tests."""
    place = tmp_path / TESTS.name
    for folder in ("uno", "due", "tre"):
        (place / folder).mkdir(parents=True)
        (place / folder / f"test_{folder}.py").write_text(TEN_TESTS)
    (place / "conftest.py").write_text(CONFTEST)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", "--import-mode=importlib", place],
        cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False,
        env={**os.environ, **here(TESTS, ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
             "PYTEST_PLUGINS": "xdist.plugin"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    ran = [file.read_text().split() for file in sorted(tmp_path.glob("*.ran"))]
    assert sorted(folder for folders in ran for folder in set(folders)) == ["due", "tre", "uno"]
    assert sum(map(len, ran)) == 30


TEN_TESTS = """
import os
import pathlib
import pytest

@pytest.mark.parametrize("n", range(10))
def test_one(n, pytestconfig):
    worker = os.environ["PYTEST_XDIST_WORKER"]
    with open(pytestconfig.rootpath / f"{worker}.ran", "a") as file:
        file.write(pathlib.Path(__file__).parent.name + "\\n")
"""
CONFTEST = """
from workers import ByFolder

def pytest_xdist_make_scheduler(config, log):
    return ByFolder(config, log)
"""


class Factory:
    """The temporary folders of one process of a session."""

    def __init__(self, session: Path, worker: str) -> None:
        self.base = session / f"popen-{worker}"
        self.base.mkdir()

    def getbasetemp(self) -> Path:
        return self.base

    def mktemp(self, name: str) -> Path:
        folder = self.base / name
        folder.mkdir()
        return folder


def test_what_two_processes_need_is_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second waits for the first; each has a folder of its own to change."""
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    made: list[Path] = []

    def make(folder: Path) -> None:
        made.append(folder)
        time.sleep(0.2)
        (folder / "detto").write_text("uno")

    factories = [Factory(tmp_path, name) for name in ("gw0", "gw1")]
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda f: made_once(f, "prova", make), factories)
    assert len(made) == 1
    assert one != other
    assert [(folder / "detto").read_text() for folder in (one, other)] == ["uno", "uno"]


def test_what_was_left_half_made_is_made_again(tmp_path: Path) -> None:
    """The first failed; the second is not given what it left."""
    factory = Factory(tmp_path, "gw0")

    def fails(folder: Path) -> None:
        (folder / "a metà").touch()
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011
        made_once(factory, "prova", fails)  # type: ignore[arg-type]
    again = made_once(factory, "prova", lambda folder: (folder / "detto").touch())  # type: ignore[arg-type]
    assert [path.name for path in again.iterdir()] == ["detto"]
