"""A drawer in a folder: a file for each document."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from chatbot.shared.drawer import Contents, InUse, Stamp
from index.files import replace_file


class FolderDrawer:
    """Safe between the threads and processes of one machine. `private` files are read by the
    service's own user alone."""

    def __init__(self, folder: Path, private: bool = False) -> None:
        self._folder, self._write = folder, private_file if private else replace_file

    def look(self, name: str, known: Stamp | None = None) -> Contents | None:
        file = self._folder / name
        try:
            state = file.stat()
            stamp = (state.st_mtime_ns, state.st_ino)
            return Contents(stamp, None if stamp == known else file.read_bytes())
        except FileNotFoundError:
            return None

    def all(self) -> dict[str, bytes]:
        found = {}
        for file in sorted(self._folder.glob("[!.]*")):
            with suppress(OSError):
                found[file.name] = file.read_bytes()
        return found

    def names(self) -> set[str]:
        return {file.name for file in self._folder.glob("[!.]*") if file.is_file()}

    def write(self, name: str, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._write(self._folder / name, data)

    @contextmanager
    def alone(self, name: str = "", wait: bool = True) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / (f".{name}.lock" if name else ".lock"))
        try:
            lock.acquire(timeout=-1 if wait else 0)
        except Timeout:
            raise InUse(name) from None
        try:
            yield
        finally:
            lock.release()


def private_file(path: Path, data: bytes) -> None:
    """Write a file that only the service's own user reads."""
    old = os.umask(0o077)
    try:
        replace_file(path, data)
    finally:
        os.umask(old)
