"""Whether the services proposed beside an answer are of use to the person: on questions labelled by
hand, with the place they are asked from."""

from __future__ import annotations

import pytest

from chatbot.bot import Bot
from chatbot.say.services import SERVICES, called_in_danger
from eval.benchmarks.services import Proposed, figures, propose, read_labelled
from index.publish.snapshot import Snapshot

PRECISION = 0.8  # what operators are owed; `bussola eval benchmark services` tells what is wrong


@pytest.fixture(scope="module")
def proposed(bot: Bot, snapshot: Snapshot) -> list[Proposed]:
    cases = read_labelled()
    known = {slug for slug, guide in snapshot.guides.items() if guide.service}
    assert {slug for case in cases for slug in case.fitting} <= known
    return propose(cases, bot, snapshot)


def test_what_is_proposed_fits(proposed: list[Proposed]) -> None:
    """Of what is proposed at least so much is of use, and of the questions that some service could
    help with more than half have one."""
    found = figures(proposed)
    print(found)
    assert found["n"] >= 110
    assert found["precision"] >= PRECISION, found["wrong"]
    assert found["served"] >= 0.6


def test_at_most_two_and_no_line_for_emergencies(
    proposed: list[Proposed], snapshot: Snapshot
) -> None:
    """Outside an emergency a line that only its cards lead to is proposed only to who asks about
    it."""
    only = _only_in_danger(snapshot)
    assert {"numero-112", "emergenza-infanzia-114"} <= only
    for one in proposed:
        assert len(one.services) <= SERVICES
        if one.outcome != "emergency":
            assert set(one.services) & only <= {one.subject}


def _only_in_danger(snapshot: Snapshot) -> set[str]:
    """Of the services that emergencies call those whose tasks no other guide leads to."""
    guides = snapshot.guides
    elsewhere = {
        task.id
        for task in snapshot.network.tasks
        if any(guides[place.partition("#")[0]].kind != "emergenza" for place in task.guides)
    }
    services = {slug: guides[slug].service for slug in called_in_danger(snapshot)}
    return {slug for slug, s in services.items() if s and not elsewhere & set(s.tasks)}


def test_where_there_is_none_it_is_said(proposed: list[Proposed]) -> None:
    """With the name of the place; never beside services."""
    notes = [one.note for one in proposed if one.note]
    assert any("Cuneo" in note for note in notes)
    assert not any(one.services and one.note for one in proposed)


def test_every_service_says_what_it_does(snapshot: Snapshot) -> None:
    """One that did not would be proposed by its need alone, which is too wide."""
    cards = [guide for guide in snapshot.guides.values() if guide.service]
    assert [card.slug for card in cards if card.service and not card.service.tasks] == []
