"""The report on paper: what social workers read of it, as a PDF that needs no browser."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fpdf import FPDF

from chatbot.pages.brand import load_brand
from chatbot.pages.charter_pdf import new_document, write_line
from eval.collections.measured import Measured
from eval.report.collections import INTERVAL, Chapter, brief, chapters, proof, share
from eval.report.collections import MEASURES as TOLD
from eval.report.page import moment, worst_first
from eval.report.show import MEASURE_WORDS, share_text
from eval.report.words import FOR_DEVELOPERS, MEANING
from eval.runs.baseline import breaches
from eval.runs.compare import Comparison
from eval.runs.result import VERDICT_WORDS, Run
from eval.runs.summary import summarise

MOST_FAILED = 15  # of a collection; the report has more of them
MOST_CASES = 60
LONGEST = 240  # characters of a question
_OTHER_LETTERS = re.compile(r"[\u0370-\u1fff\u2c00-\ufaff\ufb1d-\ufdff\ufe70-\ufeff]")
ELSEWHERE = "(in un alfabeto che qui non si stampa: è nel resoconto)"


def report_pdf(
    run: Run, baseline: Mapping[str, Any], against: Comparison | None = None,
    measured: Sequence[Measured] = (),
) -> bytes:  # fmt: skip
    """People's questions first, each figure with what it means, then the suite; failures first."""
    brand = load_brand()
    pdf = new_document("Resoconto delle prove di Bussola", brand, "Resoconto delle prove")
    write_line(pdf, "Resoconto delle prove di Bussola", 18, tag="H1")
    write_line(pdf, f"{moment(run.created)}. Istantanea {run.snapshot}, prova {run.id}.", 9)
    _heading(pdf, "Che cosa ottiene chi chiede")
    if measured:
        for sentence in brief(measured):
            write_line(pdf, f"• {sentence}", 11)
        write_line(pdf, f"{proof(measured)} {INTERVAL}", 10)
    else:
        write_line(pdf, "Le domande di persone non sono ancora state poste: «bussola eval "
                        "collection measure».", 10)  # fmt: skip
    for chapter in chapters(measured):
        _collection(pdf, chapter)
    _suite(pdf, run, baseline, against)
    return bytes(pdf.output())


def _collection(pdf: FPDF, chapter: Chapter) -> None:
    own = chapter.collection
    _heading(pdf, f"{own.title} ({len(chapter.measured.rows)})", 12, "H3")
    write_line(pdf, f"{own.standing} Chi le ha scritte: {own.author}.", 9)
    for name, figure in chapter.rows:
        word, _, meaning = TOLD[name]
        write_line(pdf, f"{word}: {share(figure)}, su {figure.n}. {meaning}", 10)
    for grouping in chapter.groupings:
        told = [
            f"{group} ({n}): " + ", ".join(
                f"{TOLD[name][0]} {share(figures[name])}"
                for name in grouping.told if name in figures
            )
            for group, n, figures in grouping.rows
        ]  # fmt: skip
        write_line(pdf, f"Per {grouping.name}. {'; '.join(told)}.", 9)
    if chapter.failed and not own.proves:
        write_line(pdf, f"Che cosa non è andato: {len(chapter.failed)}, le risposte sbagliate per "
                        "prime.", 10)  # fmt: skip
        for row in chapter.failed[:MOST_FAILED]:
            write_line(pdf, f"{row.outcome}: {_short(row.question)} ({row.id})", 9)


def _suite(pdf: FPDF, run: Run, baseline: Mapping[str, Any], against: Comparison | None) -> None:
    summary = summarise(run)
    broken = [*breaches(summary, baseline), *(against.regressions if against else [])]
    _heading(pdf, f"I casi scritti da chi fa Bussola ({summary['n']})")
    write_line(pdf, "Non sono una prova: chi li ha scritti conosce le guide. Servono a vedere che "
                    "quello che andava continui ad andare.", 10)  # fmt: skip
    write_line(
        pdf,
        "C'è un passo indietro:"
        if broken
        else "Nessun passo indietro: nessuna cifra è "
        "oltre il suo limite. Non vuol dire che le risposte siano tutte giuste.",
        10,
    )
    for line in broken:
        write_line(pdf, line, 10)
    for name, meaning in MEANING.items():
        figure = summary["measures"].get(name)
        if figure and name not in FOR_DEVELOPERS:
            told = f"{share_text(figure)}, su {figure['n']}"
            write_line(pdf, f"{MEASURE_WORDS[name]}: {told}. {meaning}", 10)
    failed = [result for result in worst_first(run) if not result.passed]
    _heading(pdf, f"Casi che non vanno: {len(failed)}, i più gravi per primi", 12, "H3")
    for result in failed[:MOST_CASES]:
        told = f": {result.problems[0]}" if result.problems else ""
        question = _short(result.case.question)
        write_line(pdf, f"{VERDICT_WORDS[result.verdict]}, gravità {result.case.severity}: "
                        f"{question} ({result.case.id}){told}.", 9)  # fmt: skip
    if len(failed) > MOST_CASES:
        write_line(pdf, f"E altri {len(failed) - MOST_CASES}: sono nel resoconto.", 9)


def _heading(pdf: FPDF, text: str, size: float = 14, tag: str = "H2") -> None:
    """Never the last line of a page."""
    if pdf.will_page_break(30):
        pdf.add_page()
    pdf.ln(4)
    pdf.start_section(text, level=0 if tag == "H2" else 1)
    write_line(pdf, text, size, tag=tag)


def _short(text: str) -> str:
    """The question in one line, as far as there is room. The font has Latin letters alone, so that
    the program stays small."""
    line = " ".join(text.split())
    if _OTHER_LETTERS.search(line):
        return ELSEWHERE
    return f"«{line}»" if len(line) <= LONGEST else f"«{line[:LONGEST]}…»"
