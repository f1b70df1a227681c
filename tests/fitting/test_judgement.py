"""The judgement that is fitted is the one that serves."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from chatbot.judge.decide import Judgement, Signs
from eval.fitting.judgement import Example, fit_judgement, report

SIGNS = len(fields(Signs))


def _examples() -> list[Example]:
    """Two sources in which answered questions have nearer passages that stand out."""
    random = np.random.default_rng(3)
    found = []
    for source in ("casi", "corpus"):
        for n in range(120):
            kind = ("answered", "removed", "other")[n % 3]
            near = {"answered": 0.9, "removed": 0.85, "other": 0.8}[kind]
            values = random.normal(0, 0.02, SIGNS)
            values[0] += near
            values[4] += 0.05 if kind == "answered" else 0.0
            found.append(Example(source, kind, Signs(*values.tolist()), f"{source}{n // 6}"))
    return found


def test_the_coefficients_printed_are_those_of_the_fit() -> None:
    """Answered questions get more probability from the printed judgement, and the figures say how
    well it tells each kind of silence, also with a source left out."""
    examples = _examples()
    figures = fit_judgement(examples)
    judgement = Judgement(Signs(*figures["coefficients"]), figures["intercept"])
    answered = [judgement.probability(e.signs) for e in examples if e.answers]
    silent = [judgement.probability(e.signs) for e in examples if not e.answers]
    assert np.mean(answered) > 0.8 > 0.3 > np.mean(silent)
    assert figures["AUROC"].keys() == {
        f"{source} {kind}" for source in ("casi", "corpus") for kind in ("removed", "other")
    }
    assert min(figures["AUROC"].values()) > 0.9
    assert min(figures["AUROC left out"].values()) > 0.9
    assert report(figures).startswith(f"Judgement(Signs({figures['coefficients'][0]}")


def test_a_kind_that_a_source_lacks_has_no_figure() -> None:
    """Nothing is measured where nothing could be wrong."""
    only = [e for e in _examples() if (e.source, e.kind) != ("corpus", "removed")]
    assert "corpus removed" not in fit_judgement(only)["AUROC"]


def test_the_probability_stays_between_zero_and_one() -> None:
    """Whatever the signs."""
    judgement = Judgement(Signs(*[100.0] * SIGNS), 0.0)
    assert judgement.probability(Signs(*[1e6] * SIGNS)) == pytest.approx(1.0)
    assert judgement.probability(Signs(*[-1e6] * SIGNS)) == pytest.approx(0.0)
