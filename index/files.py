"""Files that are either whole or not there. Every write of a build goes through here."""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np


def write_file(path: Path, data: bytes) -> None:
    """Write `data` and have it on the disk before returning."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def save_array(path: Path, array: np.ndarray[Any, Any]) -> None:
    """Write an array in numpy's own format and have it on the disk before returning."""
    with path.open("wb") as file:
        np.save(file, array, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, data: bytes) -> None:
    """Write beside `path`, then rename over it: a reader sees the old bytes or the new."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    write_file(beside, data)
    rename(beside, path)


def rename(source: Path, target: Path) -> None:
    """Atomic rename within a file system, made durable by syncing the folder."""
    os.replace(source, target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Have on the disk what others wrote under `folder`."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        else:
            sync_folder(path)
    sync_folder(folder)


def discard(folder: Path) -> None:
    """Remove a folder so that it is never seen half gone: hidden first, then emptied. What cannot
    be removed is left for the next time."""
    hidden = folder
    if not folder.name.startswith("."):
        hidden = folder.with_name(f".{folder.name}")
        with suppress(OSError):
            os.replace(folder, hidden)
    shutil.rmtree(hidden, ignore_errors=True)


def file_digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
