"""Faults on purpose: an error, or the end of the process, at a chosen write or rename.

Python announces every file it opens, renames and removes to audit hooks; a hook that raises makes
the call fail there. So every such point of a build is reached without changing the code under
test, and points added tomorrow are reached too.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_EVENTS = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate"}


@dataclass
class Faults:
    """Counts the points under `folder` and strikes at number `at` (from 0), when there is one."""

    folder: Path
    at: int | None = None
    kill: bool = False
    number: int = errno.ENOSPC
    seen: list[str] = field(default_factory=list)

    def reach(self, point: str) -> None:
        self.seen.append(point)
        if self.at == len(self.seen) - 1:
            if self.kill:
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(self.number, os.strerror(self.number), point)


_active: list[Faults] = []
_installed: list[bool] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _active:
        return
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITES
    if not writes and event not in _EVENTS:
        return
    faults, path = _active[0], arguments[0]
    name = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else ""
    if name.startswith(str(faults.folder)):
        faults.reach(f"{event} {name[len(str(faults.folder)) + 1 :]}")


@contextmanager
def injected(faults: Faults) -> Iterator[Faults]:
    """Within the block the faults strike; `fsync` counts as a point as well."""
    if not _installed:
        sys.addaudithook(_hook)
        _installed.append(True)
    real = os.fsync

    def fsync(descriptor: int) -> None:
        faults.reach("fsync")
        real(descriptor)

    os.fsync = fsync
    _active.append(faults)
    try:
        yield faults
    finally:
        _active.clear()
        os.fsync = real
