"""The report of a made run, as a file and open in a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_report import make_run, measured
from playwright.sync_api import Page

from eval.report.page import render_report
from eval.runs.baseline import read_baseline
from eval.runs.compare import compare


@pytest.fixture
def page_file(tmp_path: Path) -> Path:
    run, before = make_run(answer="subito"), make_run("a")
    past = [{"run": n, "created": f"2026-11-2{n}T", "n": 8, "cases": "d",
             "measures": {"pass_rate": 0.5, "wrong_given": 0.1}} for n in (1, 2)]  # fmt: skip
    path = tmp_path / "resoconto.html"
    before = before.model_copy(
        update={"id": "20261125T233838633068", "results": before.results[:7]}
    )
    blessing = {"run": before.id, "date": "2026-11-25", "reason": "la prima prova intera"}
    baseline = read_baseline() | {"blessings": [blessing]}
    html = render_report(run, baseline, compare(before, run), past, measured=[measured()])
    path.write_text(html, encoding="utf-8")
    return path


@pytest.fixture
def shown(page: Page, page_file: Path) -> Page:
    """The page opened from disk, with the network cut."""
    page.context.set_offline(True)
    page.goto(page_file.as_uri())
    return page
