"""The counts of use as tables with their names and what each leaves out; as CSV and as PDF."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from chatbot.journal.usage import LEAST, Counts, Usage
from chatbot.pages.bars import HIDDEN, Rows
from chatbot.pages.brand import Brand
from chatbot.pages.texts import load_texts
from chatbot.words.pack import LANGUAGES
from index.network import ITALIAN, Network, in_language

if TYPE_CHECKING:
    from fpdf import FPDF

NO_LABEL = "non detto"
_BAR_MM, _ROW_MM = 90.0, 5.5


@dataclass(frozen=True, slots=True)
class UsageTable:
    """Counts under a title; `note` says what they leave out. `id` names its file."""

    id: str
    title: str
    rows: Rows
    note: str


@dataclass(frozen=True, slots=True)
class UsageReport:
    """All the tables of some days, and the lines above them."""

    first: date
    last: date
    lines: tuple[str, ...]
    tables: tuple[UsageTable, ...]


def report_of(counted: Usage, network: Network) -> UsageReport:
    """The tables in Italian, with the network's names."""

    def need(name: str) -> str:
        known = network.needs_shown.get(name)
        return in_language(known, ITALIAN, name) if known else NO_LABEL

    texts = load_texts(ITALIAN)
    languages: dict[str, str] = {code: load_texts(code).name for code in LANGUAGES}
    tables = [
        _table("esiti", "Domande per esito", counted.outcomes, _outcome,
               "Saluti e ringraziamenti non sono contati."),
        _table("bisogni", "Domande per bisogno", counted.needs, need,
               "Il bisogno è quello della guida citata per prima; una guida con due bisogni conta "
               "in tutti e due. Le domande senza una guida citata non ci sono."),
        _table("senza-risposta", "Bisogni delle domande senza risposta", counted.unanswered, need,
               "Il bisogno è quello della guida più vicina: dice dove guardare, non di che cosa si "
               "chiedeva."),
        _table("lingue", "Domande per lingua", counted.languages,
               lambda code: languages.get(code, code),
               "La lingua è riconosciuta dal programma: sulle frasi brevi può sbagliare."),
        _table("settimane", "Domande per settimana", counted.weeks, _week,
               "La prima e l'ultima settimana possono essere incomplete."),
        _table("territorio", "Domande per provincia", counted.areas, lambda name: name or NO_LABEL,
               "La provincia si sa solo quando chi chiede dice il comune. È contata a settimane "
               "intere, anche alle due estremità."),
        _table("invii", "Fogli mandati ai servizi, per stato", counted.states,
               lambda state: texts(f"referral_{state}"),
               "I fogli stampati o copiati, e le telefonate, non si contano."),
        _table("invii-bisogni", "Fogli mandati, per bisogno", counted.referral_needs, need,
               "Come sopra."),
    ]  # fmt: skip
    shown = tuple(table for table in tables if table.rows)
    return UsageReport(counted.first, counted.last, _lines(counted), shown)


def _lines(counted: Usage) -> tuple[str, ...]:
    share = counted.answered
    answered = "troppo poche domande per dirlo" if share is None else f"{share:.0%}"
    return (
        f"Domande: {_number(counted.questions)}.",
        f"Con una risposta: {answered} (su quelle dentro gli argomenti delle guide, emergenze a "
        "parte). Una risposta data può essere sbagliata: la pagina «Come va Bussola» dice quanto.",
        f"Fogli mandati ai servizi: {_number(counted.made)}.",
        f"I numeri sotto {LEAST} sono nascosti, e con loro quanto serve perché non si ricavino. Si "
        "contano domande, non persone: la stessa domanda rifatta conta due volte. Quello che il "
        "registro ha già cancellato non c'è.",
    )


def _table(
    table_id: str, title: str, counts: Counts, label: Callable[[str], str], note: str
) -> UsageTable:
    return UsageTable(table_id, title, [(label(name), n) for name, n in counts.items()], note)


def _outcome(name: str) -> str:
    return load_texts(ITALIAN).widget.get(f"outcome_{name}", name)


def _week(name: str) -> str:
    year, _, week = name.partition("-W")
    monday = date.fromisocalendar(int(year), int(week), 1)
    return f"dal {monday.day}/{monday.month}/{monday.year}"


def _number(n: int | None) -> str:
    return f"meno di {LEAST}" if n is None else str(n)


def as_csv(report: UsageReport) -> str:
    """One row a count: table, entry, count (empty when hidden), what it leaves out."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["tabella", "voce", "numero", "nota"])
    for table in report.tables:
        for label, n in table.rows:
            writer.writerow([table.title, _plain(label), "" if n is None else n, table.note])
    return out.getvalue()


def _plain(label: str) -> str:
    """A spreadsheet takes for a formula what begins like one."""
    return f"'{label}" if label[:1] in "=+-@" else label


def as_pdf(report: UsageReport, brand: Brand) -> bytes:
    """The report on paper, each table with its bars."""
    from chatbot.pages.charter_pdf import new_document, write_line  # half a second, for few

    title = f"{brand.name}: uso dal {report.first:%d/%m/%Y} al {report.last:%d/%m/%Y}"
    pdf = new_document(title, brand, "Uso del servizio")
    write_line(pdf, title, 16, tag="H1")
    for line in report.lines:
        write_line(pdf, line, 10)
    for table in report.tables:
        if pdf.will_page_break(_ROW_MM * min(len(table.rows), 12) + 20):
            pdf.add_page()  # a table begins with some of its rows
        pdf.ln(4)
        pdf.start_section(table.title)
        write_line(pdf, table.title, 12, tag="H2")
        most = max((n for _, n in table.rows if n), default=1)
        for label, n in table.rows:
            _bar(pdf, write_line, label, n, most)
        write_line(pdf, table.note, 9)
    return bytes(pdf.output())


def _bar(pdf: FPDF, write: Callable[..., None], label: str, n: int | None, most: int) -> None:
    if pdf.will_page_break(_ROW_MM):
        pdf.add_page()
    top = pdf.get_y()
    write(pdf, f"{label}: {HIDDEN if n is None else n}", 9)
    if n:
        pdf.set_fill_color(11, 85, 99)
        pdf.rect(pdf.w - pdf.r_margin - _BAR_MM, top + 1, _BAR_MM * n / most, 2.6, style="F")
