"""A document read at arm's length: whatever it does to its reader, Bussola goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Timer

from index.intake.document import Document, IntakeError
from index.intake.reader import DOCUMENT

MAX_BYTES = 50 * 2**20
SECONDS = 300


def read_bounded(path: Path, progress: Callable[[int, int], None] | None = None) -> Document:
    """`progress(done, total)` after each page of a long document.

    Raises IntakeError when it cannot be read, is too large, or takes too long.
    """
    _check_size(path)
    command = [sys.executable, "-m", "index.intake.reader", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reader:
        assert reader.stdout is not None
        clock = Timer(SECONDS, reader.kill)
        clock.start()
        try:
            for line in reader.stdout:
                said = json.loads(line)
                if "document" in said:
                    return DOCUMENT.validate_python(said["document"])
                if "refused" in said:
                    raise IntakeError(said["refused"])
                if progress:
                    progress(said["done"], said["total"])
        finally:
            clock.cancel()
            reader.kill()
    raise IntakeError(
        "la lettura si è fermata: il documento è rovinato, o chiede più tempo e memoria di quanto "
        "si concede. Aprilo, salvalo di nuovo, o dividilo"
    )


def _check_size(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise IntakeError(f"non si legge: {error.strerror}") from None
    if not path.is_file():
        raise IntakeError("non è un file")
    if size > MAX_BYTES:
        raise IntakeError(f"è di {size >> 20} MB, e al massimo se ne leggono {MAX_BYTES >> 20}")
