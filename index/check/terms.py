"""Rules about the glossary: each term explained, each way of writing it under one term."""

from __future__ import annotations

from collections.abc import Iterator

from index.finding import Finding
from index.guide import Guide


def terms(guide: Guide) -> Iterator[Finding]:
    """Terms without expansion or meaning; a variant claimed by two terms."""
    lines = {section.anchor: section.line for section in guide.sections}
    owners: dict[str, str] = {}
    for term in guide.terms:
        line = lines.get(term.anchor, 1)
        if not term.expansion or not term.meaning:
            message = f"«{term.term}»: scrivi lo scioglimento in grassetto e poi una frase"
            yield Finding(guide.path, line, message, "term")
        for written in {term.term.casefold(), *(v.casefold() for v in term.variants)}:
            owner = owners.setdefault(written, term.term)
            if owner != term.term:
                message = f"«{written}» è già fra i modi di scrivere «{owner}»: tienilo in uno solo"
                yield Finding(guide.path, line, message, "term", "warning")
