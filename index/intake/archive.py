"""A document that is a zip of XML, opened within bounds: nothing of it is run, fetched or believed.

What comes out holds the texts alone: pictures are kept by name, empty; macros, programs and other
files inside are left out.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.intake.document import IntakeError

MAX_ENTRIES = 5_000
MAX_TEXT = 64 * 2**20  # bytes of XML: thirty times a book
_TEXT = re.compile(r"\.(xml|rels)$|^mimetype$", re.IGNORECASE)
_PICTURE = re.compile(r"^(word/media|Pictures|media)/[^/]+$")
_MACRO = re.compile(r"vbaProject|vbaData|^Basic/|^Scripts/|/activeX/", re.IGNORECASE)
_FILE_INSIDE = re.compile(r"/embeddings/|^Object \d+/content\.xml$|/charts/chart\d+\.xml$")
# What declares entities, which may be bombs or lead to other files: no document needs it
_DECLARES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Archive:
    """`texts` by name; `macros` and `inside` are names of what was left out."""

    texts: Mapping[str, bytes]
    pictures: tuple[str, ...]
    macros: tuple[str, ...]
    inside: tuple[str, ...]

    def repacked(self) -> bytes:
        """A zip of the texts, with the pictures empty."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, data in self.texts.items():
                archive.writestr(name, data)
            for name in self.pictures:
                archive.writestr(name, b"")
        return made.getvalue()


def open_archive(path: Path) -> Archive:
    """Raises IntakeError when the file is no zip, or is one that would not end well."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(archive)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise IntakeError(f"il file è rovinato o protetto, e non si apre: {error}") from None


def _read(archive: zipfile.ZipFile) -> Archive:
    names = archive.namelist()
    if len(names) > MAX_ENTRIES:
        raise IntakeError(f"contiene {len(names)} file, e al massimo se ne leggono {MAX_ENTRIES}")
    texts: dict[str, bytes] = {}
    left = MAX_TEXT
    for name in filter(_TEXT.search, names):
        if _MACRO.search(name) or _FILE_INSIDE.search(name):
            continue
        texts[name] = _text(archive, name, left)
        left -= len(texts[name])
    return Archive(
        texts,
        tuple(filter(_PICTURE.search, names)),
        tuple(filter(_MACRO.search, names)),
        tuple(filter(_FILE_INSIDE.search, names)),
    )


def _text(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """The bytes of an entry, whatever size it says it has."""
    with archive.open(name) as entry:
        data = entry.read(most + 1)
    if len(data) > most:
        raise IntakeError(
            f"il testo che contiene passa i {MAX_TEXT >> 20} MB: sembra una bomba zip; se il "
            "documento è davvero così lungo, dividilo"
        )
    if _DECLARES.search(data.replace(b"\0", b"")):  # in UTF-16 too
        raise IntakeError(
            f"{name} dichiara entità, che un documento non usa e che servono ad attaccare chi lo "
            "legge: aprilo con il programma che l'ha fatto e salvalo di nuovo"
        )
    return data
