"""The disk under the tests: nothing waits until bytes are on it.

What `fsync` is for, the power going away, no test can bring about: one that kills a process finds
what it wrote without. A build of a few guides calls it fifty times."""

from __future__ import annotations

import os
from typing import Protocol


class HasDescriptor(Protocol):
    def fileno(self) -> int: ...


def fsync(file: int | HasDescriptor) -> None:
    """In the place of `os.fsync`. What is no open file is an error here too."""
    os.fstat(file if isinstance(file, int) else file.fileno())
