"""From a folder of Markdown to its first answer, as `make run` does it."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.benchmarks.start import benchmark
from index.errors import BussolaError


def test_a_plain_folder_is_built_served_and_asked(tmp_path: Path, model_dir: Path) -> None:
    """In processes of their own; the parts make the whole, and nothing is left behind."""
    (tmp_path / "mensa.md").write_text(
        "# La mensa\n\n## Quando apre la mensa?\n\nLa mensa apre alle 12.\n", encoding="utf-8"
    )
    figures = benchmark(tmp_path, model_dir.parent, "Quando apre la mensa?")
    parts = [figures[name] for name in ("build_s", "server_s", "answer_s")]
    assert sum(parts) == pytest.approx(figures["total_s"])
    assert figures["cpu_s"] > 0
    assert figures["outcome"] in ("answered", "related")
    assert [path.name for path in tmp_path.iterdir()] == ["mensa.md"]


def test_a_folder_that_is_not_published_is_told(tmp_path: Path, model_dir: Path) -> None:
    """In the words of the build."""
    with pytest.raises(BussolaError, match="Nessuna guida da pubblicare"):
        benchmark(tmp_path, model_dir.parent, "Chi?")
