"""Processes that share the tests (`pytest -n`): which tests stay together, and what one process
makes for all of them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from folders import TESTS
from small import copy_of
from xdist.scheduler import LoadScopeScheduling

CONTENT = "content"
# Begun first, in this order; what is short fills the ends. In a fresh clone the first of content
# makes the model, which nearly all the others wait for: those of the journal need none.
FIRST = (CONTENT, "journal", "pages", "shield", "publish", "http", "shared", "desk", "training")
ONE_CORE = {"BUSSOLA_THREADS": "1", "OMP_NUM_THREADS": "1"}  # each process has a core of its own
PATIENCE_S = 3600  # in a fresh clone the first of its tests encodes all the real guides


def group_of(nodeid: str) -> str:
    """The tests of a folder, or of a file that stands in `tests/`, run in one process, one after
    the other: they share what they build."""
    return nodeid.partition("::")[0].rpartition(f"{TESTS.name}/")[2].partition("/")[0]


class ByFolder(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out whole groups, in the order in which they were arranged. (`--dist loadgroup` of
    pytest-xdist 3.8 says nothing and does not group under pytest 9.2: its issue 1386.)"""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def arrange(items: list[pytest.Item]) -> None:
    """Put the tests of the groups that go first first, and those of a file together: pytest takes
    the ones that open the browser out, and what they share with the others would be made twice."""
    for item in items:
        if group_of(item.nodeid) == CONTENT:
            item.add_marker(pytest.mark.timeout(PATIENCE_S))
    order = {group: at for at, group in enumerate(FIRST)}
    files: dict[str, int] = {}
    for item in items:
        files.setdefault(_file_of(item), len(files))
    items.sort(
        key=lambda item: (order.get(group_of(item.nodeid), len(order)), files[_file_of(item)])
    )


def _file_of(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def in_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


def session_folder(factory: pytest.TempPathFactory) -> Path:
    """A folder that is the same for all the processes of this session."""
    base = factory.getbasetemp()
    return base.parent if in_worker() else base


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder of this process's own with what `make(folder)` puts into it. The first process that
    asks makes it, the others wait and get a copy."""
    pattern = session_folder(factory) / f"made-{name}"
    with FileLock(f"{pattern}.lock"):
        if not (done := Path(f"{pattern}.done")).exists():
            shutil.rmtree(pattern, ignore_errors=True)  # what one that failed left
            pattern.mkdir()
            make(pattern)
            done.touch()
    return copy_of(pattern, factory.mktemp(name) / name)
