"""What concerns the guides, cases and services of this repository is tried on them, and on the
day they were written for: they age, the code does not."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from pathlib import Path

import pytest
import time_machine
from folders import GUIDES
from today import day_of_the_guides

from chatbot.bot import Bot
from eval.suite.case import Case
from eval.suite.folder import load_suite
from index.encode.encoder import Encoder
from index.network import Network
from index.publish.build import build
from index.publish.snapshot import Snapshot, load_current

REMEMBERED = 512  # texts, some 40 MB


@pytest.fixture(autouse=True)
def on_the_day_of_the_guides() -> Iterator[None]:
    """Whenever the tests run, it is that day."""
    with time_machine.travel(day_of_the_guides(), tick=True):
        yield


@pytest.fixture(scope="session")
def encoder(encoder_of_all: Encoder) -> Encoder:
    """One that remembers: the same questions come back in many of these tests, and an answer wants
    the vectors of a text several times. What it says is the same, as another test shows."""
    remembering = copy(encoder_of_all)
    remembering.remember(REMEMBERED)
    return remembering


@pytest.fixture(scope="session")
def bot(encoder: Encoder) -> Bot:
    return Bot(encoder)


@pytest.fixture(scope="session")
def cases() -> tuple[Case, ...]:
    """The suite, read once: it takes seconds."""
    return load_suite()


@pytest.fixture(scope="session")
def published(model_dir: Path, encoder_of_all: Encoder) -> Path:
    """The folder of generated files in which a snapshot of the real guides is published: checked
    on their day, since a deadline that has passed is an error, and dated as of now, since it is
    published after all that is there."""
    var = model_dir.parent.parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Network, "today", lambda network: day_of_the_guides())
        build(GUIDES, var, encoder_of_all)
    return var


@pytest.fixture(scope="session")
def snapshot(published: Path) -> Snapshot:
    """The snapshot of the real guides."""
    return load_current(published)
