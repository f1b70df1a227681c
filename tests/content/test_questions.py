"""The questions that lead to the sections of the guides."""

from __future__ import annotations

import numpy as np

from chatbot.bot import Bot
from chatbot.question import Question
from index.publish.snapshot import Snapshot


def test_what_an_editor_writes_leads_to_its_section(bot: Bot, snapshot: Snapshot) -> None:
    """Of the questions that editors wrote, asked as they are written, nearly all find their own
    section first. What is found in its place mostly says the same in another guide."""
    written = [(q, p) for p in snapshot.passages for q in p.questions][::31]
    found = [bot.reply(Question(question), snapshot).hits[0].passage for question, _ in written]
    right = [
        (hit.guide, hit.anchor) == (passage.guide, passage.anchor)
        for hit, (_, passage) in zip(found, written, strict=True)
    ]
    assert len(written) > 100
    assert np.mean(right) > 0.85
