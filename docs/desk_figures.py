"""How fast the desk is: pages with 1,000 guides, the page of one in a browser, preview, the tests
of a draft and what they cost a question, publication.

    python docs/desk_figures.py             # all of it
    python docs/desk_figures.py pages       # or some: pages, browser, beside, publication

Seconds of the clock and of one core, over the published snapshot: guides are made a thousand by
repeating them. A copy of the guides and a folder of its own are written, nothing of the project's.
The browser is a Chromium (CHROMIUM, or the one on the PATH).
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import httpx
import structlog
from desk_beside_trial import URL, measure_beside_trial
from desk_in_browser import measure_in_browser
from desk_screenshots import NAME, PASSPHRASE, SLUG, fill, new_draft, served
from fastapi import FastAPI
from screenshots import ROOT

from chatbot.desk.asked import AskedVectors
from chatbot.desk.drafts import Drafts
from chatbot.desk.people import FILE as PEOPLE
from chatbot.desk.people import People
from chatbot.desk.publications import Ground, Publisher
from chatbot.desk.trial import Trials
from chatbot.http.access import FILE, Keyring
from chatbot.journal.records import Entry
from chatbot.journal.writer import Journal
from chatbot.library import Library
from chatbot.parts import part
from chatbot.settings import Settings
from index.guide import Guide
from index.parse.header import fields_of, split_text
from server import create_app

GUIDES, QUESTIONS, TIMES = 1_000, 200, 3
PAGES = ("todo", "guides", f"guide/{SLUG}", "drafts-list", "history", "services", "network")
NO_LIMITS: Any = dict.fromkeys(("ask_rate", "read_rate", "global_rate"), "100000 per minute")
ASKED = ROOT / "eval/collections/dev-people.jsonl"


def timed(name: str, work: Callable[[], Any], times: int = TIMES) -> None:
    """The best of a few: the others were kept waiting by somebody else."""
    found = []
    for _ in range(times):
        wall, core = time.perf_counter(), time.process_time()
        work()
        found.append((time.perf_counter() - wall, time.process_time() - core))
    wall, core = (min(column) for column in zip(*found, strict=True))
    print(f"{name:32} {wall:7.2f} s, {core:6.2f} s of a core", flush=True)


def many(guides: dict[str, Guide]) -> dict[str, Guide]:
    """A thousand, under names of their own."""
    own, made = list(guides.items()), dict(guides)
    while len(made) < GUIDES:
        n = len(made)
        slug, guide = own[n % len(own)]
        path = f"{guide.path.removesuffix('.md')}-{n}.md"
        made[f"{slug}-{n}"] = replace(guide, slug=f"{slug}-{n}", path=path)
    return made


@dataclass(frozen=True)
class Desk:
    """A server over copies, and whom it takes for an editor."""

    app: FastAPI
    address: str
    client: httpx.Client
    guides: Path
    var: Path

    @property
    def library(self) -> Library:
        return part(self.app, Library)

    @contextmanager
    def of_many(self) -> Iterator[None]:
        real = self.library.snapshot
        self.library._snapshot = replace(real, guides=many(dict(real.guides)))
        yield
        self.library._snapshot = real

    @cached_property
    def draft(self) -> str:
        return new_draft(Drafts(self.var), self.library, self.guides)


def measure_pages(desk: Desk) -> None:
    journal, asked = part(desk.app, Journal), questions()[:QUESTIONS]
    for n, question in enumerate(asked):
        journal.put(Entry(f"q{n}", question, "no_answer")).result(600)
    vectors = part(desk.app, AskedVectors)
    timed("200 domande, la prima volta", lambda: vectors.encode_queries(asked), 1)
    path = desk.library.snapshot.guides[SLUG].path
    head, body = split_text((desk.guides / path).read_text("utf-8"))
    sent = {"head": head, "fields": fields_of(head), "body": body, "path": path}
    with desk.of_many():
        for page in PAGES:
            timed(page, partial(_told, desk.client, "GET", page))
        timed("preview", partial(_told, desk.client, "POST", "preview", json=sent))


def _told(client: httpx.Client, method: str, page: str, **sent: Any) -> None:
    client.request(method, f"{URL}/{page}", **sent).raise_for_status()


def measure_browser(desk: Desk) -> None:
    people = People(desk.var / PEOPLE)
    people.accept(people.invite("editor", "figure"), NAME, PASSPHRASE)
    with desk.of_many():
        measure_in_browser(desk.address)


def measure_beside(desk: Desk) -> None:
    measure_beside_trial(desk.client, desk.app, desk.draft, questions())


def measure_publication(desk: Desk) -> None:
    library, publisher = desk.library, part(desk.app, Publisher)
    draft, real = Drafts(desk.var).get(desk.draft), library.snapshot
    ground = Ground(library.bot.encoder, real, library.serve)
    trials = Trials(desk.var, library.bot.encoder, desk.guides)
    timed("una bozza da interrogare", lambda: trials.snapshot(draft, real), 1)
    timed("una bozza costruita", lambda: publisher.try_out(draft, ground))
    publish = partial(publisher.publish, draft, "redazione", "misura", ground)
    timed("pubblicata, e in uso", publish, 1)


def questions() -> list[str]:
    return [json.loads(line)["turns"][-1][:900] for line in ASKED.open(encoding="utf-8")]


PARTS = {
    "pages": measure_pages, "browser": measure_browser, "beside": measure_beside,
    "publication": measure_publication,
}  # fmt: skip


def main() -> int:
    wanted = sys.argv[1:] or list(PARTS)
    quiet = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=quiet)  # figures alone
    with tempfile.TemporaryDirectory() as place:
        guides, var = Path(place) / "guides", Path(place) / "var"
        own = Settings()
        fill(guides, var, own.guides, own.var)
        token = Keyring(var / FILE).create("misura", "editor")
        settings = Settings(
            guides=guides, var=var, reload_seconds=3600, _env_file=None, **NO_LIMITS,
        )  # type: ignore[call-arg]  # fmt: skip
        app, bearer = create_app(settings), {"Authorization": f"Bearer {token}"}
        with (
            served(app) as address,
            httpx.Client(base_url=address, headers=bearer, timeout=600) as client,
        ):
            desk = Desk(app, address, client, guides, var)
            for name in wanted:
                PARTS[name](desk)
    return 0


if __name__ == "__main__":
    sys.exit(main())
