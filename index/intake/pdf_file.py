"""A PDF with text in it: columns, tables, links; a scan is told as such."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from index.intake.blocks import blocks_of
from index.intake.document import Document, IntakeError, Loss, first_words
from index.intake.pandoc import tree_of
from index.intake.pdf_page import Page, Table, read_page
from index.intake.pdf_text import Flow, flow_of, running_lines, running_name, table_html

MAX_PAGES = 500
FEWEST_CHARACTERS = 10  # of a page: with fewer and a picture, it is a scan
SMALLEST_PICTURE = 0.01  # of the page: smaller ones are marks and rules
COMMENTS = {"Text", "FreeText", "Highlight", "Underline", "Squiggly", "StrikeOut", "Stamp", "Popup"}
SCAN = (
    "è una scansione: dentro ci sono immagini di pagine, non testo. Fai riconoscere il testo con "
    "un programma OCR (per esempio OCRmyPDF, lingua italiana), rileggilo, e riprova"
)
_NO_TITLE = re.compile(r"^(microsoft word|untitled|senza titolo|documento?\d*$)|\.\w{3,4}$", re.I)


def read_pdf(path: Path, progress: Callable[[int, int], None]) -> Document:
    """`progress(done, total)` after each page. Raises IntakeError."""
    try:
        with pdfplumber.open(path) as pdf:
            return _read(pdf, progress)
    except PdfminerException as error:
        if isinstance(error.args[0] if error.args else None, PDFPasswordIncorrect):
            raise IntakeError("è protetto da una password: salvalo senza, e riprova") from None
        raise IntakeError("è rovinato, o non è un PDF: aprilo e salvalo di nuovo") from None


def _read(pdf: Any, progress: Callable[[int, int], None]) -> Document:
    total = len(pdf.pages)
    if total > MAX_PAGES:
        raise IntakeError(f"ha {total} pagine, e al massimo se ne leggono {MAX_PAGES}: dividilo")
    pages: list[Page] = []
    told: dict[int, list[Loss]] = {}
    scans: list[int] = []
    for number, page in enumerate(pdf.pages, start=1):
        if len(page.chars) < FEWEST_CHARACTERS and page.images:
            scans.append(number)
        pages.append(read_page(page))
        told[number] = list(_losses(page))
        page.close()  # what was read of it is not kept
        progress(number, total)
    if not any(page.parts for page in pages) or len(scans) == total:
        raise IntakeError(SCAN if scans else "nel PDF non c'è testo")
    losses = [Loss("pagina scansita: il testo va riconosciuto", f"pagina {n}") for n in scans]
    flow, of_pages = _flow(pages, told)
    _, nodes = tree_of(flow.html().encode(), "html")
    blocks, of_blocks = blocks_of(nodes)
    title = " ".join(str((pdf.metadata or {}).get("Title") or "").split())
    return Document(
        "" if _NO_TITLE.search(title) else title, tuple(blocks), (*losses, *of_pages, *of_blocks)
    )


def _losses(page: Any) -> Iterator[Loss]:
    """Pictures, comments, fields of a page, and letters that say nothing."""
    place = f"pagina {page.page_number}"
    area = float(page.width * page.height) or 1.0
    for picture in page.images:
        if picture["width"] * picture["height"] / area >= SMALLEST_PICTURE:
            yield Loss("immagine", place)
    for note in page.annots:
        kind = str((note.get("data") or {}).get("Subtype", "")).strip("/'")
        if kind in COMMENTS and note.get("contents"):
            yield Loss("commento", place, first_words(str(note["contents"])))
        elif kind == "Widget":
            yield Loss("campo da riempire", place, first_words(str(note.get("title") or "")))
    if any(char["text"].startswith("(cid:") for char in page.chars):
        yield Loss("caratteri senza il loro testo: rileggi la pagina con l'originale", place)


def _flow(pages: list[Page], told: dict[int, list[Loss]]) -> tuple[Flow, list[Loss]]:
    """The text of all pages, without what is repeated on each, and what is lost."""
    flow = flow_of(pages)
    running = running_lines(pages, flow.body)
    losses, seen = [], set()
    for page in pages:
        begun = flow.headings
        for part in page.parts:
            name = running_name(part, page, flow.body)
            if name in running:
                if name not in seen:
                    what = "riga ripetuta in cima o in fondo alle pagine"
                    losses.append(Loss(what, f"da pagina {page.number}", _shown(part)))
                seen.add(name)
            elif isinstance(part, Table):
                flow.table(f"<table>{''.join(table_html(part))}</table>")
                if any(cell is None for row in part.rows for cell in row):
                    told[page.number].append(Loss("celle unite", f"pagina {page.number}"))
            else:
                flow.add(part)
        for loss in told[page.number]:
            losses.append(Loss(loss.what, loss.place, loss.words, begun))
    return flow, losses


def _shown(part: Any) -> str:
    return first_words(part.text)
