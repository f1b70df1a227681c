"""What a Word file says is in the draft, or told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from intake_files import (
    boxed,
    linked,
    new_document,
    noted,
    picture,
    saved,
    ten_pages,
    tracked,
    with_parts,
)

from index.intake.document import Document
from index.intake.office_file import read_office_file


def markdown(document: Document) -> str:
    return "\n\n".join(f"{'#' * b.level} {b.markdown}".strip() for b in document.blocks)


def told(document: Document) -> list[str]:
    return [str(loss) for loss in document.losses]


def test_headings_lists_links_and_notes_are_kept(tmp_path: Path) -> None:
    document = new_document("Il permesso")
    document.add_heading("Rinnovo", 1)
    paragraph = document.add_paragraph("Si chiede ")
    linked(paragraph, "alla questura", "https://example.org/a_b?c=1")
    noted(paragraph, 2)
    paragraph.add_run(".")
    document.add_paragraph("Passaporto", style="List Bullet")
    document.add_paragraph("Marca", style="List Bullet")
    document.add_paragraph("prima", style="List Number")
    document.add_paragraph("poi", style="List Number")
    read = read_office_file(saved(document, tmp_path / "a.docx", {2: "Non alle poste."}))
    assert read.title == "Il permesso"
    assert markdown(read) == (
        "# Rinnovo\n\nSi chiede [alla questura](https://example.org/a_b?c=1) (nota 1).\n\n"
        "- Passaporto\n- Marca\n\n1. prima\n2. poi\n\n+ Nota 1: Non alle poste."
    )
    assert told(read) == []


def test_what_is_not_carried_is_told_under_its_heading(tmp_path: Path) -> None:
    document = new_document("Prova")
    document.sections[0].footer.paragraphs[0].text = "Uso interno"
    document.add_heading("Termini", 1)
    paragraph = document.add_paragraph("Entro ")
    tracked(paragraph, "del", "30")
    tracked(paragraph, "ins", "60")
    paragraph.add_run(" giorni.")
    document.add_comment(paragraph.runs, text="Verificare", author="R")
    boxed(document.add_paragraph("Testo. "), "Solo nel riquadro")
    document.add_paragraph("Tariffa: ").add_run("20 euro").font.strike = True
    document.add_picture(picture())
    read = read_office_file(saved(document, tmp_path / "a.docx"))
    assert "Entro 60 giorni." in markdown(read)
    assert "20 euro" not in markdown(read)
    assert set(told(read)) == {
        "sotto «Termini»: commento: «Verificare»",
        "sotto «Termini»: modifica da accettare: testo cancellato, non riportato: «30»",
        "sotto «Termini»: modifica da accettare: testo aggiunto, riportato: «60»",
        "sotto «Termini»: casella di testo: «Solo nel riquadro»",
        "sotto «Termini»: testo barrato, tolto: «20 euro»",
        "sotto «Termini»: immagine: «media/image1.png»",
        "in tutto il documento: piè di pagina: «Uso interno»",
    }


def test_merged_cells_are_repeated_downwards_and_told(tmp_path: Path) -> None:
    """A row is read alone: what is merged stands in each of them."""
    document = new_document("Prova")
    document.add_heading("Costi", 1)
    table = document.add_table(rows=3, cols=3)
    for row in range(3):
        for column in range(3):
            table.cell(row, column).text = f"{row}|{column}"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "Permesso"
    read = read_office_file(saved(document, tmp_path / "a.docx"))
    assert read.blocks[1].markdown.splitlines() == [
        "| 0\\|0 | 0\\|1 | 0\\|2 |",
        "| --- | --- | --- |",
        "| Permesso | 1\\|1 | 1\\|2 |",
        "| Permesso | 2\\|1 | 2\\|2 |",
    ]
    assert told(read) == ["sotto «Costi»: celle unite (2 righe): «Permesso»"]


def test_a_raised_figure_is_not_glued_to_the_number_before(tmp_path: Path) -> None:
    document = new_document("Prova")
    paragraph = document.add_paragraph("Almeno 28 m")
    paragraph.add_run("2").font.superscript = True
    read = read_office_file(saved(document, tmp_path / "a.docx"))
    assert read.blocks[0].words == "Almeno 28 m²"


def test_macros_are_left_out_and_told(tmp_path: Path) -> None:
    document = new_document("Prova")
    document.add_paragraph("Testo.")
    path = with_parts(saved(document, tmp_path / "a.docx"), {"word/vbaProject.bin": b"\0macro"})
    assert told(read_office_file(path)) == ["in tutto il documento: macro, ignorate"]


def test_ten_pages_lose_nothing_in_silence(tmp_path: Path) -> None:
    """Of each of ten chapters: the note, the table and the list are there; the comment, the box,
    the picture and the changes are told."""
    read = read_office_file(ten_pages(tmp_path / "dieci.docx"))
    text, losses = markdown(read), told(read)
    for number in range(2, 12):
        place = f"sotto «Passo {number}»: "
        assert f"Il passo {number} dura sessanta giorni (nota {number - 1})." in text
        assert f"+ Nota {number - 1}: Così dice la circolare {number}." in text
        assert text.count(f"| unita {number} |") == 2
        for what in (
            f"commento: «Chiedere conferma {number}»",
            f"casella di testo: «Nel riquadro {number}»",
            "immagine: «media/image1.png»",
            "modifica da accettare: testo cancellato, non riportato: «trenta»",
            f"celle unite (2 righe): «unita {number}»",
        ):
            assert place + what in losses
    assert "in tutto il documento: intestazione di pagina: «Bozza interna»" in losses
    assert not [line for line in losses if "testo non riportato" in line]


@pytest.mark.parametrize("style", ["Title", "Heading 1"])
def test_the_title_is_that_of_the_document_or_its_first_heading(style: str, tmp_path: Path) -> None:
    document = new_document("")
    document.add_paragraph("Il titolo", style=style)
    document.add_paragraph("Testo.")
    read = read_office_file(saved(document, tmp_path / "a.docx"))
    assert "Il titolo" in {read.title, read.blocks[0].words}
