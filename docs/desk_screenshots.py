"""Screenshots of the editors' desk, of the real pages over the published snapshot.

    python docs/desk_screenshots.py          # writes docs/images/redazione-*.png

A copy of the guides and a folder of its own for what editors write: nothing of the project's is
changed. Needs what `docs/screenshots.py` needs.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect, sync_playwright
from screenshots import FLAGS, IMAGES, ROOT, browser_path

sys.path.insert(0, str(ROOT))
from chatbot.desk.draft_guide import DraftGuide
from chatbot.desk.drafts import Drafts
from chatbot.desk.people import FILE, People
from chatbot.journal.records import Cited, Entry, Feedback
from chatbot.journal.writer import Journal
from chatbot.library import Library
from chatbot.parts import part
from chatbot.settings import Settings
from index.parse.guide_file import source_digest
from index.publish.published import CURRENT, snapshots_dir
from server import create_app

NAME, PASSPHRASE = "redazione", "una frase per le figure"
SLUG, ADDED = "conto-di-base", "La banca risponde per scritto entro dieci giorni lavorativi."
SLOW_MS = 900_000


@contextmanager
def desk() -> Iterator[tuple[str, str]]:
    """The address of a server over copies, and the id of a draft in it."""
    with tempfile.TemporaryDirectory() as place:
        guides, var = Path(place) / "guides", Path(place) / "var"
        settings = Settings(guides=guides, var=var, _env_file=None)  # type: ignore[call-arg]
        fill(guides, var, Settings().guides, Settings().var)
        people = People(var / FILE)
        people.accept(people.invite("editor", "figure"), NAME, PASSPHRASE)
        app = create_app(settings)
        with served(app) as address:
            _journal(part(app, Journal))
            yield address, new_draft(Drafts(var), part(app, Library), guides)


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of a server of it, on a free port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def fill(guides: Path, var: Path, own_guides: Path, own_var: Path) -> None:
    shutil.copytree(own_guides, guides)
    current = (own_var / CURRENT).read_text("ascii").strip()
    snapshots_dir(var).mkdir(parents=True)
    shutil.copytree(snapshots_dir(own_var) / current, snapshots_dir(var) / current)
    for shared in ("vectors", "models"):  # of which nothing but time can be lost
        (var / shared).symlink_to((own_var / shared).resolve())
    shutil.copy(own_var / CURRENT, var / CURRENT)


def _journal(journal: Journal) -> None:
    asked = ["Dove si fa la carta della biblioteca?", "dove fanno la tessera della biblioteca?",
             "Quanto costa la patente per il camion?"]  # fmt: skip
    cited = (Cited(1, SLUG, "residenza", "No."),)
    for n, question in enumerate(asked):
        journal.put(Entry(f"q{n}", question, "no_answer")).result(60)
    journal.put(Entry("r", "Serve la residenza per il conto?", "answered", cited=cited)).result(60)
    journal.put(Feedback("r", "incompleta", "manca chi sta in un centro")).result(60)


def new_draft(drafts: Drafts, library: Library, guides: Path) -> str:
    """With one sentence more in a guide."""
    guide = library.snapshot.guides[SLUG]
    data = (guides / guide.path).read_bytes()
    text = data.decode()
    section = next(s for s in guide.sections if s.level == 2 and s.units)
    lines = text.split("\n")
    lines[section.line + 1] = f"{ADDED} {lines[section.line + 1]}"
    draft = drafts.create(NAME, "Tempi della banca")
    one = DraftGuide(
        slug=SLUG, path=guide.path, text="\n".join(lines), base=text, digest=source_digest(data),
        at=datetime.now(UTC),
    )  # fmt: skip
    return drafts.put(draft.id, one, NAME, 0).id


def sign_in(page: Page) -> None:
    page.get_by_label("Nome", exact=True).fill(NAME)
    page.get_by_label("Frase segreta").fill(PASSPHRASE)
    page.get_by_role("button", name="Accedi").click()


def take(browser: Browser, address: str, draft: str) -> None:
    """Light, dark, and as wide as a small telephone."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(SLOW_MS)
    expect.set_options(timeout=SLOW_MS)
    page.goto(f"{address}/redazione/da-fare")
    sign_in(page)
    expect(page.locator("#vista h1")).to_be_visible()
    page.screenshot(path=IMAGES / "redazione-da-fare.png")
    page.goto(f"{address}/redazione/guida/{SLUG}?bozza={draft}")
    expect(page.locator("[data-look] h1")).to_be_visible()
    page.screenshot(path=IMAGES / "redazione-guida.png")
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=IMAGES / "redazione-guida-scuro.png")
    page.set_viewport_size({"width": 320, "height": 900})
    page.screenshot(path=IMAGES / "redazione-320.png")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{address}/redazione/bozza/{draft}")
    page.get_by_role("button", name="Fai le prove").click()
    expect(page.locator("#esito-prove .desk-card").first).to_be_visible()
    page.locator("#prove").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#prove').scrollIntoView()")
    page.screenshot(path=IMAGES / "redazione-prove.png")


def main() -> int:
    browser = browser_path()
    if not browser:
        return 1
    IMAGES.mkdir(exist_ok=True)
    with desk() as (address, draft), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=FLAGS)
        take(chromium, address, draft)
        chromium.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
