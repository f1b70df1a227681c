"""Rules about repetition: what follows a definition says something more."""

from __future__ import annotations

from collections.abc import Iterator

from index.finding import Finding
from index.guide import Guide, Term
from index.parse.sentences import split_sentences
from index.search.lexical import terms as stems_of

# Share of the stems of a sentence that its definition has already, and how many at least: of the
# 255 entries there were the four at or above it said the definition again, while the next
# (0.45) gave examples.
REPEATED = 0.5
AT_LEAST = 2


def repeats(term: Term) -> bool:
    """Whether at least half of the sentence after the definition stands in the definition: the
    name of the term, and its variants, are no part of either."""
    name = {s for way in (term.term, *term.variants) for s in stems_of(way)}
    first = next(iter(split_sentences(term.meaning)), "")
    said = set(stems_of(first)) - name
    again = said & set(stems_of(term.expansion))
    return len(again) >= max(AT_LEAST, REPEATED * len(said))


def repeated_definitions(guide: Guide) -> Iterator[Finding]:
    """A sentence of the glossary that says its bold definition again."""
    lines = {section.anchor: section.line for section in guide.sections}
    for term in guide.terms:
        if repeats(term):
            message = (
                f"«{term.term}»: la frase ripete la definizione in grassetto; di' che cosa serve "
                "sapere in più (a che cosa serve, chi la fa, quanto dura)"
            )
            yield Finding(guide.path, lines.get(term.anchor, 1), message, "repeat")
