"""The page of evaluators in Chromium."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from axe import violations
from desk_pages import SLOW_MS, sign_in
from playwright.sync_api import Page, expect
from signing_in import person

from eval.suite.folder import load_suite

pytestmark = pytest.mark.usefixtures("patient")


def test_an_evaluators_afternoon(page: Page, desk: tuple[str, str, Path]) -> None:
    """What operators complained of comes first; a judgement with the right passage is kept and is
    a draft of the suite at once, a wrong passage is told and nothing is lost; no axe violation."""
    address, _, guides = desk
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    said, var = page.locator("#esito"), guides.parent / "var"
    page.goto(f"{address}/revisione")
    sign_in(page, person(var, "valutazione", "evaluator"))
    first = page.locator("form.review").first
    expect(first.get_by_role("link", name="Perché")).to_have_attribute(
        "href", "/perche#risposta=c1"
    )
    expect(first.get_by_role("heading")).to_have_text("Serve la residenza?")
    expect(first).to_contain_text("incompleta, «manca il rinnovo»")
    assert violations(page) == []

    waiting = page.locator("form.review").count()
    first.get_by_label("Pericolosa").check()
    first.get_by_label("Se non è fra questi").fill("conto-di-base#non-esiste")
    first.get_by_role("button", name="Salva").click()
    expect(said).to_contain_text("non è un passaggio delle guide")
    first.get_by_label("Se non è fra questi").fill("conto-di-base#residenza")
    first.get_by_role("button", name="Salva").click()
    expect(said).to_contain_text("Giudizio salvato: pericolosa.")
    expect(page.locator("form.review")).to_have_count(waiting - 1)
    expect(page.locator("form.review h2").first).to_be_focused()
    waited = time.monotonic() + SLOW_MS / 1000
    while not (var / "eval" / "bozze" / ".bozze.json").is_file() and time.monotonic() < waited:
        time.sleep(0.2)
    drafts = {case.question: case for case in load_suite(var / "eval" / "bozze")}
    judged = drafts["Serve la residenza?"]
    assert (judged.severity, judged.passages) == ("alta", {"conto-di-base#residenza": 3})
    assert broken == []
