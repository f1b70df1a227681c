"""Late interaction, worked out by hand: each word of the question meets its best word."""

from __future__ import annotations

import numpy as np
import pytest

from chatbot.find.late import PIECE, Interaction, token_weights
from index.encode.encoder import QueryTokens

# a heading (-1) and two units against a question of two tokens
BEST = np.array([[0.2, 0.9], [0.8, 0.1], [0.4, 0.6]], dtype=np.float32)
UNITS = np.array([-1, 0, 1], dtype=np.int16)
NOTHING = Interaction(np.empty((0, 2), np.float32), np.empty(0, np.int16))


def test_a_passage_counts_each_token_where_it_is_nearest() -> None:
    """(0.8 + 0.9) / 2, and by weights 3 to 1 (3 · 0.8 + 0.9) / 4."""
    one = Interaction(BEST, UNITS)
    assert one.passage_score(np.ones(2, np.float32)) == pytest.approx(0.85)
    assert one.passage_score(np.array([3, 1], np.float32)) == pytest.approx(0.825)


def test_the_best_unit_is_no_heading() -> None:
    """The heading is nearest (0.55), and cites nothing: of the units the second is."""
    one = Interaction(BEST, UNITS)
    assert one.unit_scores() == pytest.approx([0.55, 0.45, 0.5])
    assert one.best_unit_score() == pytest.approx(0.5)


def test_a_passage_without_tokens_scores_nothing() -> None:
    assert NOTHING.passage_score(np.ones(2, np.float32)) == 0.0
    assert NOTHING.best_unit_score() == 0.0


def test_a_whole_word_weighs_more_than_a_piece() -> None:
    """By how rare its stem is; a piece of a word says little by itself."""
    tokens = ("tirocinio", "##ni", "il")
    nowhere = np.zeros((3, 2), np.float32)
    asked = QueryTokens(nowhere[0], nowhere, nowhere, tokens, np.zeros((3, 2), np.int32))
    assert token_weights(asked, {"tirocin": 4.0}) == pytest.approx([4 + PIECE, PIECE, PIECE])
