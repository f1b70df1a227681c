"""What to do next: scripts, services and questions, in an order that serves the person."""

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
    SERVICES,
    related_questions,
    scripts,
    services,
    without_services,
)
from chatbot.say.wording import texts
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
    assert (found.guide, found.detail["step"]) == (TRAINEESHIP, "progetto")
    assert found.url.endswith("#progetto")


def test_a_script_found_by_its_first_lines_opens_at_the_first_step() -> None:
    (found,) = scripts([hit(f"{TRAINEESHIP}#attivare-un-tirocinio")], a_snapshot())
    assert found.detail["step"] == made_guides()[TRAINEESHIP].steps[0].id


def test_the_best_step_of_a_script_counts_and_the_best_scripts() -> None:
    """Each script once, at the first of its steps found, and no more than are asked for."""
    every = [
        hit("conto-corrente#rifiuto"), hit("conto-corrente#banca"), hit(f"{TRAINEESHIP}#altra"),
        hit("verifica-diritto-al-lavoro#data"),
    ]  # fmt: skip
    found = scripts(every, a_snapshot())
    assert [(r.guide, r.detail["step"]) for r in found] == [
        ("conto-corrente", "rifiuto"), (TRAINEESHIP, "altra"),
    ]  # fmt: skip
    assert len(found) == SCRIPTS


def test_a_script_far_down_is_not_near() -> None:
    far = [hit("tirocinio#durata")] * NEAR_TOP + [hit(f"{TRAINEESHIP}#progetto")]
    assert scripts(far, a_snapshot()) == []


WORK = [made_guides()["tirocinio"]]
TORINO, CUNEO = frozenset({"torino"}), frozenset({"cuneo"})


def slugs(found: list[Any]) -> list[str]:
    return [reference.guide for reference in found]


def test_services_are_those_of_the_place_asked_about() -> None:
    """Of two job centres the one of the town, and never the other."""
    assert slugs(services([], WORK, CUNEO, a_snapshot())) == ["cpi-cuneo"]
    assert slugs(services([], WORK, TORINO, a_snapshot())) == ["cpi-torino-nord"]


def test_without_a_place_no_service_that_is_tied_to_one() -> None:
    """A job centre chosen by chance sends a person to the wrong town, and one for everything in
    the country is noise unless the question found it."""
    rights = [replace(made_guides()["ricorso"], needs=("tutele",))]
    for cited in (WORK, rights):
        assert services([], cited, frozenset(), a_snapshot()) == []
    unar = next(name for name in PASSAGES if name.startswith("unar#"))
    found = services(
        [hit("ricorso#termine"), Hit(PASSAGES[unar])], rights, frozenset(), a_snapshot()
    )
    assert slugs(found) == ["unar"]


def test_a_service_that_cannot_be_reached_is_not_proposed() -> None:
    """Even where the question found it: the person is elsewhere."""
    hits = [hit("tirocinio#durata"), hit("cpi-torino-nord#servizi")]
    assert slugs(services(hits, WORK, CUNEO, a_snapshot())) == ["cpi-cuneo"]


def test_a_line_for_emergencies_is_for_emergencies() -> None:
    """1522 is on the card of violence: proposed in danger, or where the question is about it."""
    rights = [replace(made_guides()["ricorso"], needs=("tutele",))]
    line = next(name for name in PASSAGES if name.startswith("antiviolenza-1522#"))
    far = [hit("ricorso#termine"), Hit(PASSAGES[line])]
    assert services(far, rights, CUNEO, a_snapshot()) == []
    assert slugs(services(far, rights, CUNEO, a_snapshot(), danger=True)) == ["antiviolenza-1522"]
    assert slugs(services(far[1:], rights, CUNEO, a_snapshot())) == ["antiviolenza-1522"]


def test_what_was_checked_comes_first() -> None:
    whole = made_guides()["cpi-cuneo"]
    assert whole.service
    checked = replace(whole, slug="z", service=replace(whole.service, status="verificato"))
    doubtful = replace(whole, service=replace(whole.service, status="da verificare"))
    hits = [hit("tirocinio#durata"), hit("cpi-cuneo#servizi")]
    found = slugs(services(hits, WORK, CUNEO, a_snapshot(checked, doubtful)))
    assert found == ["z", "cpi-cuneo"]


def test_that_there_is_none_is_said_with_the_place() -> None:
    """Only where the place is known: without it nothing could be proposed."""
    words = texts("it")
    assert without_services(CUNEO, words, a_snapshot()).endswith("a Cuneo.")
    assert without_services(frozenset(), words, a_snapshot()) == ""


def test_a_sheet_that_was_found_is_no_service() -> None:
    """Whatever needs it is about."""
    hits = [hit("tirocinio#durata"), hit("iscrizione-cpi#che-cosa"), hit("cpi-cuneo#servizi")]
    assert slugs(services(hits, WORK, CUNEO, a_snapshot())) == ["cpi-cuneo"]


def test_a_service_for_one_thing_comes_before_one_for_many() -> None:
    """Its first need counts, then how much else it does; and no more than are asked for."""
    whole = made_guides()["cpi-cuneo"]
    cards = [
        replace(whole, slug=f"altro-{n}", needs=needs)
        for n, needs in enumerate(
            [("salute", "lavoro"), ("lavoro", "casa", "salute", "denaro"), ("lavoro", "casa")]
        )
    ]  # fmt: skip
    found = slugs(services([], WORK, CUNEO, a_snapshot(*cards)))
    assert found == ["cpi-cuneo", "altro-2"]
    assert len(found) == SERVICES


def test_a_service_brings_what_is_needed_to_reach_it() -> None:
    """Address, town, contacts, and whether somebody has called."""
    (found,) = services([], WORK, TORINO, a_snapshot())
    assert found.detail == {
        "address": "Via di Prova 2",
        "municipality": "Torino",
        "contacts": [
            {"kind": "telefono", "value": "011 654321"},
            {"kind": "email", "value": "cpi.torino@example.org"},
        ],
        "status": "da verificare",
    }


def test_related_questions_are_headings_that_ask() -> None:
    """Each once, in their order, without those of the answer and of steps of scripts."""
    hits = [
        hit("tirocinio#durata"), hit("tirocinio#paga"), hit("tirocinio#il-tirocinio"),
        hit("tirocinio#paga"), hit(f"{TRAINEESHIP}#impresa"), hit("tirocinio#attivare"),
    ]  # fmt: skip
    assert related_questions(hits, {"tirocinio#durata:0"}) == [
        "Il tirocinante è pagato?", "Come si attiva un tirocinio?",
    ]  # fmt: skip


@pytest.mark.parametrize("count", [0, 1, QUESTIONS + 2])
def test_only_so_many_questions(count: int) -> None:
    """A list of ten is read by nobody."""
    hits = [
        Hit(replace(PASSAGES["tirocinio#durata:0"], id=f"x#{n}:0", heading_path=("T", f"E {n}?")))
        for n in range(count)
    ]
    assert len(related_questions(hits, set())) == min(count, QUESTIONS)
