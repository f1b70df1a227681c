"""Documents made to hurt who reads them: refused in words, in time and in little memory."""

from __future__ import annotations

import os
import resource
import zipfile
from pathlib import Path

import pytest
from intake_files import new_document, open_text, saved, with_parts

from index.intake.archive import MAX_ENTRIES, MAX_TEXT, open_archive
from index.intake.bounded import MAX_BYTES, read_bounded
from index.intake.document import IntakeError

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><w:document>&j;</w:document>"
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY out SYSTEM "file:///etc/passwd">]><x>&out;</x>'


def word_file(folder: Path) -> Path:
    document = new_document("Prova")
    document.add_paragraph("Testo.")
    return saved(document, folder / "a.docx")


def test_a_zip_bomb_is_refused_before_it_opens(tmp_path: Path) -> None:
    """Far more blanks than it has bytes: no more is unpacked than a document may have."""
    path = tmp_path / "bomba.docx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w") as entry,
    ):
        for _ in range(300):
            entry.write(b" " * 2**20)
    assert path.stat().st_size < 2**20
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(IntakeError, match="bomba zip"):
        open_archive(path)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown < 3 * MAX_TEXT


def test_many_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(MAX_ENTRIES + 1):
            archive.writestr(f"{number}.xml", "")
    with pytest.raises(IntakeError, match=str(MAX_ENTRIES)):
        open_archive(path)


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "docProps/core.xml"])
@pytest.mark.parametrize("data", [BOMB, OUTSIDE, OUTSIDE.decode().encode("utf-16")])
def test_entities_are_refused_wherever_they_are(part: str, data: bytes, tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=f"{part} dichiara entità"):
        open_archive(with_parts(word_file(tmp_path), {part: data}))


def test_entities_of_an_open_document_are_refused(tmp_path: Path) -> None:
    path = with_parts(open_text(tmp_path / "a.odt", ""), {"content.xml": BOMB})
    with pytest.raises(IntakeError, match=r"content\.xml dichiara entità"):
        open_archive(path)


def test_pictures_and_programs_inside_are_not_handed_on(tmp_path: Path) -> None:
    """What pandoc is given has no macro, no file inside, and no picture's bytes."""
    inside = {
        "word/vbaProject.bin": b"\0", "word/embeddings/a.xlsx": b"PK", "word/media/a.png": b"x" * 9,
    }  # fmt: skip
    archive = open_archive(with_parts(word_file(tmp_path), inside))
    path = tmp_path / "b.docx"
    path.write_bytes(archive.repacked())
    with zipfile.ZipFile(path) as repacked:
        assert not {"word/vbaProject.bin", "word/embeddings/a.xlsx"} & {*repacked.namelist()}
        assert repacked.read("word/media/a.png") == b""


def test_a_page_with_entities_reads_no_file(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY out SYSTEM "file:///etc/passwd">]>'
        "<html><body><p>Prima &out; dopo, il testo della pagina va avanti.</p></body></html>"
    )
    words = " ".join(block.words for block in read_bounded(path).blocks)
    assert words.startswith("Prima")
    assert "root:" not in words


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "vuoto"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, r"\.doc di una volta"),
        (b"PK\x03\x04" + b"\xff" * 60, "rovinato"),
        (b"solo parole", "non so leggere"),
        (b"<html></html>", "non c'è testo"),
    ],
)
def test_what_is_no_document_is_refused_in_words(data: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(data)
    with pytest.raises(IntakeError, match=told):
        read_bounded(path)


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with path.open("wb") as file:
        os.truncate(file.fileno(), MAX_BYTES + 1)
    with pytest.raises(IntakeError, match="al massimo"):
        read_bounded(path)


def test_a_reader_that_dies_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a document does to its reader, the command goes on and says so."""
    path = word_file(tmp_path)
    monkeypatch.setenv("PYTHONPATH", "")
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(IntakeError, match="la lettura si è fermata"):
        read_bounded(path)
