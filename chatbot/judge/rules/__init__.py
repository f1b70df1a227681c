"""Takes what was asked and the draft; gives the draft, with a reason for what a rule changed in it.
`RULES` is their order: each may lower an outcome, swap evidence or put a card first.

`python -m eval ablate` leaves out each in turn."""

from __future__ import annotations

from collections.abc import Callable

from chatbot.judge.draft import Asked, Draft
from chatbot.judge.rules.addressee import for_the_person
from chatbot.judge.rules.danger import danger
from chatbot.judge.rules.decided import decided, noticed
from chatbot.judge.rules.denied import denied
from chatbot.judge.rules.elsewhere import of_here
from chatbot.judge.rules.regime import regime

Rule = Callable[[Asked, Draft], Draft]

RULES: tuple[Rule, ...] = (for_the_person, of_here, denied, regime, decided, noticed, danger)


def apply(asked: Asked, draft: Draft, rules: tuple[Rule, ...] = RULES) -> Draft:
    """The draft after each rule in turn."""
    for rule in rules:
        draft = rule(asked, draft)
    return draft
