"""An answer made of units: what stands before them, marks, citations."""

from __future__ import annotations

import re

import pytest
from guide_texts import SHEET

from chatbot.answer import Hit
from chatbot.read.evidence import Evidence
from chatbot.say.compose import compose, first_units
from index.parse.chunk import chunk_guide
from index.parse.guide_file import parse_guide
from index.parse.render import render_markdown

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


def test_md_19_a_link_of_the_unit_lives_on() -> None:
    """One inside leads to the guide, one outside stays; one that only the guide could follow is
    its text."""
    text = "Vedi il [modulo](#documenti), la [legge](https://example.org/l_(1)) e [qui](x.pdf)."
    said = answer(text, "residenza", 0)
    assert "[modulo](/guide/conto#documenti)" in said
    assert "[legge](https://example.org/l_%281%29)" in said
    assert said.endswith("e qui. [1]")


def test_a_step_keeps_its_number() -> None:
    """Also where steps between are left out: Markdown would count on."""
    steps = "Si fa così:\n\n1. Chiama la banca.\n2. Scrivi la lettera.\n3. Aspetta la risposta."
    said = answer(steps, "residenza", 1, 3)
    html = render_markdown(said)
    assert "Chiama la banca. [1]" in said
    assert re.findall(r"<ol(?: start=.(\d+).)?>", html) == ["", "3"]


def test_a_row_is_a_small_table() -> None:
    table = "| Documento | Basta? |\n| --- | --- |\n| [Permesso](#documenti) | sì |\n| Visto | no |"
    html = render_markdown(answer(table, "residenza", 0, 1))
    assert html.count("<table>") == 1
    assert html.count("<th>") == 2
    assert '<a href="/guide/conto#documenti"' in html
    assert "sì [1]</td>" in html


def test_the_passage_is_shown_with_the_quote_lit() -> None:
    """The whole section, what was cited in it marked, no markup of its own run."""
    text = "No: non serve <script>alert(1)</script>. Serve un [documento](#documenti)."
    guide, _ = parse_guide(GUIDE.replace("{text}", text).encode(), "schede/conto.md")
    assert guide
    (passage,) = (p for p in chunk_guide(guide, len) if p.anchor == "residenza")
    evidence = [Evidence(Hit(passage), passage.units[1], 1, 1.0)]
    (citation,) = compose(evidence, {guide.slug: guide})[1]
    lit = re.findall("<mark class=.cited.>(.*?)</mark>", citation.passage_html)
    assert [re.sub("<[^>]*>", "", one).strip() for one in lit] == ["Serve un documento."]
    assert "<script" not in citation.passage_html
    assert "La banca vuole" not in citation.passage_html


def test_the_best_units_are_read_first() -> None:
    """Two: of one thing asked the best, of two things the best of each; in reading order where
    they stand together."""
    four = "La prima cosa è questa. La seconda segue. La terza non serve. La quarta chiude."
    guide, _ = parse_guide(GUIDE.replace("{text}", four).encode(), "conto.md")
    assert guide
    (passage,) = (p for p in chunk_guide(guide, len) if p.anchor == "residenza")
    pieces = [Evidence(Hit(passage), passage.units[at], at, -at) for at in (2, 0, 3)]
    first, rest = first_units(pieces)
    assert [p.position for p in first] == [0, 2]
    assert [p.position for p in rest] == [3]
    second = Evidence(Hit(passage), passage.units[1], 1, 0.0, asked=1)
    first, rest = first_units([*pieces, second])
    assert [p.position for p in first] == [1, 2]
    assert [p.position for p in rest] == [0, 3]
