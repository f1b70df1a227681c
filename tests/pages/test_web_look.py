"""Light or dark by choice, and a statement of accessibility without gaps."""

from __future__ import annotations

import re

import pytest
from folders import ROOT
from playwright.sync_api import Page, expect
from web import ask

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


# where the first letter of each part of a page stands, from the left
EDGES = """(parts) => parts.map((part) => {
  const chat = document.querySelector("bussola-chat")?.shadowRoot;
  const within = document.querySelector(part) ?? chat.querySelector(part);
  const walker = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  while (walker.nextNode() && !walker.currentNode.data.trim());
  const range = new Range();
  range.selectNodeContents(walker.currentNode);
  return Math.round(range.getBoundingClientRect().left);
})"""


@pytest.mark.parametrize("width", [320, 1280, 1920])
def test_all_pages_have_one_left_edge(page: Page, live_server: str, width: int) -> None:
    """The strip of the owning body, the title, the texts and the footer, on every kind of page."""
    page.set_viewport_size({"width": width, "height": 900})
    edges = set()
    for path in ("/guide", "/servizi", "/copioni", "/come-va", "/privacy", "/non-esiste"):
        page.goto(live_server + path)
        edges.update(page.evaluate(EDGES, [".owner", "main h1", ".site-foot p"]))
    page.goto(live_server)
    page.locator("bussola-chat[ready]").wait_for()
    edges.update(page.evaluate(EDGES, [".owner", ".greeting", ".site-foot p"]))
    assert max(edges) - min(edges) <= 2, edges  # letters have sides of their own


def test_its_nature_and_the_way_to_a_person_are_told_at_every_turn(
    page: Page, live_server: str
) -> None:
    """Before the first question and after each answer, on the narrowest screen."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(live_server)
    for _ in range(3):
        expect(page.get_by_text("Risponde un programma, con le frasi delle guide")).to_be_visible()
        expect(page.get_by_role("link", name="Chiedi a una persona")).to_be_in_viewport(ratio=1)
        ask(page)
        expect(page.locator(".answer").last).to_be_visible()


def test_no_letters_are_named_that_are_not_shipped() -> None:
    """Fonts of the pages and the widget are those of the device."""
    styles = [p for p in (ROOT / "chatbot/web").rglob("*.css") if "vendor" not in p.parts]
    text = "".join(path.read_text() for path in styles)
    assert "@font-face" not in text
    assert "Titillium" not in text


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
