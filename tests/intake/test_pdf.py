"""A PDF: headings, columns, tables and links; a scan is told as such."""

from __future__ import annotations

from pathlib import Path

import pytest
from fpdf import FPDF
from intake_files import picture

from index.intake.document import Document, IntakeError
from index.intake.pdf_file import read_pdf

LINE = {"new_x": "LMARGIN", "new_y": "NEXT"}


def quiet(done: int, total: int) -> None:
    assert done <= total


def new_pdf(title: str = "Il permesso") -> FPDF:
    pdf = FPDF(format="A4")
    pdf.set_title(title)
    pdf.add_page()
    return pdf


def write(pdf: FPDF, text: str, size: int = 11, bold: bool = False) -> None:
    pdf.set_font("helvetica", "B" if bold else "", size)
    pdf.multi_cell(0, size * 0.5, text, **LINE)
    pdf.ln(3)


def read(pdf: FPDF, tmp_path: Path) -> Document:
    path = tmp_path / "a.pdf"
    pdf.output(str(path))
    return read_pdf(path, quiet)


def test_headings_paragraphs_lists_tables_and_links(tmp_path: Path) -> None:
    pdf = new_pdf()
    write(pdf, "Costi e tempi", 16, bold=True)
    words = "Il permesso si chiede alla questura entro otto giorni, con la marca e le fotografie. "
    write(pdf, words * 3)
    for item in ("- passaporto", "- marca da bollo"):
        pdf.multi_cell(0, 5.5, item, **LINE)
    pdf.ln(5)
    pdf.cell(0, 5.5, "La pagina della questura", link="https://example.org/q", **LINE)
    pdf.ln(5)
    with pdf.table() as table:
        for row in (("Documento", "Costo"), ("Permesso", "40 euro")):
            cells = table.row()
            for cell in row:
                cells.cell(cell)
    document = read(pdf, tmp_path)
    assert document.title == "Il permesso"
    assert [(b.level, b.markdown) for b in document.blocks] == [
        (1, "Costi e tempi"),
        (0, (words * 3).strip()),
        (0, "- passaporto\n- marca da bollo"),
        (0, "[La pagina della questura](https://example.org/q)"),
        (0, "| Documento | Costo |\n| --- | --- |\n| Permesso | 40 euro |"),
    ]
    assert document.losses == ()


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    pdf = new_pdf()
    write(pdf, "Titolo largo", 16)
    pdf.set_font("helvetica", size=11)
    top = pdf.get_y()
    first = "La prima colonna va avanti per molte righe finché non finisce lo spazio che ha. " * 4
    second = "Nella seconda colonna il testo riprende e continua senza mescolarsi con quello. " * 4
    for x, text in ((10, first), (110, second)):
        pdf.set_xy(x, top)
        pdf.multi_cell(85, 5.5, text)
    words = " ".join(block.words for block in read(pdf, tmp_path).blocks)
    assert words == f"Titolo largo {first}{second}".strip()


def test_what_is_on_every_page_is_told_once_and_left_out(tmp_path: Path) -> None:
    pdf = FPDF(format="A4")
    for number in range(1, 5):
        pdf.add_page()
        pdf.set_y(8)
        write(pdf, f"Comune di Prova, pagina {number}", 8)
        write(pdf, f"Capitolo {number}", 15)
        write(pdf, "Il testo del capitolo spiega come si chiede e quanto tempo ci vuole. " * 5)
    document = read(pdf, tmp_path)
    assert [b.words for b in document.blocks if b.level] == [f"Capitolo {n}" for n in range(1, 5)]
    assert not any("Comune di Prova" in block.words for block in document.blocks)
    assert [str(loss) for loss in document.losses] == [
        "da pagina 1: riga ripetuta in cima o in fondo alle pagine: «Comune di Prova, pagina 1»"
    ]


def test_pictures_and_comments_are_told_with_their_page(tmp_path: Path) -> None:
    pdf = new_pdf()
    write(pdf, "Prima pagina con del testo che si legge senza difficoltà.")
    pdf.add_page()
    write(pdf, "Seconda pagina con una figura e una nota di chi ha riletto.")
    pdf.image(picture(), x=20, y=60, w=80)
    pdf.text_annotation(x=30, y=30, text="Da verificare")
    told = {str(loss) for loss in read(pdf, tmp_path).losses}
    assert told == {"pagina 2: immagine", "pagina 2: commento: «Da verificare»"}


def test_a_scan_is_told_as_such(tmp_path: Path) -> None:
    pdf = new_pdf()
    pdf.image(picture(), x=0, y=0, w=210, h=297)
    with pytest.raises(IntakeError, match=r"scansione.*OCR"):
        read(pdf, tmp_path)


def test_a_page_scanned_among_others_is_told(tmp_path: Path) -> None:
    pdf = new_pdf()
    write(pdf, "Una pagina con del testo, e dopo una che è solo un'immagine.")
    pdf.add_page()
    pdf.image(picture(), x=0, y=0, w=210, h=297)
    told = [str(loss) for loss in read(pdf, tmp_path).losses]
    assert "pagina 2: pagina scansita: il testo va riconosciuto" in told


def test_words_cut_at_the_end_of_a_line_are_whole(tmp_path: Path) -> None:
    pdf = new_pdf()
    pdf.set_font("helvetica", size=11)
    for line in ("Il lavoratore che perde l'impiego ha diritto alla presta-", "zione di sempre."):
        pdf.cell(0, 5.5, line, **LINE)
    assert read(pdf, tmp_path).blocks[0].words.endswith("alla prestazione di sempre.")


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnulla", b"%PDF-1.4\n" + b"\xff" * 500])
def test_a_broken_pdf_is_refused_in_words(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    with pytest.raises(IntakeError, match=r"rovinato|non c'è testo"):
        read_pdf(path, quiet)
