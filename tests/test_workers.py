"""Two processes share the tests: what stays together, and what is made once for both."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from folders import TESTS
from workers import arrange, made_once


class Item:
    """As much of a test as is looked at."""

    def __init__(self, name: str, *fixtures: str) -> None:
        self.path, self.fixturenames = TESTS / name, fixtures
        self.marks: dict[str, Any] = {}

    def add_marker(self, mark: Any) -> None:
        self.marks[mark.name] = mark.args[0]


def test_a_folder_stays_together_and_the_longest_come_first() -> None:
    """Who opens the browser goes with those that do, wherever it stands; the order inside a group
    is that of the files."""
    items = [
        Item("content/test_guides.py"), Item("desk/test_desk.py"),
        Item("desk/test_drafts_api.py", "client", "page", "browser"), Item("find/test_rank.py"),
        Item("pages/test_web_chat.py", "browser"), Item("test_library.py"),
    ]  # fmt: skip
    arrange(items)  # type: ignore[arg-type]
    assert [(item.marks["xdist_group"], item.path.name) for item in items] == [
        ("content", "test_guides.py"),
        ("browser", "test_drafts_api.py"), ("browser", "test_web_chat.py"),
        ("desk", "test_desk.py"), ("find", "test_rank.py"), ("test_library.py", "test_library.py"),
    ]  # fmt: skip
    assert ["timeout" in item.marks for item in items] == [True] + 5 * [False]


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
