"""Takes what was asked and what is ruled; gives the ruling, with a reason for what a rule changed.
`RULES` is their order: each may lower an outcome, swap evidence or put a card first.

`python -m eval ablate` leaves out each in turn."""

from __future__ import annotations

from collections.abc import Callable

from chatbot.judge.rules.addressee import for_the_person
from chatbot.judge.rules.danger import danger
from chatbot.judge.rules.decided import decided, noticed
from chatbot.judge.rules.denied import denied
from chatbot.judge.rules.elsewhere import of_here
from chatbot.judge.rules.regime import regime
from chatbot.judge.ruling import Asked, Ruling

Rule = Callable[[Asked, Ruling], Ruling]

RULES: tuple[Rule, ...] = (for_the_person, of_here, denied, regime, decided, noticed, danger)


def apply(asked: Asked, ruling: Ruling, rules: tuple[Rule, ...] = RULES) -> Ruling:
    """The ruling after each rule in turn."""
    for rule in rules:
        ruling = rule(asked, ruling)
    return ruling
