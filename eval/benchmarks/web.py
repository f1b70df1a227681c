"""What the chat page costs before the first question: paint on a slow processor, and bytes."""

from __future__ import annotations

import gzip
import shutil
import statistics
from typing import Any
from urllib.request import urlopen

from index.finding import BussolaError

SLOWDOWN = 4  # times slower, as Lighthouse emulates a phone
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PAINT = """() => new Promise((done) => {
  const seen = () => performance.getEntriesByName("first-contentful-paint")[0];
  const wait = () => (seen() ? done(seen().startTime) : requestAnimationFrame(wait));
  wait();
})"""
READY = "document.querySelector('bussola-chat')?.hasAttribute('ready')"


class WebError(BussolaError):
    """There is no browser to measure with."""


def benchmark(address: str, runs: int = 5) -> dict[str, Any]:
    """Measure the chat page of the server at `address`, each run in a fresh browser profile.

    `first_paint` and `ready` (the widget takes a question) are milliseconds from navigation,
    processor slowed SLOWDOWN times; `bytes` are those loaded before the first question, as sent
    and gzipped. Raises WebError without Chromium.
    """
    from playwright.sync_api import sync_playwright

    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        raise WebError("Serve Chromium per questa misura: apt-get install chromium")
    paints, readies, names = [], [], set()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=FLAGS)
        for _ in range(runs):
            page = chromium.new_page(service_workers="block")
            session = page.context.new_cdp_session(page)
            session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
            page.goto(address)
            page.wait_for_function(READY)
            readies.append(float(page.evaluate("performance.now()")))
            paints.append(float(page.evaluate(PAINT)))
            loaded = page.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
            names |= {address, *loaded}
            page.close()
        chromium.close()
    return {
        "first_paint": {"p50_ms": statistics.median(paints), "max_ms": max(paints)},
        "ready": {"p50_ms": statistics.median(readies), "max_ms": max(readies)},
        "bytes": weigh(sorted(names)),
        "cpu_slowdown": SLOWDOWN,
        "runs": runs,
    }


def weigh(addresses: list[str]) -> dict[str, int]:
    """Bytes of these addresses, plain and gzipped, and how many requests they are."""
    plain = packed = 0
    for address in addresses:
        with urlopen(address) as response:
            body = response.read()
        plain += len(body)
        packed += len(gzip.compress(body))
    return {"plain": plain, "gzipped": packed, "requests": len(addresses)}
