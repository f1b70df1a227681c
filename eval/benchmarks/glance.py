"""How high an answer is: whether it is read at a glance, at the desk and on a phone."""

from __future__ import annotations

import json
import math
import shutil
import statistics
import urllib.request
from collections.abc import Sequence
from typing import Any

from eval.benchmarks.web import FLAGS, WebError
from index.errors import BussolaError

SCREENS = ((1280, 800), (800, 800), (390, 844), (360, 640), (320, 640))  # CSS px
QUESTIONS = 40
# what makes a page without windows end where it asks for speech on the device is left out
QUIET = [*FLAGS, "--disable-blink-features=OnDeviceWebSpeechAvailable"]
PATIENCE_MS = 120_000
NARROW = 500  # px: below it the screen is a phone's
DANGERS = 20
# whether the numbers to call and what to do first end above the field, with nothing touched
FIRST_IN_SIGHT = """card => {
  const within = card.getRootNode();
  const bottom = (found) => card.querySelector(found)?.getBoundingClientRect().bottom ?? 0;
  const least = Math.max(bottom(".answer > ul"), bottom("ol > li"));
  return least <= within.querySelector(".composer-box").getBoundingClientRect().top;
}"""


class GlanceError(BussolaError):
    """The server does not answer."""


def spread(items: Sequence[Any], n: int) -> Sequence[Any]:
    """So many of `items`, evenly apart."""
    return items[:: max(1, len(items) // n)][:n]


def benchmark(address: str, questions: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Height in CSS px of the block of an answer, median, 90th percentile and most, on each of
    SCREENS, with how many are higher than the screen, and of the answers to a danger how many show
    the numbers to call and the first step above the field. Each of `questions` (turns, the last one
    answered) is asked once of the server at `address`, and its answer shown on every screen.
    Raises WebError without Chromium, GlanceError where the server does not answer."""
    from playwright.sync_api import sync_playwright

    browser = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if browser is None:
        raise WebError("Serve Chromium per questa misura: apt-get install chromium")
    answers = [(turns[-1], _answer(address, turns)) for turns in questions]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=QUIET)
        found = {f"{w}x{h}": _heights(chromium, address, answers, w, h) for w, h in SCREENS}
        chromium.close()
    return {"questions": len(answers), "screens": found}


def _answer(address: str, turns: Sequence[str]) -> str:
    """The answer to the last turn, as the server's JSON."""
    history = [{"role": "user", "text": turn} for turn in turns[:-1]]
    body = json.dumps({"question": turns[-1], "history": history}).encode()
    request = urllib.request.Request(
        f"{address.rstrip('/')}/api/chat", body, {"content-type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_MS / 1000) as response:
            return str(response.read().decode("utf-8"))
    except OSError as error:
        raise GlanceError(f"{address}: il server non risponde ({error})") from error


def _heights(
    browser: Any, address: str, answers: Sequence[tuple[str, str]], width: int, height: int
) -> dict[str, float]:
    """Figures of one screen; the answers are those given, so that screens can be compared."""
    phone = width < NARROW
    context = browser.new_context(
        viewport={"width": width, "height": height}, is_mobile=phone, has_touch=phone,
        service_workers="block",
    )  # fmt: skip
    context.set_default_timeout(PATIENCE_MS)
    page, shown, heights = context.new_page(), {"answer": ""}, []
    in_sight = []
    page.route("**/api/chat/stream", lambda route: route.fulfill(
        content_type="text/event-stream", body=f"event: answer\ndata: {shown['answer']}\n\n"
    ))  # fmt: skip
    page.goto(address)
    page.locator("bussola-chat[ready]").wait_for()
    for question, shown["answer"] in answers:
        page.locator(".renew").click()
        page.locator("#question").fill(question)
        page.locator(".ask-row .button:visible").first.click()
        page.locator(".turn .card").wait_for()
        if (danger := page.locator(".card-emergency")).count():
            in_sight.append(danger.evaluate(FIRST_IN_SIGHT))
        heights.append(page.locator(".turn .card").bounding_box()["height"])
    context.close()
    heights.sort()
    return {
        "p50_px": statistics.median(heights), "p90_px": heights[math.ceil(0.9 * len(heights)) - 1],
        "max_px": heights[-1], "over_screen": sum(one > height for one in heights),
        "dangers": len(in_sight), "dangers_first_in_sight": sum(in_sight),
    }  # fmt: skip
