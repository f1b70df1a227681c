"""What a passage is speaks for or against it before it is read."""

from __future__ import annotations

from chatbot.find.fuse import PRIORS, prior

from chatbot.bot import Bot
from chatbot.question import Question
from chatbot.understand.query import understand
from index.publish.snapshot import Snapshot

TERM = "glossario#pocket-money:0"


def of_term(bot: Bot, snapshot: Snapshot, text: str) -> float:
    query = understand(Question(text), bot.prepare(snapshot).reference)
    return prior(snapshot.passages[snapshot.positions[TERM]], snapshot, query)


def test_the_glossary_is_for_who_asks_what_a_word_means(bot: Bot, snapshot: Snapshot) -> None:
    """Who uses the word in another question gets its entry after what answers; who does not use
    it, later still."""
    means = of_term(bot, snapshot, "che vuol dire pocket money?")
    uses = of_term(bot, snapshot, "quanti euro sono di pocket money al CAS?")
    neither = of_term(bot, snapshot, "quanti euro danno al CAS?")
    assert (means, neither) == (0.0, PRIORS["term"])
    assert neither < uses < means
