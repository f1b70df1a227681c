"""What the chat page costs before the first question: paint on a slow processor, and bytes."""

from __future__ import annotations

import shutil
import statistics
from typing import Any

from index.errors import BussolaError

SLOWDOWN = 4  # times slower, as Lighthouse emulates a phone
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PAINT = """() => new Promise((done) => {
  const seen = () => performance.getEntriesByName("first-contentful-paint")[0];
  const wait = () => (seen() ? done(seen().startTime) : requestAnimationFrame(wait));
  wait();
})"""
BUDGETS = {
    "first_paint_p50_ms": 1800.0,  # "good" on a phone, Lighthouse's first contentful paint
    "bytes_sent": 60_000,
}
LOADED = """() => performance.getEntries()
  .filter(({ entryType }) => entryType === "navigation" || entryType === "resource")
  .map((entry) => ({ name: entry.name, sent: entry.encodedBodySize, plain: entry.decodedBodySize }))
"""


class WebError(BussolaError):
    """There is no browser to measure with."""


def benchmark(address: str, runs: int = 5) -> dict[str, Any]:
    """Measure the chat page of the server at `address`, each run in a fresh browser profile.

    `first_paint` and `ready` (the widget takes a question) are milliseconds from navigation,
    processor slowed SLOWDOWN times; `bytes` are the bodies loaded before the first question, as
    they came over the network and unpacked; `budgets` are the limits, and whether they are kept.
    Raises WebError without Chromium.
    """
    from playwright.sync_api import sync_playwright

    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        raise WebError("Serve Chromium per questa misura: apt-get install chromium")
    paints, readies, weights = [], [], []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=FLAGS)
        for _ in range(runs):
            page = chromium.new_page(service_workers="block")
            session = page.context.new_cdp_session(page)
            session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
            page.goto(address)
            page.locator("bussola-chat[ready]").wait_for()
            readies.append(float(page.evaluate("performance.now()")))
            paints.append(float(page.evaluate(PAINT)))
            weights.append(weigh(page.evaluate(LOADED)))
            page.close()
        chromium.close()
    first_paint, heaviest = statistics.median(paints), max(weights, key=lambda w: w["sent"])
    return {
        "first_paint": {"p50_ms": first_paint, "max_ms": max(paints)},
        "ready": {"p50_ms": statistics.median(readies), "max_ms": max(readies)},
        "bytes": heaviest,
        "budgets": {**BUDGETS, "kept": first_paint <= BUDGETS["first_paint_p50_ms"]
                    and heaviest["sent"] < BUDGETS["bytes_sent"]},
        "cpu_slowdown": SLOWDOWN,
        "runs": runs,
    }  # fmt: skip


def weigh(loaded: list[dict[str, Any]]) -> dict[str, int]:
    """Bytes of the bodies of a page and its parts, as sent and unpacked, and how many they are.
    A part that is preloaded and then used is listed twice by the browser, and counted once."""
    parts = {entry["name"]: entry for entry in sorted(loaded, key=lambda entry: entry["sent"])}
    return {
        "sent": sum(entry["sent"] for entry in parts.values()),
        "plain": sum(entry["plain"] for entry in parts.values()),
        "requests": len(parts),
    }
