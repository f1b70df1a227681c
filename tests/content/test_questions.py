"""The questions that lead to the sections of the guides."""

from __future__ import annotations

import numpy as np

from chatbot.bot import Bot
from chatbot.find.admit import admit
from chatbot.find.rank import find
from chatbot.question import QueryVectors, Question
from chatbot.understand.query import understand
from index.passage import Passage
from index.publish.snapshot import Snapshot


def first_found(bot: Bot, question: str, snapshot: Snapshot) -> Passage:
    """What `Bot.reply` finds first; how the answer is said is no matter here."""
    query = understand(Question(question), bot.prepare(snapshot).reference)
    vectors = QueryVectors.of(query, bot.encoder)
    weights = bot.weights.where(bool(snapshot.precedents))
    return find(query, vectors, snapshot, weights, admit=admit(query, snapshot)).hits[0].passage


def test_what_an_editor_writes_leads_to_its_section(bot: Bot, snapshot: Snapshot) -> None:
    """Of the questions that editors wrote, asked as they are written, nearly all find their own
    section first. What is found in its place mostly says the same in another guide."""
    written = [(q, p) for p in snapshot.passages for q in p.questions][::31]
    found = [first_found(bot, question, snapshot) for question, _ in written]
    right = [
        (hit.guide, hit.anchor) == (passage.guide, passage.anchor)
        for hit, (_, passage) in zip(found, written, strict=True)
    ]
    assert len(written) > 100
    assert np.mean(right) > 0.85
