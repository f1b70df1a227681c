"""What kind of answer a question asks for, and whether a unit holds one.

A passage may speak of the very thing asked about and not hold the amount, the duration or the
telephone number that was asked for: then it is near, and no answer. Patterns are by form, not by
topic, in the languages that questions are asked in (`asks` and `holds` of their files).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatbot.words.pack import Pack, either, pack, packs

KINDS: tuple[str, ...] = tuple(pack("it")["asks"])
# Kinds that a form of words gives away: where one is asked for, a text without it is no answer.
STRICT = frozenset({"amount", "duration", "age", "hours", "address", "phone", "email"})


@dataclass(frozen=True)
class Forms:
    """The forms of each kind of KINDS, as asked for and as held, in some languages."""

    asked: Mapping[str, re.Pattern[str]]
    held: Mapping[str, re.Pattern[str]]

    @classmethod
    def of(cls, languages: Sequence[Pack]) -> Forms:
        number = rf"(\d+|\b({either('numerals', languages)})\b)"
        time = rf"{number}[\s-]*(?:\w+\s+)?\b({either('time_units', languages)})\b"
        asked = {kind: either(f"asks.{kind}", languages) for kind in KINDS}
        held = {kind: either(f"holds.{kind}", languages) for kind in KINDS}
        held |= {"duration": time, "when": f"{time}|{held['when']}"}
        return cls(
            {kind: re.compile(found, re.IGNORECASE) for kind, found in asked.items()},
            {
                kind: re.compile(found.replace("{number}", number), re.IGNORECASE)
                for kind, found in held.items()
                if found
            },
        )

    def expected(self, question: str) -> frozenset[str]:
        """The kinds of answer that a question asks for, of KINDS; often one, sometimes none."""
        text = " ".join(question.split())
        return frozenset(kind for kind in KINDS if self.asked[kind].search(text))

    def holds(self, kind: str, text: str) -> bool:
        """Whether `text` has the form of an answer of `kind`; True for a kind without a form."""
        return kind not in self.held or self.held[kind].search(text) is not None


FORMS = Forms.of(packs())
expected, holds = FORMS.expected, FORMS.holds


def strict_kinds(question: str) -> frozenset[str]:
    """The kinds asked for that a text either has the form of or does not answer."""
    text = " ".join(question.split())
    return frozenset(kind for kind in STRICT if FORMS.asked[kind].search(text))
