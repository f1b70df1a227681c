"""An answer made of units: what stands before them, marks, citations."""

from __future__ import annotations

import pytest
from guide_texts import SHEET

from chatbot.answer import Hit
from chatbot.read.evidence import Evidence
from chatbot.say.compose import compose
from index.parse.chunk import chunk_guide
from index.parse.guide_file import parse_guide

GUIDE = (
    SHEET
    + """
# Prova

Sì, si può: chi soggiorna legalmente apre un conto.

## La banca vuole la residenza: *può* chiederla? {#residenza}

{text}

## Documenti {#documenti}

No, il passaporto non serve.
"""
)


def answer(text: str, anchor: str, *positions: int) -> str:
    """What is said when the units at `positions` of a section are read."""
    guide, _ = parse_guide(GUIDE.replace("{text}", text).encode(), "schede/conto.md")
    assert guide
    (passage,) = (p for p in chunk_guide(guide, len) if p.anchor == anchor)
    hit = Hit(passage)
    evidence = [Evidence(hit, passage.units[at], at, 1.0) for at in positions]
    return compose(evidence, {guide.slug: guide})[0]


@pytest.mark.parametrize("text", ["No: la residenza non serve.", "Sì, ma non sempre.",
                                  "Di regola no: decide la banca.", "Spesso sì: basta chiedere.",
                                  "In banca sì: è la legge."])  # fmt: skip
def test_a_yes_or_a_no_stands_after_the_question_it_answers(text: str) -> None:
    """The heading, in italics and without marks of its own; it is part of no citation."""
    asked = "*La banca vuole la residenza: può chiederla?*"
    assert answer(text, "residenza", 0) == f"{asked} {text} [1]"


@pytest.mark.parametrize("text", ["Non serve la residenza.", "Nove banche su dieci la chiedono.",
                                  "Sicuramente serve un documento.",
                                  "Prima di dire di no, chiedi.", "Puoi dire di no."])  # fmt: skip
def test_a_sentence_that_says_it_all_stands_alone(text: str) -> None:
    assert answer(text, "residenza", 0) == f"{text} [1]"


def test_the_question_is_said_only_where_the_yes_or_no_is() -> None:
    """A later sentence of the section needs none, one after the «No» has it already."""
    text = "No: non serve. Serve un documento."
    assert answer(text, "residenza", 1) == "Serve un documento. [1]"
    assert answer(text, "residenza", 0, 1).count("*") == 2


def test_a_heading_that_asks_nothing_is_not_said() -> None:
    assert answer("x", "documenti", 0) == "No, il passaporto non serve. [1]"
