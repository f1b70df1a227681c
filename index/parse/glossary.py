"""The glossary: terms with expansion, meaning and the ways people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.guide import Section, Term

_VARIANTS = re.compile(r"^Varianti:\s*(.*)$", re.IGNORECASE)
_PLAIN = re.compile(r"^In parole semplici:\s*(.*)$", re.IGNORECASE)


def read_terms(sections: Iterable[Section]) -> tuple[Term, ...]:
    """One term per `##` section: first unit = expansion, list items = variants, plain words."""
    return tuple(_read_term(section) for section in sections if section.level == 2)


def _read_term(section: Section) -> Term:
    prose, variants, plain = [], (), ""  # type: list[str], tuple[str, ...], str
    for unit in section.units:
        if match := _VARIANTS.match(unit.text):
            parts = (part.strip(" .") for part in re.split(r"[,;]", match.group(1)))
            variants = tuple(part for part in parts if part)
        elif match := _PLAIN.match(unit.text):
            plain = match.group(1)
        else:
            prose.append(unit.text)
    expansion, meaning = (prose[0].rstrip("."), " ".join(prose[1:])) if prose else ("", "")
    return Term(section.heading_path[-1], section.anchor, expansion, meaning, variants, plain)
