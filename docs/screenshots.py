"""Screenshots for the documents, of the real pages over the published snapshot.

    python docs/screenshots.py          # writes docs/images/*.png

Needs the test dependencies and a Chromium (CHROMIUM, or the one on the PATH).
"""

from __future__ import annotations

import io
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
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent
IMAGES = Path(__file__).parent / "images"
QUESTION = "Si può aprire un conto senza residenza?"
OUTSIDE = ("Quanto costa l'abbonamento del treno per Cuneo?", "Qual è la capitale della Francia?")
ARABIC = "هل يمكن لطالب اللجوء أن يعمل؟"
COLOURS = 96
# what makes a page without windows end where it asks for speech on the device is left out
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-blink-features=OnDeviceWebSpeechAvailable"]  # fmt: skip
SENDS = {
    "BUSSOLA_SMTP_URL": "smtp://127.0.0.1:9?tls=no", "BUSSOLA_SMTP_FROM": "bussola@rete.example",
    "BUSSOLA_REFERRAL_OFFICES": '{"Sportello": "codice-dello-sportello"}',
    "BUSSOLA_PUBLIC_ADDRESS": "https://bussola.rete.example",
}  # fmt: skip
START_SECONDS = 300  # a busy machine is slow


@contextmanager
def server(**settings: str) -> Iterator[str]:
    """A real server on a free port, with further settings; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port), **settings}
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


def shoot(page: Page, name: str, **how: Any) -> None:
    """One picture, with as few colours as it needs: a page of text has not many."""
    page.wait_for_timeout(700)  # letters drawn, scrolling at rest
    shot = Image.open(io.BytesIO(page.screenshot(**how))).convert("RGB")
    few = shot.quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(IMAGES / f"{name}.png", optimize=True)


def ask(page: Page, question: str = QUESTION) -> None:
    """Ask, and wait for the answer."""
    answers = page.locator(".card")
    before = answers.count()
    page.locator("#question").fill(question)
    page.keyboard.press("Enter")
    expect(answers).to_have_count(before + 1, timeout=60_000)


def take(browser: Browser, address: str) -> None:
    """Every picture: of a day at the desk, then the chat in the dark, narrow and in Arabic."""
    page = opened(browser, address)
    shoot(page, "inizio")
    ask(page)
    page.locator(".mark").first.click()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator(".turn").last.evaluate("turn => turn.scrollIntoView()")
    shoot(page, "chat")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("button", name="Condividi").click()
    shoot(page, "condividi")
    link = page.get_by_label("Collegamento a questi passaggi").input_value()
    page.get_by_role("link", name="Apri nella guida").click()
    shoot(page, "guida")
    page.goto(link)
    shoot(page, "risposta-di-quel-giorno")
    page.goto(f"{address}/copione/verifica-diritto-al-lavoro")
    shoot(page, "copione")
    page.goto(f"{address}/servizi?comune=Torino")
    page.locator('#map[data-ready="yes"]').wait_for()
    shoot(page, "servizi")
    of_limits(opened(browser, address))
    of_the_same(browser, address)


def of_limits(page: Page) -> None:
    """What it does not answer, and how it says so."""
    for question in OUTSIDE:
        ask(page, question)
    page.locator(".turn").first.scroll_into_view_if_needed()
    shoot(page, "limiti")


def of_the_same(browser: Browser, address: str) -> None:
    """The same answer in the dark and on the narrowest screen; another, right to left."""
    for name, how in (
        ("chat-scuro", {"color_scheme": "dark"}),
        ("chat-320", {"viewport": {"width": 320, "height": 640}}),
    ):
        page = opened(browser, address, **how)
        ask(page)
        shoot(page, name)
        page.context.close()
    page = opened(browser, address, language="ar")
    ask(page, ARABIC)
    shoot(page, "chat-arabo")
    page.context.close()


def of_how_it_goes(browser: Browser, address: str) -> None:
    """«Come va», in the dark, where `bussola eval benchmark people --public` published figures."""
    context = browser.new_context(color_scheme="dark", service_workers="block")
    page = context.new_page()
    page.goto(f"{address}/come-va")
    if page.locator(".how-figure").count():
        shoot(page, "come-va-scuro", full_page=True)
    context.close()


def of_the_slip(browser: Browser) -> None:
    """The slip where it can be sent: nothing is, the mail server is nobody's."""
    with server(**SENDS) as address:
        context = browser.new_context(service_workers="block")
        page = context.new_page()
        page.goto(f"{address}/invio/agenzia-piemonte-lavoro?bisogno=lavoro")
        page.locator("#send-slip").wait_for()
        shoot(page, "foglio-di-invio", full_page=True)
        context.close()


def opened(browser: Browser, address: str, language: str = "it", **how: Any) -> Page:
    """The chat, as somebody finds it who was never there."""
    context = browser.new_context(
        **{"viewport": {"width": 1280, "height": 800}, "service_workers": "block", **how}
    )
    page = context.new_page()
    page.goto(f"{address}/?lingua={language}")
    page.locator("bussola-chat[ready]").wait_for()
    return page


def browser_path() -> str | None:
    """Path of Chromium; where there is none, that is told."""
    names = ("chromium", "chromium-headless-shell")
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
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
        take(chromium, address)
        of_how_it_goes(chromium, address)
        of_the_slip(chromium)
        chromium.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
