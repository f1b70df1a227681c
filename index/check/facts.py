"""Rules about facts: every number has its source, every rule its condition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from index.check.words import NUMERALS, either
from index.finding import Finding
from index.guide import GENERATED, Guide, Section
from index.network import DatedNumber, Network, Reform
from index.parse.chunk import PLAIN_ANCHOR
from index.phrases import NEVER, any_of, pattern_of, plain

_FIGURE = r"\d+(?:[.,]\d+)*"
QUANTITY = re.compile(
    rf"(?<![\w.,/])(?P<number>{_FIGURE}|{'|'.join(NUMERALS)})[ \u00a0]"
    rf"(?:{either('kinds_of_days')})?(?P<unit>{either('units')})\b"
    rf"|(?:{either('before_one')}) (?P<one>{either('one')})(?P<unit_of_one>{either('units')})\b"
    rf"|€ ?(?P<before>{_FIGURE})|(?P<after>{_FIGURE}) ?€",
    re.IGNORECASE,
)


def quantities(text: str) -> list[tuple[str, str]]:
    """The numbers of days, months, years, hours, weeks and euro in `text`, as written and as
    one name for all ways to write it: («sessanta giorni», `60 giorn`)."""
    found = []
    for match in QUANTITY.finditer(text):
        number = match["number"] or match["before"] or match["after"] or "1"
        unit = (match["unit"] or match["unit_of_one"] or "euro").lower()
        stem = unit if unit == "euro" else unit[:-1]
        found.append((match.group(), f"{NUMERALS.get(number.lower(), number)} {stem}"))
    return found


@lru_cache(maxsize=8)
def reference_of(network: Network) -> re.Pattern[str]:
    """How a law, a circular or a «fonte:» begins."""
    found = "|".join(map(pattern_of, network.legal_references))
    return re.compile(rf"(?<!\w)(?:{found})" if found else NEVER, re.IGNORECASE)


def has_reference(section: Section, network: Network) -> bool:
    """Whether a law, a circular or a «fonte:» stands in the section, headings left out."""
    reference = reference_of(network)
    return any(reference.search(plain(f"{unit.lead} {unit.text}")) for unit in section.units)


def sourced_numbers(guide: Guide, network: Network) -> Iterator[Finding]:
    """A quantity has its reference in the same section; one said in plain words, where a
    reference would be in the way, is said with its reference elsewhere in the guide."""
    if not network.legal_references:
        return
    with_reference = {s.anchor for s in guide.sections if has_reference(s, network)}
    sourced = {
        name
        for section in guide.sections
        if section.anchor in with_reference
        for unit in section.units
        for _, name in quantities(unit.text)
    }
    for section in guide.sections:
        if section.anchor in with_reference or section.anchor == GENERATED.get(guide.kind):
            continue
        easy = section.anchor == PLAIN_ANCHOR
        for unit in section.units:
            for shown, name in quantities(unit.text):
                if not (easy and name in sourced):
                    yield Finding(guide.path, unit.line, _unsourced(shown, easy), "source")


def _unsourced(shown: str, easy: bool) -> str:
    if easy:
        return f"«{shown}» non si trova, con la sua norma, in nessun'altra sezione della scheda"
    return (
        f"accanto a «{shown}» manca la norma o la fonte: scrivila nella stessa sezione, "
        "per esempio «(d.lgs. 142/2015, art. 22)» o «(fonte: …)»"
    )


def dated_numbers(guide: Guide, network: Network) -> Iterator[Finding]:
    """A number that holds on one side of a reform only: a sentence that says it beside its words,
    and may be cited alone, says the day too."""
    for reform in network.reforms:
        for dated in reform.dated_numbers:
            yield from _undated(guide, reform, dated)


def _undated(guide: Guide, reform: Reform, dated: DatedNumber) -> Iterator[Finding]:
    beside = re.compile(any_of(dated.beside))
    wanted = {name for _, name in quantities(dated.number)}
    for section in guide.sections:
        about = any(beside.search(plain(text)) for text in section.heading_path)
        for unit in section.units:
            text = f"{unit.lead} {unit.text}"
            said = wanted & {name for _, name in quantities(text)}
            if said and (about or beside.search(plain(text))) and reform.in_guides.day not in text:
                message = (
                    f"«{dated.number}» vale solo per {dated.holds_for}: "
                    "scrivi la data nella stessa frase"
                )
                yield Finding(guide.path, unit.line, message, "reform")
