"""The charter of services as a PDF: real text, language, title, outline, links, tags.

fpdf2 tags headings and paragraphs, one after another under the document. It cannot nest them, nor
tie a link's annotation to its text, as PDF/UA asks: the page «Servizi» says the same, accessibly.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from typing import Any

from fpdf import FPDF
from fpdf.enums import MethodReturnValue
from fpdf.prefs import ViewerPreferences

from chatbot.pages.brand import Brand
from chatbot.pages.charter import Found
from chatbot.pages.page import WEB, contact_link
from chatbot.pages.texts import load_texts

_FONTS = WEB / "vendor" / "dejavu"
_LINK_COLOUR = (11, 85, 99)


def as_pdf(found: Sequence[Found], brand: Brand, today: date) -> bytes:
    """The cards, one after another, in Italian as they are written."""
    pdf = new_document(f"{brand.name}: servizi", brand, "Carta dei servizi del territorio")
    write_line(pdf, f"{brand.name} – Carta dei servizi", 18, tag="H1")
    write_line(pdf, f"{brand.organisation or brand.name}. Stampata il {today:%d/%m/%Y}.", 9)
    for item in found:
        _card(pdf, item)
    if not found:
        write_line(pdf, "Nessun servizio con questi filtri.", 11)
    return bytes(pdf.output())


def new_document(title: str, brand: Brand, subject: str) -> FPDF:
    """An A4 document in Italian, at its first page, for `write_line`."""
    pdf = FPDF(format="A4")
    pdf.set_lang("it-IT")
    pdf.set_title(title)
    pdf.set_author(brand.organisation or brand.name)
    pdf.set_subject(subject)
    pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
    pdf.set_margin(18)
    pdf.set_auto_page_break(True, margin=18)
    pdf.add_font("DejaVu", "", _FONTS / "DejaVuSans.ttf")
    pdf.add_font("DejaVu", "B", _FONTS / "DejaVuSans-Bold.ttf")
    pdf.add_page()
    return pdf


def _card(pdf: FPDF, item: Found) -> None:
    service, name = item.service, load_texts("it").label
    facts = {
        "Indirizzo": service.address,
        "Comune": service.municipality,
        "Area": ", ".join(service.area),
        "Orari": service.hours,
        "Lingue": ", ".join(service.languages),
        "Accesso": service.access,
    }
    lines = [(f"{key}: {value}", "") for key, value in facts.items() if value]
    for contact in service.contacts:
        line = f"{name('contact', contact.kind)}: {contact.value}"
        lines.append((line, contact_link(contact) or ""))
    checked = service.status == "verificato"
    if not checked:
        lines.append(("Da verificare: chiamare prima di inviare una persona.", ""))
    if pdf.will_page_break((len(lines) + 5) * 6):
        pdf.add_page()  # a card stays whole
    pdf.ln(4)
    pdf.start_section(_printable(item.guide.title))
    write_line(pdf, item.guide.title, 12, tag="H2")
    write_line(pdf, service.body, 10)
    for line, link in lines:
        write_line(pdf, line, 10, link=link)
    write_line(pdf, _when(item.guide.verified_on, checked), 9)


def _when(day: date | None, checked: bool) -> str:
    """When the facts of a card were checked, or collected."""
    if day is None:
        return "Data di verifica non indicata."
    return f"Verificato il {day:%d/%m/%Y}." if checked else f"Dati raccolti il {day:%d/%m/%Y}."


def write_line(pdf: FPDF, text: str, size: float, tag: str = "P", link: str = "") -> None:
    """A paragraph or a heading. One that does not fit starts the next page, because a tag holds
    the content of one page; one longer than a page goes without its tag."""
    pdf.set_font("DejaVu", "" if tag == "P" else "B", size)
    pdf.set_text_color(*(_LINK_COLOUR if link else (0, 0, 0)))
    box: dict[str, Any] = {"w": 0, "h": size * 0.5, "text": _printable(text), "align": "L",
           "new_x": "LMARGIN", "new_y": "NEXT"}  # fmt: skip
    breaks: dict[str, Any] = {"dry_run": True, "output": MethodReturnValue.PAGE_BREAK}
    if pdf.multi_cell(**box, **breaks):
        pdf.add_page()
    with ExitStack() as stack:
        if not pdf.multi_cell(**box, **breaks):
            # fpdf2 has no public way to name a tag: pinned in requirements.lock
            stack.enter_context(pdf._marked_sequence()).s = f"/{tag}"
        pdf.multi_cell(**box, link=link)


def _printable(text: str) -> str:
    """Control characters out: a card is one line of text after another."""
    return " ".join(text.split())
