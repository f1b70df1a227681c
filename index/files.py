"""Files that are either whole or not there. Every write of a build goes through here."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def write_file(path: Path, data: bytes) -> None:
    """Write `data` and have it on the disk before returning."""
    with path.open("wb") as file:
        file.write(data)
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


def file_digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
