"""A journal on each engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chatbot.journal.writer import Journal


@pytest.fixture
def journal(url: str) -> Iterator[Journal]:
    journal = Journal.open(url)
    yield journal
    journal.close()
