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
