"""Whether a turn goes on from another, as learnt: each text of a conversation is encoded once."""

import numpy as np
import pytest
from made_encoder import made_encoder

from chatbot.question import Turn
from chatbot.understand.follows import LearntFollows
from chatbot.understand.followup import joined, topic_of
from chatbot.weights import Weights, read_weights
from index.network import NEUTRAL

TURNS = [
    "Quanto dura il tirocinio?", "Chi paga la mensa?", "Dove si fa la tessera sanitaria?",
    "Serve un documento?", "Che cosa costa un corso di italiano?",
]  # fmt: skip


@pytest.mark.parametrize("intercept", [1.0, -1.0], ids=["all go on", "none does"])
def test_a_longer_conversation_encodes_what_is_new(intercept: float) -> None:
    """Asked turn by turn, as a chat does: none of the texts goes to the encoder a second time."""
    encoder = made_encoder()
    weights = Weights(encoder.digest, {"follows": {"intercept": intercept}}, {})
    follows = LearntFollows(encoder, np.zeros((1, encoder.dimension), np.float32), weights)
    for upto in range(1, len(TURNS)):
        history = [Turn("user", text) for text in TURNS[:upto]]
        topic = topic_of(history, NEUTRAL, follows)
        asked = joined(topic, TURNS[upto], NEUTRAL, follows)
        assert (asked == TURNS[upto]) == (intercept < 0)
    assert len(encoder.runs) == len(set(encoder.runs)) > len(TURNS)


def test_signs_are_those_of_the_texts_however_often_they_are_asked_for() -> None:
    encoder, topic, text = made_encoder(), TURNS[0], "Quanto dura il corso?"
    follows = LearntFollows(encoder, encoder.encode_queries([text]), read_weights())
    first, again = follows.signs(topic, text), follows.signs(topic, text)
    one, own = encoder.encode_queries([topic, text])
    assert np.array_equal(first, again)
    assert np.array_equal(first[-encoder.dimension :], own)
    assert first[4] == pytest.approx(float(one @ own))  # how near the two are
    assert first[5] == pytest.approx(1.0)  # and the text to a question that guides answer
