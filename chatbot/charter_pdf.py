"""The charter of services as a PDF with real text, language, outline and links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fpdf import FPDF

from chatbot.brand import Brand
from chatbot.charter import Found, service_row
from chatbot.interface import Texts
from chatbot.page import WEB

_FONTS = WEB / "vendor" / "dejavu"
_SHOWN = ("indirizzo", "comune", "area", "orari", "lingue", "accesso", "telefono", "whatsapp",
          "email", "pec", "sito")  # fmt: skip


def as_pdf(found: Sequence[Found], texts: Texts, brand: Brand, today: date) -> bytes:
    """The cards, one after another, in Italian as they are written; `texts` names the page."""
    pdf = FPDF(format="A4")
    pdf.set_lang("it-IT")
    pdf.set_title(f"{brand.name}: servizi")
    pdf.set_author(brand.organisation)
    pdf.set_margin(18)
    pdf.set_auto_page_break(True, margin=18)
    pdf.add_font("DejaVu", "", _FONTS / "DejaVuSans.ttf")
    pdf.add_font("DejaVu", "B", _FONTS / "DejaVuSans-Bold.ttf")
    pdf.add_page()
    _line(pdf, f"{brand.name} – Carta dei servizi", 18, bold=True)
    _line(pdf, f"{brand.organisation}. Stampata il {today:%d/%m/%Y}.", 9)
    for item in found:
        _card(pdf, item)
    if not found:
        _line(pdf, "Nessun servizio con questi filtri.", 11)
    return bytes(pdf.output())


def _card(pdf: FPDF, item: Found) -> None:
    row = service_row(item.guide, item.service)
    lines = [f"{key.capitalize()}: {row[key]}" for key in _SHOWN if row[key]]
    if row["stato"] == "da verificare":
        lines.append("Da verificare: chiamare prima di inviare una persona.")
    if pdf.will_page_break((len(lines) + 5) * 6):
        pdf.add_page()  # a card stays whole
    pdf.ln(4)
    pdf.start_section(_printable(row["nome"]))
    _line(pdf, row["nome"], 12, bold=True)
    _line(pdf, row["descrizione"], 10)
    for line in lines:
        _line(pdf, line, 10)
    _line(pdf, f"Verificato il {item.guide.verified_on:%d/%m/%Y}.", 9)


def _line(pdf: FPDF, text: str, size: float, bold: bool = False) -> None:
    pdf.set_font("DejaVu", "B" if bold else "", size)
    pdf.multi_cell(0, size * 0.5, _printable(text), align="L", new_x="LMARGIN", new_y="NEXT")


def _printable(text: str) -> str:
    """Control characters out: a card is one line of text after another."""
    return " ".join(text.split())
