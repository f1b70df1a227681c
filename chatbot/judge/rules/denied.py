"""Who asks what is not so is not answered with what is.

«Quali documenti non servono?» stands as near the list of those that do as the list that is asked
for: the words are the same but one. What answers says no of the same thing.
"""

from __future__ import annotations

import re
from functools import cache

from chatbot.judge.ruling import Asked, Ruling
from chatbot.read.evidence import Evidence
from chatbot.words.pack import pack
from chatbot.words.yes_no import says_whether

Denial = tuple[re.Pattern[str], re.Pattern[str]]


def denied(asked: Asked, ruling: Ruling) -> Ruling:
    """What does not deny leaves the evidence of a question that asks what is not so; where nothing
    else was read, it is near and no more."""
    if ruling.outcome != "answered":
        return ruling
    denials = [how_denied(part) for part in asked.query.asks]
    kept = [
        piece
        for piece in ruling.evidence
        if (says := denials[piece.asked]) is None or _denies(piece, says)
    ]
    if len(kept) == len(ruling.evidence):
        return ruling
    if kept:
        return ruling.because("negata", "tolte le frasi che dicono che cosa sì", evidence=kept)
    why = "la domanda chiede che cosa no, le frasi trovate dicono che cosa sì"
    return ruling.because("negata", why, outcome="related", evidence=())


def how_denied(question: str) -> re.Pattern[str] | None:
    """How an answer to a question denies; None where it need not."""
    text = question.strip(" ¿?!.")
    return next((said for asks, said in _denials() if asks.search(text)), None)


def _denies(piece: Evidence, says: re.Pattern[str]) -> bool:
    """Whether a unit says so itself, or begins with a «No»."""
    own = f"{piece.unit.lead} {piece.unit.text}"
    return bool(says.search(own)) or (says_whether(own.strip()) and own.strip()[:2].lower() == "no")


@cache
def _denials() -> tuple[Denial, ...]:
    """How it is asked and how it is said, in the language of the guides."""
    denials = pack("it")["denials"]
    pairs = zip(denials["asked"], denials["said"], strict=True)
    return tuple((re.compile(a, re.IGNORECASE), re.compile(s, re.IGNORECASE)) for a, s in pairs)
