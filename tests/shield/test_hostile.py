"""Hostile text in guides, questions and feedback, opened in a real Chromium.

Each page is looked at twice: as served, and with the Content-Security-Policy switched off, so that
what is shown is the work of the rendering alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hostile import CATCH, LOOK, PER_GUIDE, VECTORS, hostile_guides
from playwright.sync_api import Browser, Page, Route
from web import PATIENCE_MS, ask

from index.parse.render import render_markdown

CONVERSATION = "0123456789abcdef"


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """What the server answered to each question, for the next page that asks it."""
    return {}


def once(told: dict[str, Any], route: Route) -> dict[str, Any]:
    question = route.request.post_data_json["question"]
    if question not in told:
        answer = route.fetch(timeout=PATIENCE_MS)
        told[question] = {
            "status": answer.status, "headers": answer.headers, "body": answer.body()
        }  # fmt: skip
    return told[question]


@pytest.fixture(params=[False, True], ids=["as served", "without the policy"])
def guarded(
    browser: Browser, site: str, told: dict[str, Any], request: pytest.FixtureRequest
) -> Iterator[Page]:
    """A page that counts what runs and keeps every request to another origin from leaving."""
    context = browser.new_context(bypass_csp=request.param, service_workers="block")
    context.add_init_script(CATCH)
    left: list[str] = []

    def gate(route: Route) -> None:
        if route.request.url == f"{site}/api/chat/stream":
            route.fulfill(**once(told, route))
            return
        own = route.request.url.startswith((site, "data:", "blob:"))
        if not own:
            left.append(route.request.url)
        route.continue_() if own else route.abort()

    context.route("**/*", gate)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    if not request.param:
        assert left == []
    context.close()


def looked_at(page: Page) -> dict[str, Any]:
    page.wait_for_timeout(100)
    for element in page.locator("main a, main img").all()[:5]:
        element.dispatch_event("mouseover")
    found: dict[str, Any] = page.evaluate(LOOK)
    return found


def test_all_the_vectors_are_in_the_guides() -> None:
    """The fixture means what it says: no vector was lost by the parser."""
    guides = hostile_guides()
    assert len(guides) == (len(VECTORS) + PER_GUIDE - 1) // PER_GUIDE + 1
    whole = " ".join(" ".join(guide.markdown for guide in guides).split())
    assert len(VECTORS) == 223
    assert [v for v in VECTORS if " ".join(v.split()) not in whole] == []


def test_hostile_guides_run_nothing(guarded: Page, site: str) -> None:
    """Every page that shows a hostile guide: nothing runs, nothing leaves, no attribute of the
    vectors is in the document."""
    guides = [f"/guide/ostile-{n}" for n in range(0, len(VECTORS), PER_GUIDE)]
    others = ["/guide", "/guide/ostile-servizio", "/servizi", "/novita", "/invio/ostile-servizio"]
    for path in [*guides, *others]:
        response = guarded.goto(site + path)
        assert response is not None
        assert response.status == 200, path
        assert looked_at(guarded) == {"wrong": [], "ran": 0}, path


def test_hostile_questions_and_answers_run_nothing(guarded: Page, site: str) -> None:
    """Vectors asked in the chat come back in the transcript with passages of hostile guides:
    nothing runs."""
    guarded.goto(site)
    texts = [" ".join(v.split()) for v in VECTORS]
    bundles: list[str] = [""]
    for text in texts:
        if len(bundles[-1]) + len(text) > 900:
            bundles.append("")
        bundles[-1] = f"{bundles[-1]} {text[:900]}".strip()
    for number, bundle in enumerate(filter(None, bundles)):
        ask(guarded, bundle)
        guarded.locator(".turn .card").nth(number).wait_for()
    assert looked_at(guarded) == {"wrong": [], "ran": 0}


def test_hostile_feedback_is_data(guarded: Page, site: str) -> None:
    """Vectors as feedback come back from the journal as JSON that a browser shows as text."""
    request = guarded.request
    body = {"question": VECTORS[0][:900], "conversation": CONVERSATION, "language": "it"}
    answer = request.post(f"{site}/api/chat", data=body).json()
    for vector in VECTORS:
        said = {"answer_id": answer["id"], "reason": "sbagliata", "comment": vector[:1000]}
        assert request.post(f"{site}/api/feedback", data=said).json() == {"kept": True}
    response = guarded.goto(f"{site}/api/conversations/{CONVERSATION}")
    assert response is not None
    assert response.headers["content-type"] == "application/json"
    assert len(response.json()["feedback"]) >= len(VECTORS)
    assert guarded.evaluate(LOOK) == {"wrong": [], "ran": 0}


def test_an_answer_of_hostile_markdown_is_clean() -> None:
    """The same vectors through the rendering of an answer, without a browser."""
    html = "".join(render_markdown(v) for v in VECTORS).lower()
    tags = re.findall(r"<([a-z][a-z0-9]*)([^>]*)>", html)
    bad = {"script", "iframe", "svg", "object", "embed", "form", "style", "math"}
    assert {name for name, _ in tags} & bad == set()
    assert [rest for _, rest in tags if re.search(r"javascript:|\bon\w+=|data:", rest)] == []
