"""A question played again says what the bot said, and why."""

from __future__ import annotations

import pytest

from chatbot.bot import Bot
from chatbot.desk.advice import advice
from chatbot.desk.replay import replay
from chatbot.question import Profile, Question
from index.publish.snapshot import Snapshot


@pytest.fixture(scope="module")
def question() -> str:
    return "Quanto dura il codice STP?"


def test_a_replay_is_the_answer_that_was_given(bot: Bot, snapshot: Snapshot, question: str) -> None:
    """The same words and citations as the bot's reply; candidates in the bot's own order, the
    cited one marked; the sentences that the answer shows are marked among those that were read."""
    found, said = (
        replay([question], Profile(), bot, snapshot),
        bot.reply(Question(question), snapshot),
    )
    assert (found.answer.answer, found.answer.reasons) == (said.answer, said.reasons)
    assert [one.section for one in found.candidates] == [
        f"{hit.passage.guide}#{hit.passage.anchor}" for hit in said.hits[: len(found.candidates)]
    ]
    assert any(one.cited for one in found.candidates)
    (ask,) = found.asks
    assert ask.chance == pytest.approx(said.confidence, abs=1e-3)
    assert any(unit.shown for unit in ask.units)
    chances = [unit.chance for unit in ask.units]
    assert chances == sorted(chances, reverse=True)


def test_turns_are_played_in_order(bot: Bot, snapshot: Snapshot, question: str) -> None:
    """A follow-up takes its topic from the turn before."""
    found = replay([question, "e chi lo rilascia?"], Profile(), bot, snapshot)
    assert found.work is not None
    assert "STP" in found.work.query.text
    assert len(found.question.history) == 2


def test_a_courtesy_has_no_steps(bot: Bot, snapshot: Snapshot) -> None:
    """Nothing is looked up and nothing is to be changed."""
    found = replay(["grazie mille!"], Profile(), bot, snapshot)
    assert found.work is None
    assert advice(found, bot.prepare(snapshot).reference, bot.weights) == ()


def test_a_word_that_no_guide_has_is_told(bot: Bot, snapshot: Snapshot) -> None:
    """As a variant for the glossary; a question the guides know needs none."""
    reference = bot.prepare(snapshot).reference
    told = advice(
        replay(["dove faccio la sbrindolata?"], Profile(), bot, snapshot), reference, bot.weights
    )
    assert "«sbrindolata»" in told[0]
    known = advice(
        replay(["Quanto dura il codice STP?"], Profile(), bot, snapshot), reference, bot.weights
    )
    assert not any("glossario" in line for line in known)
