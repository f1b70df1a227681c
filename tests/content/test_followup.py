"""Follow-ups over the cases of several turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chatbot.bot import Bot
from chatbot.find.admit import admit
from chatbot.find.rank import find
from chatbot.question import QueryVectors, Question, Turn
from chatbot.understand.query import understand
from eval.suite.case import Case
from index.publish.snapshot import Snapshot


def turns(*texts: str) -> tuple[Turn, ...]:
    return tuple(Turn("user", text) for text in texts)


def test_topics_find_more_than_turns_glued_together(
    bot: Bot, snapshot: Snapshot, cases: tuple[Case, ...]
) -> None:
    """On every case of several turns that the guides answer: the right passage first, and among
    the first three, more often than with all the turns as one question, or with the last alone."""
    several = [c for c in cases if len(c.turns) > 1 and c.passages and c.expected == "answered"]
    assert len(several) >= 60  # fewer tell the three ways apart by chance
    ways: dict[str, Callable[[Case], Question]] = {
        "topic": lambda c: Question(c.question, history=turns(*c.turns[:-1])),
        "glued": lambda c: Question(" ".join(c.turns)),
        "last": lambda c: Question(c.question),
    }
    found = {name: _found(bot, snapshot, several, ask) for name, ask in ways.items()}
    assert found["topic"][0] > found["glued"][0] > found["last"][0], found
    assert found["topic"][1] > found["glued"][1] > found["last"][1], found


def _found(
    bot: Bot, snapshot: Snapshot, cases: Sequence[Case], ask: Callable[[Case], Question]
) -> tuple[int, int]:
    """How many cases have an acceptable passage first, and among the first three."""
    prepared = bot.prepare(snapshot)
    first = three = 0
    for case in cases:
        query = understand(ask(case), prepared.reference, prepared.follows)
        vectors = QueryVectors.of(query, bot.encoder)
        found = find(query, vectors, snapshot, bot.weights, admit=admit(query, snapshot))
        right = [f"{h.passage.guide}#{h.passage.anchor}" in case.passages for h in found.hits[:3]]
        first += right[:1] == [True]
        three += any(right)
    return first, three
