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

CONTENT, BROWSER = "content", "browser"
LONGEST = (CONTENT, BROWSER)  # begun first, one in each process: what is short fills the ends
ONE_CORE = {"BUSSOLA_THREADS": "1", "OMP_NUM_THREADS": "1"}  # each process has a core of its own
PATIENCE_S = 3600  # in a fresh clone the first of its tests encodes all the real guides


def group_of(item: pytest.Item) -> str:
    """The tests that run in one process, one after the other: those that open the browser, or those
    of a folder, which share what they build. Groups of `LONGEST` come first."""
    if "browser" in getattr(item, "fixturenames", ()):
        return BROWSER
    return item.path.relative_to(TESTS).parts[0]


def arrange(items: list[pytest.Item]) -> None:
    """Order the tests by group and tell the workers which group each is of."""
    for item in items:
        group = group_of(item)
        item.add_marker(pytest.mark.xdist_group(group))
        if group == CONTENT:
            item.add_marker(pytest.mark.timeout(PATIENCE_S))
    last = len(LONGEST)
    items.sort(key=lambda i: LONGEST.index(group) if (group := group_of(i)) in LONGEST else last)


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
