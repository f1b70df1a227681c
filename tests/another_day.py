"""The tests on another day, `pytest --day 2028-11-30`: in this process, in those that it starts and
in the browser's pages, always the same moment."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import time_machine
from folders import TESTS
from playwright.sync_api import Browser, BrowserContext

SHIFT = "BUSSOLA_TEST_SHIFT_S"  # how far ahead, in seconds: `clock/sitecustomize.py` reads it
PAGES = """(() => {
  const Today = Date, now = () => Today.now() + %d;
  globalThis.Date = class extends Today {
    constructor(...given) { given.length ? super(...given) : super(now()); }
    static now() { return now(); }
  };
})();"""


def here(*folders: Path) -> dict[str, str]:
    """What the environment of a process that a test starts has to say, so that it finds what is in
    `folders`, and is on the day that it is here."""
    path = os.pathsep.join([*map(str, folders), *filter(None, [os.environ.get("PYTHONPATH")])])
    ahead = {SHIFT: os.environ[SHIFT]} if SHIFT in os.environ else {}
    return {"PYTHONPATH": path, **ahead}


def travel(day: str) -> None:
    """Until this process ends it is `day`, an ISO date, from its first moment on. A worker that was
    started on that day is there already."""
    if SHIFT not in os.environ:
        start = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()
        os.environ[SHIFT] = str(start - time.time())
        os.environ |= here(TESTS / "clock")
        time_machine.travel(start, tick=True).start()
    plain = Browser.new_context

    def ahead(browser: Browser, **options: Any) -> BrowserContext:
        context = plain(browser, **options)
        context.add_init_script(PAGES % (float(os.environ[SHIFT]) * 1000))
        return context

    Browser.new_context = ahead  # type: ignore[method-assign]
