"""Reads one document in a process of its own, which is told how much it may take.

`python -m index.intake.reader FILE` prints lines of JSON: `{"done": 1, "total": 30}` on the way,
then `{"document": …}` or `{"refused": "why"}`.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
from collections.abc import Callable
from pathlib import Path

from pydantic import TypeAdapter

from index.intake.document import Document, IntakeError

MEMORY = 3 * 2**30  # bytes of this process
SECONDS = 300  # of a processor
DOCUMENT = TypeAdapter(Document)
ZIP, PDF = b"PK\x03\x04", b"%PDF-"
OLD_WORD = b"\xd0\xcf\x11\xe0"
_NOT_READ = (
    "non so leggere questo tipo di file: si leggono .docx, .odt, .pdf, .html e pagine salvate; "
    "apri il documento e salvalo in uno di questi"
)


def read_document(path: Path, progress: Callable[[int, int], None]) -> Document:
    """What a file is, its first bytes say, whatever its name. Raises IntakeError."""
    with path.open("rb") as file:
        head = file.read(4000)
    if head.startswith(ZIP):
        from index.intake.office_file import read_office_file

        return read_office_file(path)
    if PDF in head[:1024]:
        from index.intake.pdf_file import read_pdf

        return read_pdf(path, progress)
    if head.startswith(OLD_WORD):
        raise IntakeError("è un .doc di una volta, o è protetto: salvalo come .docx senza password")
    if b"<" in head or b"mime-version:" in head.lower() or b"<\0" in head:
        from index.intake.web_page import read_web_page

        return read_web_page(path)
    raise IntakeError(_NOT_READ if head else "il file è vuoto")


def _say(line: dict[str, object]) -> None:
    print(json.dumps(line), flush=True)


def main(path: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    logging.disable(logging.CRITICAL)  # what libraries think of the file is not for who waits
    try:
        document = read_document(
            Path(path), lambda done, total: _say({"done": done, "total": total})
        )
        if not document.blocks:
            raise IntakeError("nel documento non c'è testo")
        _say({"document": DOCUMENT.dump_python(document, mode="json")})
    except IntakeError as error:
        _say({"refused": str(error)})
    except (MemoryError, RecursionError):
        _say({"refused": "è troppo grande o troppo intricato per leggerlo: dividilo"})


if __name__ == "__main__":
    main(sys.argv[1])
