"""Rules about length: what is cited is short enough to read and long enough to mean something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.finding import Finding
from index.guide import GENERATED, Guide
from index.parse.chunk import MAX_TOKENS

# The check runs without a model: on these guides a blank-separated word is 1.55 tokens of
# multilingual-e5-small (mean of 1,226 passages), so MAX_TOKENS is about 220 words.
TOKENS_PER_WORD = 1.55
PASSAGE_WORDS = int(MAX_TOKENS / TOKENS_PER_WORD)
UNIT_WORDS = 40  # outside parentheses: what stands in them is skipped by who listens
_PARENTHESES = re.compile(r"\([^()]*\)")
SHORT_WORDS = 5  # a whole section shorter than this, title left out, answers nothing


def long_units(guide: Guide) -> Iterator[Finding]:
    """A sentence, item or row too long to be read in one breath, its parentheses left out; of
    one longer than a passage the end would not be found."""
    names = {"sentence": "frase", "item": "voce dell'elenco", "row": "riga della tabella"}
    for section in guide.sections:
        for unit in section.units:
            count = len(unit.text.split())
            name = names.get(unit.kind, "blocco")
            if count > PASSAGE_WORDS:
                message = f"{name} di {count} parole, più di un passaggio: dividila"
                yield Finding(guide.path, unit.line, message, "length")
            elif unit.kind != "code" and (said := words_outside(unit.text)) > UNIT_WORDS:
                message = (
                    f"{name} di {said} parole fuori dalle parentesi (al più {UNIT_WORDS}): "
                    "dividila in due, ognuna con il suo soggetto"
                )
                yield Finding(guide.path, unit.line, message, "breath")


def words_outside(text: str) -> int:
    """The words of `text` that stand in no parentheses, signs alone left out."""
    while (shorter := _PARENTHESES.sub(" ", text)) != text:
        text = shorter
    return sum(any(map(str.isalnum, word)) for word in text.split())


def long_sections(guide: Guide) -> Iterator[Finding]:
    """A section that will be cut in several passages."""
    for section in guide.sections:
        count = sum(len(unit.text.split()) for unit in section.units)
        if count > PASSAGE_WORDS and len(section.units) > 1:
            message = (
                f"«{section.heading_path[-1]}» ha {count} parole e sarà tagliata in più passaggi "
                f"(oltre {PASSAGE_WORDS}): dividila in due domande"
            )
            yield Finding(guide.path, section.line, message, "length", "warning")


def short_sections(guide: Guide) -> Iterator[Finding]:
    """A section that says too little to be an answer."""
    for section in guide.sections:
        words = " ".join(unit.text for unit in section.units).split()
        said = [unit.text for unit in section.units] != [section.heading_path[-1]]
        made = section.anchor == GENERATED.get(guide.kind)
        if section.level > 1 and said and not made and 0 < len(words) < SHORT_WORDS:
            message = f"«{section.heading_path[-1]}» dice troppo poco per essere una risposta"
            yield Finding(guide.path, section.line, message, "length", "warning")
