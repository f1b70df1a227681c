"""WCAG 2.2 A and AA, checked by axe-core on every page and state of the widget."""

from __future__ import annotations

import json

import pytest
from axe import NONE, violations, violations_by_colours
from playwright.sync_api import Page, expect
from web import PAGES, SCRIPT, answer, ask, opened, serve

from chatbot.pages.texts import LANGUAGES

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize("path", PAGES)
def test_page_has_no_violation(page: Page, live_server: str, path: str) -> None:
    """Every page, in light and dark colours."""
    opened(page, live_server + path)
    assert violations_by_colours(page, RULES) == NONE


@pytest.mark.parametrize("path", ["/", "/guide", "/servizi", "/invio/unar", SCRIPT])
def test_right_to_left_at_320_pixels(page: Page, live_server: str, path: str) -> None:
    """In Arabic on the narrowest screen: no violation, nothing cut sideways."""
    page.set_viewport_size({"width": 320, "height": 640})
    opened(page, f"{live_server}{path}?lingua=ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations(page, RULES) == []


@pytest.mark.parametrize(
    "outcome", ["answered", "related", "clarify", "no_answer", "out_of_scope", "emergency"]
)
def test_answer_has_no_violation(page: Page, live_server: str, outcome: str) -> None:
    """Every outcome with all it may carry: open source with its references, quick replies,
    feedback, context."""
    detail = {"step": "s", "status": "da verificare",
              "contacts": [{"kind": "telefono", "value": "011 123"}]}  # fmt: skip
    link = {"guide": "x", "title": "Titolo", "url": "/guide/x", "detail": detail}
    old = {**answer()["citations"][0], "n": 2, "review_by": "2020-01-01"}
    document = answer(
        outcome=outcome, scripts=[link], services=[link], related_questions=["E poi?"],
        quick_replies=[{"label": "Sì", "profile": {}}], understood="domanda corretta",
        answer_html="<p>Sì <strong>112</strong>. [1] [2]</p>",
        citations=[*answer()["citations"], old],
    )  # fmt: skip
    serve(page, json.loads(json.dumps(document)))
    page.goto(live_server)
    ask(page)
    page.locator(".mark").nth(1).click()
    page.get_by_text("Riferimenti (1)").locator("visible=true").click()
    page.get_by_role("button", name="Questa risposta non va").click()
    page.get_by_text("La situazione della persona").click()
    page.get_by_label("Comune").fill("Cuneo")
    page.get_by_label("Comune").blur()
    assert violations_by_colours(page, RULES) == NONE


WATCH_FOCUS = """() => {
  const kinds = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  const controls = [...document.querySelectorAll(kinds)];
  window.waiting = new Set(controls.filter((e) => e.checkVisibility() && e.type !== "hidden"));
  window.unseen = [];
  addEventListener("focusin", ({ target }) => {
    window.waiting.delete(target);
    const { top, bottom } = target.getBoundingClientRect();
    const drawn = getComputedStyle(target).outlineStyle !== "none";
    if (!drawn || bottom < 0 || top > innerHeight) window.unseen.push(target.outerHTML);
  });
  return window.waiting.size;
}"""


@pytest.mark.parametrize(
    "path", ["/guide/conto-di-base", SCRIPT, "/servizi?bisogno=lavoro", "/invio/cpi-torino-nord"]
)
def test_every_control_is_reached_by_keyboard(page: Page, live_server: str, path: str) -> None:
    """Tab alone reaches every control of a page, map included, each time with the focus in
    sight and drawn."""
    opened(page, live_server + path)
    for _ in range(page.evaluate(WATCH_FOCUS)):
        page.keyboard.press("Tab")
    left = page.evaluate("() => [...window.waiting].map((e) => e.outerHTML.slice(0, 80))")
    assert left == []
    assert page.evaluate("window.unseen") == []


def test_states_of_waiting_and_failing(page: Page, live_server: str) -> None:
    """While an answer is awaited, and after a failure, there is no violation either."""
    page.goto(live_server)
    page.route("**/api/chat*", lambda route: None)
    page.route("**/api/chat/stream", lambda route: None)
    ask(page)
    expect(page.locator(".progress")).to_be_visible()
    assert violations(page, RULES) == []
    page.unroute_all()
    page.route("**/api/chat**", lambda route: route.abort())
    page.get_by_role("button", name="Nuova persona").click()
    page.reload()
    ask(page)
    expect(page.locator(".failure")).to_be_visible()
    assert violations(page, RULES) == []


def test_script_summary_and_tooltip(page: Page, live_server: str) -> None:
    """The end of a script and an open definition have no violation."""
    page.goto(live_server + SCRIPT)
    page.get_by_role("button", name="Riepilogo").click()
    assert violations(page, RULES) == []
    opened(page, f"{live_server}/guide/conto-di-base")
    page.locator("dfn.term").first.focus()
    expect(page.get_by_role("tooltip")).to_be_visible()
    assert violations(page, RULES) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_cards_of_services_fit_in_every_language(
    page: Page, live_server: str, language: str
) -> None:
    """On the narrowest screen no name of a field, however long, squeezes what it names; and
    dates end a sentence with one full stop."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{live_server}/servizi?lingua={language}")
    expect(page.locator("html")).to_have_attribute("lang", language)
    widths = page.locator(".service-card dt:not(.visually-hidden) + dd").evaluate_all(
        "all => all.map((dd) => dd.getBoundingClientRect().width)"
    )
    assert min(widths) >= 110
    page.goto(f"{live_server}/?lingua={language}")
    expect(page.locator("bussola-chat .notice")).to_contain_text("2026")
    expect(page.locator("bussola-chat .notice")).not_to_contain_text("..")


def test_twice_the_text_size_loses_nothing(page: Page, live_server: str) -> None:
    """At 200 % text on a narrow window nothing runs off sideways (WCAG 1.4.4)."""
    for path in ("/", "/guide/conto-di-base", "/servizi"):
        page.set_viewport_size({"width": 640, "height": 700})
        opened(page, live_server + path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_reduced_motion_is_respected(page: Page, live_server: str) -> None:
    """With reduced motion nothing is animated while waiting."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(live_server)
    page.route("**/api/chat/stream", lambda route: None)
    ask(page)
    dot = page.locator(".dots i").first
    assert dot.evaluate("node => getComputedStyle(node).animationName") == "none"
