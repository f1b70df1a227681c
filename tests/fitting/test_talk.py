"""Talk is told from a question by what a command learnt; nobody in danger is answered with a
courtesy."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from made_encoder import DIMENSION
from made_snapshots import ENCODER, WEIGHTS
from situations import SITUATIONS, SNAPSHOT

from chatbot.bot import Bot
from chatbot.question import Question, Turn
from chatbot.understand.talk import GROUP, TALK_SIGNS
from eval.beir import DataError
from eval.collections.item import Item
from eval.fitting.danger import fit_danger
from eval.fitting.talk import Message, asked_in, fit_talk, read_messages

DAYS = ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica", "adesso"]
MESSAGES = [
    *(Message(f"che bella giornata {day}", talk=True) for day in DAYS),
    *(Message(f"tanti saluti {day}", talk=True) for day in DAYS),
    *(Message(f"quando si cerca la casa {day}", talk=False) for day in DAYS),
    *(Message(f"il Comune di Asti apre {day}", talk=False) for day in DAYS),
]


@pytest.fixture(scope="module")
def bot() -> Bot:
    dangers = fit_danger(SITUATIONS, SNAPSHOT, Bot(ENCODER, WEIGHTS))
    return Bot(ENCODER, fit_talk(MESSAGES, SNAPSHOT, Bot(ENCODER, dangers)))


def test_talk_is_told_from_questions(bot: Bot) -> None:
    """Messages that no list has, answered with a courtesy; what is asked is answered."""
    assert bot.reply(Question("che bella giornata davvero"), SNAPSHOT).outcome == "small_talk"
    assert bot.reply(Question("quando si cerca la casa?"), SNAPSHOT).outcome != "small_talk"
    told = bot.weights.told[GROUP]
    assert (told["n"], told["talk"]) == (32, 16)
    assert told["found"] > 12 > told["too many"]
    assert set(bot.weights.groups[GROUP]) >= {*TALK_SIGNS, "v0", f"v{DIMENSION - 1}", "intercept"}


def test_a_danger_is_no_talk(bot: Bot) -> None:
    """Whatever the message is like: the card comes before any courtesy."""
    words = "che bella giornata, il marito la picchia e ha paura"
    learnt = Message(words, talk=True)
    swayed = fit_talk([*MESSAGES, *[learnt] * 8], SNAPSHOT, bot)
    (vector,) = ENCODER.encode_queries([words])
    swayed_bot = Bot(ENCODER, swayed)
    assert swayed_bot.prepare(SNAPSHOT).talk(words, vector)
    assert swayed_bot.reply(Question(words), SNAPSHOT).outcome == "emergency"


def test_a_long_message_is_no_talk(bot: Bot) -> None:
    """It tells something, even if it is full of courtesies."""
    assert not bot.is_talk(Question("che bella giornata " * 8), SNAPSHOT)


def test_what_answers_a_question_is_no_talk(bot: Bot) -> None:
    """A short message that goes on from the turn before is read with it."""
    asked = (Turn("user", "quando si cerca la casa?"), Turn("assistant", "In quale giorno?"))
    assert not bot.is_talk(Question("adesso", history=asked), SNAPSHOT)


@pytest.mark.parametrize("lost", ["model", "group"])
def test_what_was_not_learnt_on_this_encoder_tells_nothing(bot: Bot, lost: str) -> None:
    """Then only the phrases of the list are talk."""
    groups = {name: kept for name, kept in bot.weights.groups.items() if name != GROUP}
    unlearnt = {
        "model": replace(bot.weights, model="another"),
        "group": replace(bot.weights, groups=groups),
    }[lost]
    other = Bot(ENCODER, unlearnt)
    assert not other.is_talk(Question("che bella giornata davvero"), SNAPSHOT)
    assert other.is_talk(Question("buongiorno, grazie!"), SNAPSHOT)


def test_messages_are_read_with_their_labels(tmp_path: Path) -> None:
    """One a line; a line without its label is told."""
    path = tmp_path / "m.jsonl"
    path.write_text(json.dumps({"text": "ciao", "smalltalk": True}), encoding="utf-8")
    assert read_messages(path) == [Message("ciao", talk=True)]
    path.write_text(json.dumps({"text": "ciao"}), encoding="utf-8")
    with pytest.raises(DataError):
        read_messages(path)


def test_short_questions_are_no_talk() -> None:
    """Those of one turn, of at most as many words as talk has."""
    items = [
        Item("a", ("Dove si cerca casa?",), "it", "", "answer", (), frozenset()),
        Item("b", ("Ciao", "E la casa?"), "it", "", "answer", (), frozenset()),
        Item("c", ("parola " * 30,), "it", "", "answer", (), frozenset()),
    ]
    assert asked_in(items) == [Message("Dove si cerca casa?", talk=False)]
