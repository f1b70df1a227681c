"""What to do next: scripts and questions, in an order that serves the person."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from made import made_guides
from networks import NETWORK

from chatbot.answer import Hit
from chatbot.say.propose import (
    NEAR_TOP,
    QUESTIONS,
    SCRIPTS,
    related_questions,
    scripts,
    with_subject,
)
from index.guide import Guide
from index.parse.chunk import chunk_guide
from index.passage import Passage


def passages_of(guide: Guide) -> list[Passage]:
    return chunk_guide(guide, lambda text: len(text.split()))


PASSAGES = {p.id: p for guide in made_guides().values() for p in passages_of(guide)}


def hit(name: str) -> Hit:
    """The passage `slug#anchor`, found."""
    return Hit(PASSAGES[f"{name}:0"])


def a_snapshot(*guides: Guide) -> Any:
    """What `propose` looks at of one: the guides made for the tests, and some more."""
    more = {guide.slug: guide for guide in guides}
    return SimpleNamespace(guides=made_guides() | more, network=NETWORK)


TRAINEESHIP = "attivare-un-tirocinio"


def test_a_script_opens_at_the_step_that_was_found() -> None:
    """The operator lands where the question is answered, not at the beginning."""
    (found,) = scripts([hit("tirocinio#durata"), hit(f"{TRAINEESHIP}#progetto")], a_snapshot())
    assert (found.guide, found.step) == (TRAINEESHIP, "progetto")
    assert found.url.endswith("#progetto")


def test_a_script_found_by_its_first_lines_opens_at_the_first_step() -> None:
    (found,) = scripts([hit(f"{TRAINEESHIP}#attivare-un-tirocinio")], a_snapshot())
    assert found.step == made_guides()[TRAINEESHIP].steps[0].id


def test_the_best_step_of_a_script_counts_and_the_best_scripts() -> None:
    """Each script once, at the first of its steps found, and no more than are asked for."""
    every = [
        hit("conto-corrente#rifiuto"), hit("conto-corrente#banca"), hit(f"{TRAINEESHIP}#altra"),
        hit("verifica-diritto-al-lavoro#data"),
    ]  # fmt: skip
    found = scripts(every, a_snapshot())
    assert [(r.guide, r.step) for r in found] == [
        ("conto-corrente", "rifiuto"), (TRAINEESHIP, "altra"),
    ]  # fmt: skip
    assert len(found) == SCRIPTS


def test_a_script_far_down_is_not_near() -> None:
    far = [hit("tirocinio#durata")] * NEAR_TOP + [hit(f"{TRAINEESHIP}#progetto")]
    assert scripts(far, a_snapshot()) == []


def test_related_questions_are_headings_that_ask() -> None:
    """Each once, in their order, without those of the answer and of steps of scripts."""
    hits = [
        hit("tirocinio#durata"), hit("tirocinio#paga"), hit("tirocinio#il-tirocinio"),
        hit("tirocinio#paga"), hit(f"{TRAINEESHIP}#impresa"), hit("tirocinio#attivare"),
    ]  # fmt: skip
    assert related_questions(hits, {"tirocinio#durata:0"}, a_snapshot()) == [
        "Il tirocinante è pagato?", "Come si attiva un tirocinio?",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "title", "question"),
    [
        ("Chi convoca e chi tiene il filo?", "Il tavolo territoriale",
         "Il tavolo territoriale: chi convoca e chi tiene il filo?"),
        ("Chi siede al tavolo?", "Il tavolo territoriale", "Chi siede al tavolo?"),
        ("CPI o azienda, chi chiama?", "Il referente", "Il referente: CPI o azienda, chi chiama?"),
        ("E poi?", "", "E poi?"),
    ],
)  # fmt: skip
def test_a_question_has_its_subject(heading: str, title: str, question: str) -> None:
    """A heading that says nothing of its guide bears its title: asked alone it means the same."""
    assert with_subject(heading, title) == question


@pytest.mark.parametrize("count", [0, 1, QUESTIONS + 2])
def test_only_so_many_questions(count: int) -> None:
    """A list of ten is read by nobody."""
    hits = [
        Hit(replace(PASSAGES["tirocinio#durata:0"], id=f"x#{n}:0", heading_path=("T", f"E {n}?")))
        for n in range(count)
    ]
    assert len(related_questions(hits, set(), a_snapshot())) == min(count, QUESTIONS)
