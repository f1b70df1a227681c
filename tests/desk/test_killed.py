"""kill -9 at moments of saving and publishing: nothing told is lost, nothing half done."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import Any

import httpx
import pytest
from another_day import here
from desk_killed import serve
from folders import ROOT, TESTS
from made_encoder import made_encoder
from serving import free_port
from small import small_folder

from chatbot.desk.drafts import Drafts
from chatbot.desk.publications import Publisher
from chatbot.http.access import FILE, Keyring
from index.parse.header import fields_of, split_text
from index.publish.build import build
from index.publish.snapshot import load_current

GUIDES = ("schede/conto-di-base.md", "schede/codice-fiscale.md")
DESK = "/api/admin/desk"
MARK = "Prova numero "
MEASURED = 3  # rounds that the points of one are counted over
PATIENCE_S = 300


@dataclass
class Told:
    """What the client was told is done: the number that each guide of each draft was saved with,
    and the last one published, also where the answer was not heard."""

    saved: dict[tuple[str, str], int] = field(default_factory=dict)
    published: int = 0
    asked: int = 0
    closed: list[str] = field(default_factory=list)  # drafts told to be published


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("moments", [6, pytest.param(60, marks=pytest.mark.soak)])
def test_kill_9_while_saving_and_publishing(
    tmp_path: Path, moments: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server ends at as many points, spread over all that it writes in a round of saving two
    guides and publishing them together. Each time it starts again: every text that was acknowledged
    is in its draft; what was acknowledged as published is published; files, snapshot, pages and
    drafts tell of one moment."""
    monkeypatch.setenv(
        "PYTHONPATH", here(ROOT, TESTS)["PYTHONPATH"]
    )  # for what is imported once for all
    build(small_folder(tmp_path / "guides"), tmp_path / "var", made_encoder())
    token = Keyring(tmp_path / "var" / FILE).create("prova", "editor")
    headers, told, numbers = {"Authorization": f"Bearer {token}"}, Told(), count(1)
    with server(tmp_path, headers) as client:
        work(client, tmp_path, islice(numbers, MEASURED), told)
    points = len((tmp_path / "told").read_text("utf-8").split("\n")) / MEASURED
    for moment in range(moments):
        with server(tmp_path, headers, at=round(points * moment / moments)) as client:
            check(client, tmp_path, told)  # what the last one left was settled by this start
            with pytest.raises(httpx.TransportError):
                work(client, tmp_path, numbers, told)
    with server(tmp_path, headers) as client:
        check(client, tmp_path, told)


@contextmanager
def server(folder: Path, headers: dict[str, str], at: int | None = None) -> Iterator[httpx.Client]:
    """A process that serves `folder`; it is stopped, or must have been killed."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["desk_killed"])
    port = free_port()
    process: Any = context.Process(target=serve, args=(str(folder), port, at, str(folder / "told")))
    process.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=120) as client:
        try:
            ready(client, process)
            yield client
        finally:
            if at is None:
                os.kill(process.pid, signal.SIGTERM)
            process.join(PATIENCE_S)
            assert process.exitcode == (0 if at is None else -signal.SIGKILL)


def ready(client: httpx.Client, process: Any) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            if client.get("/api/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert process.is_alive(), "the server died by itself"
        assert time.monotonic() < deadline
        time.sleep(0.02)


def work(client: httpx.Client, folder: Path, numbers: Iterable[int], told: Told) -> None:
    """A round for each number. Raises httpx.TransportError where the server is no more."""
    for number in numbers:
        a_round(client, folder, number, told)


def a_round(client: httpx.Client, folder: Path, number: int, told: Told) -> None:
    """A sentence with its number in two guides, and both published together."""
    draft = client.post(f"{DESK}/drafts", json={"name": str(number)}).raise_for_status().json()
    where = f"{DESK}/drafts/{draft['id']}"
    for path in GUIDES:
        slug = Path(path).stem
        text = (folder / "guides" / path).read_text("utf-8").split(MARK)[0].rstrip()
        head, body = split_text(f"{text}\n\n{MARK}{number}.\n")
        sent = {"head": head, "fields": fields_of(head), "body": body, "version": 0}
        client.put(f"{where}/guides/{slug}", json=sent).raise_for_status()
        told.saved[draft["id"], slug] = number
    told.asked = number
    client.post(f"{where}/publish", json={"reason": "prova"}).raise_for_status()
    told.published = number
    told.closed.append(draft["id"])


def check(client: httpx.Client, folder: Path, told: Told) -> None:
    guides, var = folder / "guides", folder / "var"
    for (draft, slug), number in told.saved.items():
        kept = client.get(f"{DESK}/drafts/{draft}/guides/{slug}").raise_for_status().json()
        assert numbered(kept["body"]) == number, "what was acknowledged as saved is gone"
    numbers = {numbered((guides / path).read_text("utf-8")) for path in GUIDES}
    assert len(numbers) == 1, f"half published: {numbers}"
    (now,) = numbers
    assert now in {told.published, told.asked}, "what was acknowledged is gone, or another came"
    told.published = now
    current = load_current(var)
    assert client.get("/api/health").json()["snapshot"] == current.id
    served = {guide.path: guide for guide in current.guides.values()}
    for path in GUIDES:
        units = " ".join(u.text for s in served[path].sections for u in s.units)
        page = client.get(f"/guide/{Path(path).stem}").text
        assert {numbered(units), numbered(page)} == {now}, "the files tell of another moment"
    drafts = Drafts(var)
    states = {draft.id: draft.state for draft in drafts.all()}
    assert all(states[closed] == "published" for closed in told.closed)
    published = Publisher(guides, var, drafts).all()
    assert len(published) == list(states.values()).count("published")


def numbered(text: str) -> int:
    found = re.search(f"{MARK}(\\d+)", text)
    return int(found[1]) if found else 0
