"""What tells a danger is fitted by a command, on situations labelled by people."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from made_encoder import DIMENSION
from made_snapshots import ENCODER, WEIGHTS
from situations import SITUATIONS, SNAPSHOT

from chatbot.bot import Bot
from chatbot.judge.guard import DANGER_SIGNS
from chatbot.weights import Weights, with_vector
from eval.beir import DataError
from eval.fitting.danger import THRESHOLDS, Situation, fit_danger, read_dangers, signs_of


@pytest.fixture(scope="module")
def fitted() -> Weights:
    return fit_danger(SITUATIONS, SNAPSHOT, Bot(ENCODER, WEIGHTS))


def test_dangers_apart_from_calm_sentences_are_found(fitted: Weights) -> None:
    """Told by the guard with the weights written, on each situation."""
    bot = Bot(ENCODER, fitted)
    guard = bot.prepare(SNAPSHOT).guard
    signs = signs_of(SITUATIONS, SNAPSHOT, bot)
    assert signs.shape == (len(SITUATIONS), len(DANGER_SIGNS) + DIMENSION)
    told = [guard.danger(row, fitted) for row in signs]
    assert told == [situation.danger for situation in SITUATIONS]


def test_the_figures_are_cross_validated(fitted: Weights) -> None:
    """How many are found and how many calm sentences take a card, at each threshold."""
    told = fitted.told["danger"]
    assert (told["n"], told["dangers"]) == (len(SITUATIONS), 20)
    assert told["average precision"] > 0.95
    assert [told[str(t)]["found"] for t in THRESHOLDS] == sorted(
        (told[str(t)]["found"] for t in THRESHOLDS), reverse=True
    )
    assert told["0.5"]["found"] >= 19
    assert told["0.5"]["too many"] <= 1


def test_every_sign_has_its_weight_and_the_others_stay(fitted: Weights) -> None:
    """One for each dimension of the encoder too."""
    assert set(fitted.groups["danger"]) == {*with_vector(DANGER_SIGNS, DIMENSION), "intercept"}
    assert all(fitted.groups[g] == WEIGHTS.groups[g] for g in ("passages", "units", "answers"))
    assert np.isfinite(list(fitted.groups["danger"].values())).all()


def test_situations_are_read_from_their_file(tmp_path: Path) -> None:
    """What has no kind has none; a row without its text is told."""
    path = tmp_path / "pericoli.jsonl"
    rows = [{"id": 1, "text": "ha paura", "danger": True, "lang": "it", "kind": "velato"},
            {"id": "2", "text": "cerca casa", "danger": False}]  # fmt: skip
    path.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    assert read_dangers(path) == [
        Situation("1", "ha paura", "it", True, "velato"),
        Situation("2", "cerca casa", "", False),
    ]
    path.write_text('{"id": "3", "danger": true}\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"pericoli\.jsonl:1"):
        read_dangers(path)
