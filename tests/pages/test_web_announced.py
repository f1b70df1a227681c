"""What a screen reader is told, and that it is told once."""

from __future__ import annotations

from typing import Any

import pytest
from axe import violations
from playwright.sync_api import Page, expect
from web import answer, ask, serve

from chatbot.pages.texts import load_texts

WORDS = load_texts("it").widget
LIVE = "[role=status], [role=alert], [aria-live]"
# Every text that a live region gets, in order, wherever in the page or the chat it stands.
LISTEN = f"""() => {{
  window.said = [];
  const note = (region) => {{
    const text = region.textContent.trim();
    if (text && !region.closest("[hidden]")) window.said.push(text);
  }};
  const hear = (records) => {{
    const regions = new Set();
    for (const {{ target, addedNodes }} of records) {{
      const element = target.nodeType === 1 ? target : target.parentElement;
      if (element?.closest("{LIVE}")) regions.add(element.closest("{LIVE}"));
      for (const node of addedNodes) {{
        if (node.nodeType !== 1) continue;
        for (const region of [node, ...node.querySelectorAll("*")]) {{
          if (region.matches("{LIVE}")) regions.add(region);
        }}
      }}
    }}
    for (const region of regions) note(region);
  }};
  const options = {{ subtree: true, childList: true, characterData: true }};
  for (const root of [document, document.querySelector("bussola-chat").shadowRoot]) {{
    new MutationObserver(hear).observe(root, options);
  }}
}}"""
LONG = answer(answer_html="<p>Sì, può. [1]</p>", answer="Sì, **può**. [1]", services=[])


@pytest.fixture
def heard(chat: Page) -> Page:
    chat.evaluate(LISTEN)
    return chat


def said(page: Page) -> list[str]:
    found: list[str] = page.evaluate("said")
    return found


def test_a_question_is_told_twice_and_no_more(heard: Page) -> None:
    """That it is searched, then the whole answer, without marks and signs; never its pieces."""
    serve(heard, LONG)
    for n in (1, 2):
        ask(heard)
        expect(heard.locator(".card")).to_have_count(n)
    one = [WORDS["searching"], f"{WORDS['outcome_answered']}. Sì, può."]
    assert said(heard) == [*one, *one]


def test_what_is_done_with_an_answer_is_told_once(heard: Page) -> None:
    """A thumb, a link copied; a new person."""
    serve(heard, LONG)
    heard.route("**/api/feedback", lambda route: route.fulfill(status=204))
    ask(heard)
    expect(heard.locator(".card")).to_have_count(1)
    heard.evaluate("said.length = 0")
    heard.get_by_role("button", name=WORDS["thumb_up"]).click()
    expect(heard.get_by_text(WORDS["feedback_thanks"])).to_be_visible()
    heard.get_by_role("button", name=WORDS["new_person"]).click()
    expect(heard.get_by_text(WORDS["started_again"])).to_be_visible()
    assert said(heard) == [WORDS["sending"], WORDS["feedback_thanks"], WORDS["started_again"]]


def test_a_failure_and_the_loss_of_the_network_are_told_once(heard: Page) -> None:
    heard.route("**/api/chat*", lambda route: route.abort())
    heard.route("**/api/chat/stream", lambda route: route.abort())
    ask(heard)
    expect(heard.locator(".failure")).to_be_visible()
    assert said(heard) == [WORDS["searching"], WORDS["unreachable"]]
    heard.evaluate("said.length = 0")
    heard.context.set_offline(True)
    expect(heard.locator(".note")).to_contain_text(WORDS["offline"])
    assert said(heard) == [WORDS["offline"]]


def test_several_answers_have_landmarks_with_names_of_their_own(chat: Page) -> None:
    """With their sources and forms open."""
    served: dict[str, Any] = answer(
        services_note="Nessun servizio nella carta per questo bisogno a Cuneo.",
        related_questions=["Quanto dura?"],
    )
    serve(chat, served)
    for n in (1, 2):
        ask(chat)
        expect(chat.locator(".card")).to_have_count(n)
    for mark in chat.locator(".mark").all():
        mark.click()
    chat.get_by_role("button", name=WORDS["share"]).last.click()
    chat.get_by_role("button", name=WORDS["propose_service"]).last.click()
    expect(chat.get_by_label(WORDS["feedback_comment"]).last).to_have_value(
        WORDS["propose_service_comment"]
    )
    assert violations(chat, {"runOnly": ["best-practice", "wcag2a", "wcag2aa", "wcag22aa"]}) == []
