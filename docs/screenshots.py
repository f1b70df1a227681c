"""Screenshots for the README, of the real pages over the published snapshot.

    python docs/screenshots.py          # writes docs/images/*.png

Needs the test dependencies and a Chromium (CHROMIUM, or the one on the PATH).
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parent.parent
IMAGES = Path(__file__).parent / "images"
QUESTION = "Si può aprire un conto senza residenza?"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
START_SECONDS = 60


@contextmanager
def server() -> Iterator[str]:
    """A real server on a free port; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port)}
    process = subprocess.Popen([sys.executable, "server.py"], cwd=ROOT, env=environment)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/api/health")
        yield address
    finally:
        process.terminate()
        process.wait(10)


def wait_for(url: str) -> None:
    """Return when `url` answers; TimeoutError after START_SECONDS."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(url).close()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(url)


def take(page: Page, address: str) -> None:
    """Every picture of the README."""
    page.goto(address)
    page.locator("#question").fill(QUESTION)
    page.keyboard.press("Enter")
    page.locator(".mark").first.click()
    page.wait_for_timeout(500)
    page.screenshot(path=IMAGES / "chat.png")
    page.get_by_role("link", name="Apri nella guida").click()
    page.wait_for_timeout(700)
    page.screenshot(path=IMAGES / "guida.png")
    page.goto(f"{address}/copione/verifica-diritto-al-lavoro")
    page.screenshot(path=IMAGES / "copione.png")
    page.goto(f"{address}/servizi?comune=Torino")
    page.locator('#map[data-ready="yes"]').wait_for()
    page.screenshot(path=IMAGES / "servizi.png")


def browser_path() -> str | None:
    """Path of Chromium; where there is none, that is told."""
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not browser:
        print("Serve Chromium: apt-get install chromium", file=sys.stderr)
    return browser


def main() -> int:
    browser = browser_path()
    if not browser:
        return 1
    IMAGES.mkdir(exist_ok=True)
    with server() as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=FLAGS)
        take(chromium.new_page(viewport={"width": 1280, "height": 860}), address)
        chromium.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
