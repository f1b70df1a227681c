"""Silences that a guide broke since they were written."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from made_runs import case

from eval.runs.silences import answered_silences

GUIDES: Any = SimpleNamespace()  # a stand-in of the bot answers without looking at them


class Sure:
    """Answers every question with one passage."""

    def __init__(self, confidence: float) -> None:
        self.confidence = confidence

    def reply(self, question: Any, snapshot: Any) -> Any:
        cited = SimpleNamespace(guide="conto", url="/guide/conto#costo", quote="Costa 5 euro.")
        return SimpleNamespace(
            outcome="answered", confidence=self.confidence, citations=(cited,), answer="x"
        )


def test_ev_02_a_silence_that_a_guide_breaks_is_proposed(tmp_path: Path) -> None:
    """With the passage and its words, where the bot is sure; other cases are not asked."""
    silent = case(1, esito="silenzio", fatti=[])
    (told,) = answered_silences([silent, case(2)], Sure(0.9), GUIDES, tmp_path)
    assert "conto#costo sembra rispondere: «Costa 5 euro.»" in told.message
    assert answered_silences([silent], Sure(0.3), GUIDES, tmp_path) == []
