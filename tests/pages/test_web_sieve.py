"""Hostile markup in an answer: shown as text or dropped, never run."""

from __future__ import annotations

import json

from folders import DATA
from playwright.sync_api import Page, expect
from web import answer, ask, serve

VECTORS = DATA / "conformance" / "dompurify-vectors.json"
HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
SIEVE_ALL = """async (vectors) => {
  const { sieve } = await import("/web/widget/dom.js");
  for (const name of ["alert", "confirm", "prompt"]) window[name] = () => (window.ran = 1);
  const banned = "script, style, img, svg, math, iframe, form, input, object, embed, link, base";
  const safe = /^(https?:|mailto:|tel:|\\/|#)/i;
  const holder = document.body.appendChild(document.createElement("div"));
  const left = new Set();
  for (const payload of vectors) {
    holder.replaceChildren(sieve(payload));
    for (const node of holder.querySelectorAll(banned)) left.add(node.localName);
    for (const node of holder.querySelectorAll("*")) {
      for (const { name, value } of node.attributes) {
        const fine = name === "rel" || (name === "href" && safe.test(value));
        if (!fine) left.add(`${node.localName} ${name}=${value}`);
      }
    }
  }
  await new Promise((done) => setTimeout(done, 300));
  return { left: [...left], ran: window.ran ?? 0, count: vectors.length };
}"""


def test_hostile_answer_cannot_run(chat: Page) -> None:
    """Markup in any field of an answer is shown as text or dropped, never executed."""
    citation = answer()["citations"][0]
    hostile = {
        **citation, "title": HOSTILE, "quote": HOSTILE, "heading_path": [HOSTILE],
        "url": "javascript:window.hacked=1",
        "sources": [{"label": HOSTILE, "url": "javascript:window.hacked=1"}],
    }  # fmt: skip
    link = {"guide": "x", "title": HOSTILE, "url": "javascript:window.hacked=1", "detail": {}}
    serve(chat, answer(
        answer_html=f'<p>Ciao {HOSTILE}<a href="javascript:window.hacked=1">clic</a> [1]</p>'
                    '<svg onload="window.hacked=1"></svg><iframe src="javascript:1"></iframe>'
                    '<p style="position:fixed" onclick="window.hacked=1">testo</p>',
        citations=[hostile], scripts=[link], services=[link], related_questions=[HOSTILE],
        understood=HOSTILE, quick_replies=[{"label": HOSTILE}],
    ))  # fmt: skip
    ask(chat)
    chat.get_by_text("clic").click()
    chat.locator(".mark").click()
    expect(chat.locator(".source-panel blockquote")).to_have_text(HOSTILE)
    dangerous = {**hostile, "passage_html": f"<p>Testo {HOSTILE}</p>"}
    serve(chat, answer(citations=[dangerous], services_note=HOSTILE, first_html=HOSTILE,
                       more_html=f"<p>{HOSTILE}</p>"))  # fmt: skip
    ask(chat)
    chat.locator(".turn").last.locator(".sources > summary").click()
    chat.locator(".turn").last.locator(".source-button").click()
    expect(chat.locator(".turn").last.locator(".passage")).to_have_text("Testo")
    inside = chat.locator("bussola-chat")
    unsafe = "script, img, iframe, [style], [onclick], [href^='javascript']"
    assert inside.locator(unsafe).count() == 0
    assert chat.evaluate("window.hacked") is None


def test_known_attacks_are_sieved(chat: Page) -> None:
    """Of DOMPurify's 223 attack vectors, put in a page through the widget's own sieve, none
    runs, and none leaves an element, attribute or link outside the allow list."""
    vectors = [case["payload"] for case in json.loads(VECTORS.read_text("utf-8"))]
    found = chat.evaluate(SIEVE_ALL, vectors)
    assert found == {"left": [], "ran": 0, "count": 223}
