"""A question is dictated only where the browser writes speech down on the device."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

# A browser whose recognition says where it works, and which keeps those that were begun.
BROWSER = """(where) => {
  window.begun = [];
  class Recognition extends EventTarget {
    static async available({ processLocally }) { return processLocally ? where : "available"; }
    start() { window.begun.push(this); }
    stop() { this.dispatchEvent(new Event("end")); }
  }
  window.SpeechRecognition = window.webkitSpeechRecognition = Recognition;
}"""
HEARD = """(text) => {
  const event = new Event("result");
  event.resultIndex = 0;
  event.results = [[{ transcript: text }]];
  begun.at(-1).dispatchEvent(event);
}"""


def chat(page: Page, site: str, where: str) -> None:
    page.add_init_script(f"({BROWSER})({json.dumps(where)})")
    page.goto(site)
    expect(page.get_by_label("La tua domanda")).to_be_visible()


def test_nothing_is_heard_until_it_is_asked(page: Page, live_server: str) -> None:
    """Then what is heard is written after what was there, on this device, and the page says so; a
    second touch stops it. The question is sent by who asks it."""
    chat(page, live_server, "available")
    button = page.get_by_role("button", name="Detta", exact=True)
    expect(button).to_be_visible()
    assert page.evaluate("begun.length") == 0
    page.get_by_label("La tua domanda").fill("Un richiedente")
    button.click()
    begun = page.evaluate("[begun[0].processLocally, begun[0].lang.slice(0, 2)]")
    assert begun == [True, "it"]
    expect(page.locator(".note")).to_contain_text("non esce da qui")
    page.evaluate(HEARD, " può lavorare? ")
    expect(page.get_by_label("La tua domanda")).to_have_value("Un richiedente può lavorare?")
    stop = page.get_by_role("button", name="Smetti di dettare")
    expect(stop).to_have_attribute("aria-pressed", "true")
    stop.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".card")).to_have_count(0)


def test_what_was_not_heard_is_said(page: Page, live_server: str) -> None:
    chat(page, live_server, "available")
    page.get_by_role("button", name="Detta", exact=True).click()
    page.evaluate("begun[0].dispatchEvent(new Event('error'))")
    expect(page.locator(".note")).to_contain_text("scrivi la domanda")


@pytest.mark.parametrize("where", ["unavailable", "downloadable"])
def test_where_a_service_elsewhere_would_hear_there_is_no_button(
    page: Page, live_server: str, where: str
) -> None:
    """The voice of the person would leave the device."""
    chat(page, live_server, where)
    expect(page.get_by_role("button", name="Chiedi", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Detta", exact=True)).to_have_count(0)
