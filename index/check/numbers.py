"""Rules about numbers: one rule has one number in all guides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from index.check.facts import quantities
from index.finding import Finding
from index.guide import Guide
from index.network import Network, RuleNumber
from index.phrases import any_of, plain


def _kind(quantity: str) -> str:
    """Days, months, years, hours, weeks or euro."""
    return quantity.rsplit(" ", 1)[-1]


@lru_cache(maxsize=512)
def _words(rule: RuleNumber) -> tuple[tuple[re.Pattern[str], ...], re.Pattern[str]]:
    return (
        tuple(re.compile(any_of([phrase])) for phrase in rule.words),
        re.compile(any_of(rule.unless)),
    )


def speaks_of(text: str, rule: RuleNumber) -> bool:
    """Whether a sentence has all the words of the rule, and none that is of something else."""
    words, unless = _words(rule)
    folded = plain(text)
    return all(word.search(folded) for word in words) and not unless.search(folded)


def one_number(guide: Guide, network: Network) -> Iterator[Finding]:
    """A sentence that speaks of a rule, and of days where the rule has days (or of months, years,
    hours, euro), says the number of the rule."""
    for section in guide.sections:
        for unit in section.units:
            if said := quantities(unit.text):
                for rule in network.numbers:
                    yield from _another(guide, unit.line, unit.text, said, rule)


def _another(
    guide: Guide, line: int, text: str, said: list[tuple[str, str]], rule: RuleNumber
) -> Iterator[Finding]:
    ((_, wanted),) = quantities(rule.number)
    alike = [shown for shown, name in said if _kind(name) == _kind(wanted)]
    if alike and wanted not in {name for _, name in said} and speaks_of(text, rule):
        message = (
            f"«{alike[0]}» non è il numero di questa regola, che nelle guide è «{rule.number}» "
            f"({rule.id} in rete/numeri.yaml): correggi la frase, o l'elenco se "
            "la regola è cambiata"
        )
        yield Finding(guide.path, line, message, "number")
