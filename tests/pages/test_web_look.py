"""Light or dark by choice, and a statement of accessibility without gaps."""

from __future__ import annotations

import re

from folders import ROOT
from playwright.sync_api import Page, expect

from chatbot.pages.brand import STATED, Brand, load_brand
from index.network import Network

PAPER = "getComputedStyle(document.body).backgroundColor"
CARD = """getComputedStyle(document.querySelector("bussola-chat").shadowRoot
          .querySelector(".composer-box")).backgroundColor"""


def test_dark_is_chosen_and_remembered(page: Page, live_server: str) -> None:
    """On every page and in the chat, whatever the system says; «come il dispositivo» undoes it."""
    page.goto(live_server)
    expect(page.get_by_label("La tua domanda")).to_be_visible()
    light = page.evaluate(PAPER), page.evaluate(CARD)
    page.get_by_label("Aspetto").select_option("dark")
    dark = page.evaluate(PAPER), page.evaluate(CARD)
    assert light[0] != dark[0]
    assert light[1] != dark[1]
    page.goto(f"{live_server}/guide")
    assert page.evaluate(PAPER) == dark[0]
    page.get_by_label("Aspetto").select_option("")
    page.reload()
    assert page.evaluate(PAPER) == light[0]


def test_dark_changes_colours_and_nothing_else() -> None:
    """What axe finds of anything else in light ones holds in dark ones (`test_web_access.py`)."""
    styles = [p for p in (ROOT / "chatbot/web").rglob("*.css") if "vendor" not in p.parts]
    dark = re.compile(r"prefers-color-scheme|theme=[\"']?dark")
    assert [path.name for path in styles if dark.search(path.read_text())] == ["tokens.css"]
    rules = re.findall(
        r"[^{}]*dark[^{}]*\{(?:[^{}]*\{)?([^{}]*)\}", (ROOT / "chatbot/web/tokens.css").read_text()
    )
    assert len(rules) == 2
    for rule in rules:
        names = re.findall(r"([-\w]+)\s*:", re.sub(r"rgb\([^)]*\)", "", rule))
        assert [n for n in names if not n.startswith("--b-") and n != "color-scheme"] == []


def test_the_statement_has_no_gaps(page: Page, live_server: str) -> None:
    """What is not said yet is not shown as a hole; that it is not complete is said."""
    page.goto(f"{live_server}/accessibilita")
    expect(page.locator("main")).not_to_contain_text("da compilare")
    expect(page.locator(".alert")).to_contain_text("non è ancora completa")


def test_what_the_statement_lacks() -> None:
    """All of it by default; nothing once it is filled, or published on the Agency's form."""
    assert load_brand().unstated == STATED
    whole = Brand("B", "", "", accessibility=dict.fromkeys(STATED, "x"))
    assert whole.unstated == ()
    assert (
        Brand("B", "", "", accessibility={"address": "https://form.agid.gov.it/x"}).unstated == ()
    )
    assert "contact" not in Brand("B", "", "", email="a@b.example").unstated


def test_what_is_not_said_of_how_to_reach_the_network() -> None:
    """The brand file first, then the network's own; what neither says is told at each start."""
    brand = Brand("B", "", "", email="a@b.example")
    assert brand.unreached == ("sito", "telefono")
    network = Network(reached_at={"telefono": "011 123456", "email": "altra@b.example"})
    assert brand.of(network).unreached == ("sito",)
    assert (brand.of(network).phone, brand.of(network).email) == ("011 123456", "a@b.example")
