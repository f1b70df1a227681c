"""Figures as a person reads them on a terminal."""

from __future__ import annotations

import json

import pytest

from eval.benchmarks.printed import print_figures

FIGURES = {
    "n": 3,
    "p50_ms": 12.34567,
    "answerable": {"n": 2, "right": 0.5},
    "by": {"language": {"it": {"n": 2, "answerable": {"right": 0.5}}, "ar": {"n": 1}}},
    "sizes": [{"passages": 10, "ms": 1.0}, {"passages": 20, "ms": 2.0}],
    "growth": {"rows": [{"n": 1, "parts": {"a": 1}}]},
}


def test_a_group_within_a_group_has_its_own_line(capsys: pytest.CaptureFixture[str]) -> None:
    """With all its names, and no brackets of a program."""
    print_figures(FIGURES, as_json=False)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [" ".join(line) for line in lines] == [
        "n 3", "p50_ms 12.346", "answerable n 2 right 0.500",
        "by language it n 2", "by language it answerable right 0.500", "by language ar n 1",
        "sizes passages 10 ms 1.000", "sizes passages 20 ms 2.000",
        "growth rows n 1", "growth rows parts a 1",
    ]  # fmt: skip


def test_a_program_gets_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing lost, nothing rounded."""
    print_figures(FIGURES, as_json=True)
    assert json.loads(capsys.readouterr().out) == FIGURES
