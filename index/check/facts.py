"""Rules about facts: every number has its source, every rule its condition."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.finding import Finding
from index.guide import GENERATED, Guide, Section
from index.parse.chunk import PLAIN_ANCHOR

_WORDS = {
    "due": "2", "tre": "3", "quattro": "4", "cinque": "5", "sei": "6", "sette": "7", "otto": "8",
    "nove": "9", "dieci": "10", "dodici": "12", "quattordici": "14", "quindici": "15",
    "sedici": "16", "diciotto": "18", "venti": "20", "ventuno": "21", "ventiquattro": "24",
    "trenta": "30", "quaranta": "40", "quarantacinque": "45", "quarantotto": "48",
    "cinquanta": "50", "sessanta": "60", "novanta": "90", "cento": "100",
    "centoventi": "120", "centottanta": "180",
}  # fmt: skip
_UNITS = "giorn[oi]|mes[ei]|ann[oi]|or[ea]|settiman[ae]|euro"
_ONE = r"(?:val[ei]|dur\w+|valid\w+(?: per)?|entro|almeno|fino a|massim\w+(?: di)?|non oltre)"
_FIGURE = r"\d+(?:[.,]\d+)*"
QUANTITY = re.compile(
    rf"(?<![\w.,/])(?P<number>{_FIGURE}|{'|'.join(_WORDS)})[ \u00a0]"
    rf"(?:lavorativi |consecutivi )?(?P<unit>{_UNITS})\b"
    rf"|{_ONE} (?P<one>un[oa]?[ '’])(?P<unit_of_one>{_UNITS})\b"
    rf"|€ ?(?P<before>{_FIGURE})|(?P<after>{_FIGURE}) ?€",
    re.IGNORECASE,
)
REFERENCE = re.compile(
    r"\bart(t|icol[oi])?\.?\s*\d|\bd\.\s?lgs\.|\bd\.\s?l\.\s?\d|\bd\.\s?p\.\s?r\.|\bd\.p\.c\.m\."
    r"|\bd\.m\.|\baccordo CSR\b|\b(sentenza|sent\.|ordinanza|ord\.) [^.;]{0,20}\d"
    r"|\bl\.(r\.)?\s?\d|\blegge \d|\bTU[IB]\b|\bCdS\b|\b(direttiva|regolamento|reg\.|dir\.)\s*\("
    r"|\bD\.G\.R\.|\bcirc(olare|\.)[^.;]{0,60}\d|\bnota (\d|del \d)|\bparere \d"
    r"|\bfont[ei]:|\bABI, \d",
    re.IGNORECASE,
)
_SIXTY = re.compile(r"\b(60|sessanta) giorni\b", re.IGNORECASE)
_WORK = re.compile(r"\b(lavor|assun|assum|impieg|tirocin|termine di attesa)", re.IGNORECASE)
REFORM = "12 giugno 2026"


def quantities(text: str) -> list[tuple[str, str]]:
    """The numbers of days, months, years, hours, weeks and euro in `text`, as written and as
    one name for all ways to write it: («sessanta giorni», `60 giorn`)."""
    found = []
    for match in QUANTITY.finditer(text):
        number = match["number"] or match["before"] or match["after"] or "1"
        unit = (match["unit"] or match["unit_of_one"] or "euro").lower()
        stem = unit if unit == "euro" else unit[:-1]
        found.append((match.group(), f"{_WORDS.get(number.lower(), number)} {stem}"))
    return found


def has_reference(section: Section) -> bool:
    """Whether a law, a circular or a «fonte:» stands in the section, headings left out."""
    return any(REFERENCE.search(f"{unit.lead} {unit.text}") for unit in section.units)


def sourced_numbers(guide: Guide) -> Iterator[Finding]:
    """A quantity has its reference in the same section; one said in plain words, where a
    reference would be in the way, is said with its reference elsewhere in the guide."""
    sourced = {
        name
        for section in guide.sections
        if has_reference(section)
        for unit in section.units
        for _, name in quantities(unit.text)
    }
    for section in guide.sections:
        if has_reference(section) or section.anchor == GENERATED.get(guide.kind):
            continue
        plain = section.anchor == PLAIN_ANCHOR
        for unit in section.units:
            for shown, name in quantities(unit.text):
                if not (plain and name in sourced):
                    yield Finding(guide.path, unit.line, _unsourced(shown, plain), "source")


def _unsourced(shown: str, plain: bool) -> str:
    if plain:
        return f"«{shown}» non si trova, con la sua norma, in nessun'altra sezione della scheda"
    return (
        f"accanto a «{shown}» manca la norma o la fonte: scrivila nella stessa sezione, "
        "per esempio «(d.lgs. 142/2015, art. 22)» o «(fonte: …)»"
    )


def sixty_days(guide: Guide) -> Iterator[Finding]:
    """«60 giorni» for work holds for applications made before 12 June 2026 only: a sentence
    that says it, and may be cited alone, says the date too."""
    for section in guide.sections:
        about_work = any(_WORK.search(text) for text in section.heading_path)
        for unit in section.units:
            text = f"{unit.lead} {unit.text}"
            work = about_work or _WORK.search(text)
            if _SIXTY.search(text) and work and REFORM not in text:
                message = (
                    "«60 giorni» vale solo per le domande presentate prima del 12 giugno 2026: "
                    "scrivi la data nella stessa frase"
                )
                yield Finding(guide.path, unit.line, message, "reform")
