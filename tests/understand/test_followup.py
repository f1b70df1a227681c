"""Follow-ups take the topic of the turns before; a new topic drops it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from networks import REAL

from chatbot.bot import Bot, admit
from chatbot.judge.consult import find
from chatbot.question import Question, Turn
from chatbot.understand.followup import needs_topic, with_topic
from chatbot.understand.query import understand
from eval.suite.case import Case
from eval.suite.folder import load_suite
from index.encode.encoder import Encoder
from index.publish.snapshot import Snapshot, load_current


def turns(*texts: str) -> tuple[Turn, ...]:
    return tuple(Turn("user", text) for text in texts)


def test_a_short_question_takes_the_topic() -> None:
    """«Quanto dura?» alone finds nothing: the turn before says of what."""
    assert "tirocinio" in with_topic("quanto dura?", turns("come attivo un tirocinio?"), REAL)


def test_what_is_named_anew_takes_the_place_of_the_old() -> None:
    """«E per i sussidiari?» is about them, no longer about those of the turn before."""
    found = with_topic("e per i sussidiari?", turns("i rifugiati possono lavorare?"), REAL)
    assert "lavorare" in found
    assert "rifugiati" not in found


def test_a_place_takes_the_place_of_another() -> None:
    """«E a Cuneo?» drops Torino."""
    found = with_topic("e a Cuneo?", turns("dove trovo un avvocato gratis a Torino?"), REAL)
    assert "Torino" not in found
    assert "avvocato" in found


def test_a_new_topic_stands_alone() -> None:
    """A question with words of its own is searched as it is."""
    question = "la patente del Bangladesh per quanto tempo vale in Italia?"
    assert (
        with_topic(question, turns("chi ha asilo può ricongiungere i genitori?"), REAL) == question
    )


def test_the_topic_survives_two_follow_ups_and_ends_with_a_new_one() -> None:
    """Three turns: a follow-up of a follow-up keeps the first topic, a new topic ends it."""
    assert "tirocinio" in with_topic(
        "e per i minori?", turns("cos'è un tirocinio?", "quanto dura?"), REAL
    )
    history = turns("come attivo un tirocinio?", "come si iscrive un bambino a scuola a metà anno?")
    assert "tirocinio" not in with_topic("quanto costa?", history, REAL)


def test_what_the_assistant_said_is_no_topic() -> None:
    """Only the operator's words count: an answer may speak of many things."""
    history = (Turn("user", "cos'è il SAI?"), Turn("assistant", "Il tirocinio dura 6 mesi."))
    assert "tirocinio" not in with_topic("quanto dura?", history, REAL)


@pytest.mark.parametrize("text", ["e a Cuneo?", "quanto dura?", "ma lui può lavorare?"])
def test_follow_ups_are_seen(text: str) -> None:
    """Few words, or a word that points back."""
    assert needs_topic(text)


def test_topics_find_more_than_turns_glued_together(
    encoder_of_all: Encoder, published: Path
) -> None:
    """On every case of several turns that the guides answer: the right passage first, and among
    the first three, more often than with all the turns as one question, or with the last alone."""
    snapshot, bot = load_current(published), Bot(encoder_of_all)
    cases = [
        c for c in load_suite() if len(c.turns) > 1 and c.passages and c.expected == "answered"
    ]
    assert len(cases) >= 60
    ways: dict[str, Callable[[Case], Question]] = {
        "topic": lambda c: Question(c.question, history=turns(*c.turns[:-1])),
        "glued": lambda c: Question(" ".join(c.turns)),
        "last": lambda c: Question(c.question),
    }
    found = {name: _found(bot, snapshot, cases, ask) for name, ask in ways.items()}
    assert found["topic"][0] > found["glued"][0] > found["last"][0], found
    assert found["topic"][1] > found["glued"][1] > found["last"][1], found


def _found(
    bot: Bot, snapshot: Snapshot, cases: Sequence[Case], ask: Callable[[Case], Question]
) -> tuple[int, int]:
    """How many cases have an acceptable passage first, and among the first three."""
    reference = bot.prepare(snapshot).reference
    first = three = 0
    for case in cases:
        query = understand(ask(case), reference)
        asked = bot.encoder.encode_query_tokens(query.text)
        admitted = admit(query, snapshot)
        hits, _ = find(query, asked, snapshot, admit=admitted, now=bot.now(query))
        right = [f"{h.passage.guide}#{h.passage.anchor}" in case.passages for h in hits[:3]]
        first += right[:1] == [True]
        three += any(right)
    return first, three
