"""The signs by which a danger is told, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from dangers import GUIDES, VIOLENCE, published
from guide_texts import guide
from made_encoder import made_encoder

from chatbot.judge.guard import (
    DANGER_SIGNS,
    MAX_CARDS,
    MOST,
    Guard,
    sentences_of,
)
from chatbot.weights import Weights, with_vector
from index.guide import Guide
from index.search.lexical import terms


def test_without_cards_there_is_no_danger_to_tell(tmp_path: Path) -> None:
    """A folder of guides that has no emergency is answered as ever."""
    calm = {name: text for name, text in GUIDES.items() if name.startswith("schede")}
    encoder = made_encoder()
    guard = Guard.of(published(tmp_path, calm, encoder))
    vector = encoder.encode_queries(["il marito la picchia"])[0]
    for fitted in (True, False):
        assert guard.emergencies(vector, terms("il marito la picchia"), ODDS, fitted) == ()


# What follows is worked out by hand, in three dimensions: x is danger, y is every day, z another.
X, Y, Z = np.eye(3, dtype=np.float32)
NAMES = with_vector(DANGER_SIGNS, 3)
ODDS = Weights(
    "", {"danger": {"beyond_headings": 10.0, "beyond_asked": 10.0, "intercept": -5.0}},
    {"danger": 0.5, "card_near": 0.01, "danger_words": 0.6},
)  # fmt: skip


def a_card(slug: str) -> Guide:
    return guide(VIOLENCE, f"emergenze/{slug}.md")


def guard_of(signals: list[np.ndarray], slugs: list[str], words: list[str] | None = None) -> Guard:
    return Guard(
        cards=tuple(a_card(slug) for slug in slugs),
        stems=tuple(frozenset(terms(w)) for w in words or [""] * len(slugs)),
        signals=np.array(signals, dtype=np.float32),
        headings=np.array([Y]),
        asked=np.array([Y, Y, Y]),
    )


def unit(*values: float) -> np.ndarray:
    vector = np.array(values, dtype=np.float32)
    return vector / np.linalg.norm(vector)


def test_the_signs_are_those_of_the_formula() -> None:
    """How near the nearest signals are, how much nearer than headings and than questions, the part
    of a signal's words, and then the question itself."""
    guard = guard_of([X, X], ["a", "a"], ["il marito la picchia", "la minaccia"])
    vector = unit(0.8, 0.6, 0.0)
    found = dict(zip(NAMES, guard.signs(vector, terms("la picchia")).tolist(), strict=True))
    assert found == pytest.approx(
        {"near": 0.8, "beyond_headings": 0.2, "beyond_asked": 0.2, "shared": 0.5,
         "v0": 0.8, "v1": 0.6, "v2": 0.0},
        abs=1e-6,
    )  # fmt: skip


def test_one_signal_near_by_chance_counts_less_than_three() -> None:
    """Of the nearest three the mean is compared."""
    one = guard_of([X, Z, Z], ["a"] * 3).signs(X, [])
    three = guard_of([X, X, X], ["a"] * 3).signs(X, [])
    assert one[0] == pytest.approx(1 / 3)
    assert three[0] == pytest.approx(1.0)
    assert one[1] == three[1]


def test_a_danger_begins_at_the_probability_of_the_weights() -> None:
    """Odds of −5 + 10 (x − y) + 10 (x − y): they are even where x − y is 0.25."""
    guard = guard_of([X], ["a"])
    below, above = (np.array([x, 0.5, 0.0], dtype=np.float32) for x in (0.74, 0.76))
    assert guard.emergencies(below, [], ODDS, True) == ()
    assert [card.slug for card in guard.emergencies(above, [], ODDS, True)] == ["a"]
    strict = replace(ODDS, numbers={**ODDS.numbers, "danger": 0.99})
    assert guard.emergencies(above, [], strict, True) == ()


def test_a_second_card_only_where_it_is_nearly_as_near() -> None:
    """Nearest first, each once, never more than two."""
    close, far = unit(1.0, 0.0, 0.1), unit(1.0, 0.0, 0.9)
    guard = guard_of([far, close, X, X], ["lontana", "seconda", "prima", "prima"])
    assert [card.slug for card in guard.emergencies(X, [], ODDS, True)] == ["prima", "seconda"]
    wide = replace(ODDS, numbers={**ODDS.numbers, "card_near": 0.5})
    assert [card.slug for card in guard.emergencies(X, [], wide, True)] == ["prima", "seconda"]
    assert len(guard_of([far, X], ["lontana", "a"]).emergencies(X, [], ODDS, True)) == 1
    assert len(guard_of([far, X], ["lontana", "a"]).emergencies(X, [], wide, True)) == 2
    many = guard_of([X] * 4, ["a", "b", "c", "d"])
    assert len(many.emergencies(X, [], ODDS, True)) == MAX_CARDS == 2


def test_where_nothing_was_fitted_the_words_of_the_signals_decide() -> None:
    """However near the vectors of an unknown encoder are: enough of the words of one signal, and
    the card is shown; fewer, and it is not."""
    guard = guard_of([X], ["a"], ["il marito picchia sempre la moglie"])
    stems = sorted(guard.stems[0])
    enough = stems[: round(ODDS.numbers["danger_words"] * len(stems) + 0.5)]
    assert guard.emergencies(Y, enough, ODDS, False) != ()
    assert guard.emergencies(X, stems[:1], ODDS, False) == ()


@pytest.mark.parametrize(
    ("message", "alone"),
    [
        ("Il marito la picchia. Che cosa faccio?",
         ["Il marito la picchia", "Che cosa faccio?"]),
        ("vuole morire davvero, quanto costa l'affitto?",
         ["vuole morire davvero", "quanto costa l'affitto?"]),
        ("prima riga di tre\nseconda riga di tre",
         ["prima riga di tre", "seconda riga di tre"]),
        ("il marito la picchia", []),
        ("Ciao. Sì, certo.", []),
    ],
)  # fmt: skip
def test_each_thing_said_is_looked_at_alone(message: str, alone: list[str]) -> None:
    """Sentences and clauses of three words and more, where there are several."""
    assert sentences_of(message) == alone


def test_a_message_of_many_sentences_is_cut_short() -> None:
    """Each costs a run of the encoder."""
    assert len(sentences_of("una frase di prova. " * 50)) == MOST


def test_a_danger_said_in_passing_is_heard_where_it_is_plain() -> None:
    """What is asked beside it drowns it; in its own sentence the danger must be surer than in a
    whole question, since a sentence lacks what stands around it."""
    guard, whole = guard_of([X], ["a"]), unit(0.3, 0.9, 0.0)
    weights = replace(ODDS, numbers={**ODDS.numbers, "danger_alone": 0.9})
    sure, unsure = unit(1.0, 0.1, 0.0), np.array([0.76, 0.5, 0.0], dtype=np.float32)
    assert guard.emergencies(whole, [], weights, True) == ()
    assert guard.emergencies(whole, [], weights, True, [(Y, []), (unsure, [])]) == ()
    found = guard.emergencies(whole, [], weights, True, [(Y, []), (sure, [])])
    assert [card.slug for card in found] == ["a"]


def test_the_names_of_the_signs_go_with_their_columns() -> None:
    """Four signs, then one for each dimension: weights are looked up by these names."""
    assert with_vector(DANGER_SIGNS, 2) == (*DANGER_SIGNS, "v0", "v1")
    assert len(guard_of([X], ["a"]).signs(X, [])) == len(NAMES)


def test_a_turn_that_follows_is_judged_as_a_message_of_its_own() -> None:
    """Its topic comes from the turns before, which say nothing of the danger; it is whole, so the
    threshold of a whole message counts, and not that of a clause."""
    guard, whole = guard_of([X], ["a"]), unit(0.3, 0.9, 0.0)
    weights = replace(ODDS, numbers={**ODDS.numbers, "danger_alone": 0.9})
    turn = np.array([0.76, 0.5, 0.0], dtype=np.float32)
    assert guard.emergencies(whole, [], weights, True, [(turn, [])]) == ()
    found = guard.emergencies(whole, [], weights, True, turn=(turn, []))
    assert [card.slug for card in found] == ["a"]
    assert guard.emergencies(whole, [], weights, True, turn=(Y, [])) == ()
