"""Whole guides made from a body, for tests."""

from __future__ import annotations

from index.guide import Guide
from index.parse.guide_file import parse_guide

SHEET = """---
titolo: Prova
tipo: scheda
bisogni: [denaro]
per_chi: [tutti]
verificato_il: 2026-11-22
rivedere_entro: 2027-02-20
responsabile: redazione giuridica
fonti:
  - titolo: TUB, art. 126
---
"""
SCRIPT = SHEET.replace("tipo: scheda", "tipo: copione\ndurata_minuti: 10")
SERVICE = SHEET.replace("tipo: scheda", "tipo: servizio\nstato: da verificare")
EMERGENCY = SHEET.replace(
    "tipo: scheda",
    'tipo: emergenza\nnumeri:\n  - numero: "112"\n    nome: Emergenza\nsegnali:\n  - è in pericolo',
)
GLOSSARY = SHEET.replace("tipo: scheda", "tipo: glossario")
PLAIN = "\n## In parole semplici {#parole-semplici}\n\nPuoi aprire un conto. Porta il permesso.\n"

BODY = "# Prova\n\nLa prova è una guida che serve ai test.\n"


def with_questions(asked: str, body: str) -> str:
    """A sheet of `body` whose front matter ends with `asked`, the lines under `domande`."""
    head = SHEET.removesuffix("---\n")
    return f"{head}domande:\n{asked}---\n{body}"


def guide(text: str, path: str = "schede/prova.md") -> Guide:
    """The guide of a text with its front matter; fails with the findings when there is none."""
    found, findings = parse_guide(text.encode(), path)
    assert found is not None, [str(finding) for finding in findings]
    return found


def sheet(body: str, path: str = "schede/prova.md") -> Guide:
    """A sheet made of `body`, which begins with `# Prova`."""
    return guide(SHEET + body, path)
