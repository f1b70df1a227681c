"""The benchmark of growth: real operations on generated guides, and what it says of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.benchmarks.growth import WORDS, benchmark, exponent, write_guides
from eval.report.plots import growth_plot
from index.check.rules import check_folder
from index.encode.encoder import Encoder
from index.publish.snapshot import Snapshot


def test_exponents_are_those_of_known_curves() -> None:
    rows = [
        {"guides": n, "linear": 0.02 * n, "square": n * n, "flat": 3.0} for n in (100, 300, 900)
    ]
    assert exponent(rows, "linear") == pytest.approx(1)
    assert exponent(rows, "square") == pytest.approx(2)
    assert exponent(rows, "flat") == pytest.approx(0, abs=1e-9)


def test_growth_is_measured_on_guides_that_pass_the_check(
    snapshot: Snapshot, encoder_of_all: Encoder, tmp_path: Path
) -> None:
    """Every time of every size, the exponents, and a drawing of all of them."""
    figures = benchmark(snapshot, encoder_of_all, [5, 10])
    assert [row["guides"] for row in figures["rows"]] == [5, 10]
    assert [row["passages"] for row in figures["rows"]] == [15, 30]
    assert all(0 < row[name] < 60 for row in figures["rows"] for name in WORDS)
    assert set(figures["exponents"]) == set(WORDS)
    assert figures["vectors"].startswith("recorded")
    drawing = growth_plot(figures["rows"], WORDS)
    assert drawing.count("<svg") == 1
    assert all(word in drawing for word in WORDS.values())
    write_guides(
        tmp_path / "guide", 3, ["Questa è una frase qualunque della prova.", "E un'altra."]
    )
    found, findings = check_folder(tmp_path / "guide")
    assert len(found) == 3
    assert not [finding for finding in findings if finding.severity == "error"]
