"""Word files made for the tests: a real one of python-docx, with the notes, tracked changes and
text boxes that it cannot write put into its XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph
from PIL import Image

NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
NOTES_RELATION = (
    '<Relationship Id="rIdNotes" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/footnotes" Target="footnotes.xml"/></Relationships>'
)
TEXT_BOX = """<w:r {ns} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape>
<v:textbox><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></v:textbox>
</v:shape></w:pict></w:r>"""


def new_document(title: str = "") -> WordDocument:
    document = Document()
    document.core_properties.title = title
    document.core_properties.author = ""
    return document


def tracked(paragraph: Paragraph, kind: str, text: str) -> None:
    """Add `text` to a paragraph as inserted (`ins`) or deleted (`del`) with changes tracked."""
    word = "delText" if kind == "del" else "t"
    paragraph._p.append(
        parse_xml(
            f'<w:{kind} {nsdecls("w")} w:id="900" w:author="R" w:date="2026-01-01T10:00:00Z">'
            f'<w:r><w:{word} xml:space="preserve">{text}</w:{word}></w:r></w:{kind}>'
        )
    )


def linked(paragraph: Paragraph, text: str, url: str) -> None:
    """Add `text` that links to `url`."""
    link = OxmlElement("w:hyperlink")
    link.set(
        qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    )
    run = OxmlElement("w:r")
    words = OxmlElement("w:t")
    words.text = text
    run.append(words)
    link.append(run)
    paragraph._p.append(link)


def noted(paragraph: Paragraph, number: int) -> None:
    """Add the mark of the note of a `number`, whose text is given to `saved`."""
    paragraph._p.append(
        parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="{number}"/></w:r>')
    )


def boxed(paragraph: Paragraph, text: str) -> None:
    """Add a text box."""
    paragraph._p.append(parse_xml(TEXT_BOX.format(ns=nsdecls("w"), text=text)))


def picture() -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(made, "PNG")
    made.seek(0)
    return made


def saved(document: WordDocument, path: Path, notes: Mapping[int, str] | None = None) -> Path:
    """Write the document, with the text of its notes by number."""
    document.save(str(path))
    if notes:
        _add_notes(path, notes)
    return path


def _add_notes(path: Path, notes: Mapping[int, str]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    body = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>'
        for number, text in notes.items()
    )
    parts["word/footnotes.xml"] = f"<w:footnotes {nsdecls('w')}>{body}</w:footnotes>".encode()
    rels, types = "word/_rels/document.xml.rels", "[Content_Types].xml"
    parts[rels] = parts[rels].replace(b"</Relationships>", NOTES_RELATION.encode())
    override = f'<Override PartName="/word/footnotes.xml" ContentType="{NOTES_TYPE}"/></Types>'
    parts[types] = parts[types].replace(b"</Types>", override.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


STYLES = (
    "<office:document-styles SPACES><office:font-face-decls/><office:styles/>"
    "<office:automatic-styles/><office:master-styles>FOOTER</office:master-styles>"
    "</office:document-styles>"
)


def open_text(path: Path, body: str, extra: Mapping[str, str] | None = None) -> Path:
    """An OpenDocument text whose `office:text` holds `body`, with other parts by name."""
    of_office = "urn:oasis:names:tc:opendocument:xmlns"
    whole = {"draw": "drawing", "fo": "xsl-fo-compatible"}
    spaces = " ".join(
        f'xmlns:{name}="{of_office}:{whole.get(name, name)}:1.0"'
        for name in ("office", "text", "table", "draw", "style", "fo")
    )
    spaces += ' xmlns:xlink="http://www.w3.org/1999/xlink"'
    spaces += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    content = (
        f"<office:document-content {spaces}><office:body><office:text>{body}</office:text>"
        "</office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
        for name, text in {"styles.xml": STYLES, **(extra or {})}.items():
            archive.writestr(name, text.replace("SPACES", spaces))
    return path


def with_parts(path: Path, parts: Mapping[str, bytes]) -> Path:
    """The zip at `path` with `parts` put in, in place of those of the same name."""
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**kept, **parts}.items():
            archive.writestr(name, data)
    return path


def ten_pages(path: Path) -> Path:
    """A document of some ten pages with a table, a note, a comment, changes and a box in each
    chapter."""
    document = new_document("Il tirocinio")
    document.sections[0].header.paragraphs[0].text = "Bozza interna"
    notes = {}
    for number in range(2, 12):
        document.add_heading(f"Passo {number}", 1)
        paragraph = document.add_paragraph(f"Il passo {number} dura ")
        tracked(paragraph, "del", "trenta")
        tracked(paragraph, "ins", "sessanta")
        paragraph.add_run(" giorni")
        noted(paragraph, number)
        paragraph.add_run(".")
        notes[number] = f"Così dice la circolare {number}."
        remarked = document.add_paragraph("Si chiede allo sportello.")
        document.add_comment(remarked.runs, text=f"Chiedere conferma {number}", author="R")
        for _ in range(12):
            document.add_paragraph("Il tirocinante firma il progetto con l'ente e l'azienda. " * 4)
        table = document.add_table(rows=3, cols=3)
        for row in range(3):
            for column in range(3):
                table.cell(row, column).text = f"cella {number}.{row}.{column}"
        table.cell(1, 0).merge(table.cell(2, 0)).text = f"unita {number}"
        boxed(document.add_paragraph("Accanto al testo. "), f"Nel riquadro {number}")
        document.add_picture(picture())
        document.add_heading("Documenti", 2)
        document.add_paragraph("permesso", style="List Bullet")
        document.add_paragraph("codice fiscale", style="List Bullet")
    return saved(document, path, notes)
