"""What `docs/api.md` shows works as it stands; the page of the interface calls nobody."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from folders import ROOT
from playwright.sync_api import Page, expect
from web import PATIENCE_MS

TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"^## (\d)\. [^\n]*\n\n```(sh|python|js)\n(.*?)```", TEXT, re.M | re.S)
ADDRESS = "http://127.0.0.1:8000"


def run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_there_are_five_recipes_in_three_tongues() -> None:
    """A pattern that finds none would prove nothing."""
    assert [number for number, _, _ in RECIPES] == list("12345")
    assert {language for _, language, _ in RECIPES} == {"sh", "python", "js"}
    assert all(ADDRESS in code for _, _, code in RECIPES)


@pytest.mark.parametrize(("number", "language", "code"), RECIPES)
def test_a_recipe_works(
    number: str, language: str, code: str, live_server: str, page: Page
) -> None:
    """As printed, but for the address: each tells how long a traineeship lasts."""
    code = code.replace(ADDRESS, live_server)
    if language == "sh":
        told = run(["sh", "-c", code])
        if number == "1":
            assert json.loads(told)["outcome"] == "answered"
        else:
            assert "event: answer" in told
    elif language == "python":
        told = run([sys.executable, "-c", code])
    else:
        lines: list[str] = []
        page.on("console", lambda message: lines.append(message.text))
        page.goto(f"{live_server}/privacy")
        page.evaluate(f"async () => {{ {code} }}")
        told = "\n".join(lines)
        assert "[1]" in told
    assert "6 mesi" in told


def test_the_page_of_the_interface_is_served_by_us_alone(live_server: str, page: Page) -> None:
    """Every route is drawn, under the strict policy, without a request to anybody else and without
    an error; a route opens, and trying it gives the answer."""
    left: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda r: left.append(r.url) if not r.url.startswith(
        (live_server, "data:", "blob:")) else None)  # fmt: skip
    page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    response = page.goto(f"{live_server}/api/docs")
    assert response is not None
    assert "script-src 'self'" in response.headers["content-security-policy"]
    for path in ("/api/chat", "/api/passages", "/v1/chat/completions", "/api/guides/{slug}"):
        expect(page.locator(f'[data-path="{path}"]')).to_be_visible(timeout=PATIENCE_MS)
    page.locator('[data-path="/api/health"]').click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
    assert (left, wrong) == ([], [])
