"""Asking an item: its turns in order, the last one scored."""

from __future__ import annotations

from chatbot.answer import Answer
from chatbot.question import Question, Turn
from eval.collections.item import Item
from eval.runs.run import Replies
from index.publish.snapshot import Snapshot


def last_question(
    item: Item, bot: Replies | None = None, snapshot: Snapshot | None = None
) -> Question:
    """The last turn, with the turns before it; and the bot's own answers to them, where there is a
    bot."""
    history: tuple[Turn, ...] = ()
    for turn in item.turns[:-1]:
        history = (*history, Turn("user", turn))
        if bot and snapshot:
            answer = bot.reply(Question(turn, history=history[:-1]), snapshot)
            history = (*history, Turn("assistant", answer.answer))
    return Question(item.turns[-1], history=history)


def ask(item: Item, bot: Replies, snapshot: Snapshot) -> Answer:
    """The answer to the last turn, the others played before it."""
    return bot.reply(last_question(item, bot, snapshot), snapshot)
