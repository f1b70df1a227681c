"""Rules about deadlines: a text that says «entro il» or «fino al» a day stays true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from index.check.dates import key_line
from index.check.words import MONTHS
from index.finding import Finding
from index.guide import Guide
from index.network import Network
from index.phrases import any_of, plain

_DAY = rf"(?P<day>\d{{1,2}})°? (?P<month>{'|'.join(MONTHS)}) (?P<year>\d{{4}})"

_YEAR = re.compile(r"\d{4}")


class Deadline(NamedTuple):
    """A last day as a text shows it."""

    shown: str
    day: date


class _Ways(NamedTuple):
    deadline: re.Pattern[str]
    spared: re.Pattern[str]  # words before it with which it cannot become false


@lru_cache(maxsize=8)
def _ways(network: Network) -> _Ways:
    return _Ways(
        re.compile(rf"{any_of(network.deadlines)} {_DAY}"), re.compile(any_of(network.bygone))
    )


def deadlines(text: str, network: Network) -> Iterator[Deadline]:
    """The last days in `text`, but for those told as past, or in an example: one of the words of
    the network stands before them."""
    if not network.deadlines or not _YEAR.search(text):  # most sentences, and cheap
        return
    ways, folded = _ways(network), plain(text)
    for match in ways.deadline.finditer(folded):
        if not ways.spared.search(folded, 0, match.start()):
            try:
                month = MONTHS.index(match["month"]) + 1
                day = date(int(match["year"]), month, int(match["day"]))
            except ValueError:
                continue
            yield Deadline(match.group(), day)


def deadlines_ahead(guide: Guide, today: date, network: Network) -> Iterator[Finding]:
    """A deadline that has passed is told as past; one to come is not passed when the guide is
    looked at again."""
    for section in guide.sections:
        for unit in section.units:
            for shown, day in deadlines(unit.text, network):
                if day < today:
                    message = (
                        f"«{shown}» è già passato: scrivi che cosa vale oggi, oppure metti prima "
                        "della data una parola che la dice passata («era», «è finito») o "
                        "«Esempio»"
                    )
                    yield Finding(guide.path, unit.line, message, "deadline")
                elif guide.review_by and day < guide.review_by:
                    message = (
                        f"la guida si rivede dopo un termine che dà alla riga {unit.line} "
                        f"(«{shown}»): anticipa «rivedere_entro» al {day:%Y-%m-%d} o prima"
                    )
                    line = key_line(guide, "rivedere_entro")
                    yield Finding(guide.path, line, message, "deadline")
