"""The log never stops what it tells of."""

from __future__ import annotations

import errno
import io
import json
import sys
from collections.abc import Iterator

import pytest
import structlog

from chatbot.logs import configure_logs


class FullDisk(io.StringIO):
    """Takes nothing while it is full."""

    full = True

    def write(self, text: str) -> int:
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(text)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    kept = structlog.get_config()
    yield
    structlog.configure(**kept)


def test_a_full_disk_under_the_log_loses_lines_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told while there is no room is lost; what comes after it is there."""
    disk = FullDisk()
    monkeypatch.setattr(sys, "stderr", disk)
    configure_logs()
    log = structlog.get_logger()
    log.info("lost")
    disk.full = False
    log.info("kept", n=1)
    (line,) = disk.getvalue().splitlines()
    assert json.loads(line)["event"] == "kept"
