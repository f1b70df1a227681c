"""What concerns the guides, cases and services of this repository is tried on them, and on the
day they were written for: they age, the code does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from folders import GUIDES
from today import day_of_the_guides

from eval.suite.case import Case
from eval.suite.folder import load_suite
from index.encode.encoder import Encoder
from index.publish.build import build
from index.publish.snapshot import Snapshot, load_current


@pytest.fixture(autouse=True)
def on_the_day_of_the_guides() -> Iterator[None]:
    """Whenever the tests run, it is that day."""
    with time_machine.travel(day_of_the_guides(), tick=True):
        yield


@pytest.fixture(scope="session")
def cases() -> tuple[Case, ...]:
    """The suite, read once: it takes seconds."""
    return load_suite()


@pytest.fixture(scope="session")
def published(model_dir: Path, encoder_of_all: Encoder) -> Path:
    """The folder of generated files in which a snapshot of the real guides is published."""
    var = model_dir.parent.parent
    build(GUIDES, var, encoder_of_all)
    return var


@pytest.fixture(scope="session")
def snapshot(published: Path) -> Snapshot:
    """The snapshot of the real guides."""
    return load_current(published)
