"""The list of what is to be reviewed, and its feed."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from fastapi.testclient import TestClient
from guide_texts import sheet

from chatbot.desk.due import due
from chatbot.settings import Settings
from server import create_app

TODAY = date(2026, 11, 30)
ATOM = "{http://www.w3.org/2005/Atom}"


def test_what_is_due() -> None:
    """The longest overdue first; thirty days ahead and no more; the day on which a guide stops
    being valid counts too; a guide without a day is never due."""
    one = sheet("# Prova\n\nUna prova.\n")
    days = {"b": -1, "a": -9, "c": 0, "d": 30, "e": 31}
    guides = [
        replace(one, title=name, review_by=TODAY + timedelta(days=n)) for name, n in days.items()
    ]
    until = replace(guides[-1], title="f", valid_until=TODAY + timedelta(days=2))
    never = replace(one, title="g", review_by=None)
    found = due([*guides, until, never], TODAY)
    assert [(d.guide.title, d.left, d.late) for d in found] == [
        ("a", -9, True), ("b", -1, True), ("c", 0, False), ("f", 2, False), ("d", 30, False),
    ]  # fmt: skip


@pytest.fixture
def client(small_copy: Path) -> Iterator[TestClient]:
    settings = Settings(guides=small_copy / "guides", var=small_copy / "var", reload_seconds=60)
    with TestClient(create_app(settings)) as client:
        yield client


def test_the_feed(client: TestClient) -> None:
    """Open to a reader of feeds, without a code; an entry changes its id when it is overdue."""
    with time_machine.travel(date(2027, 5, 1), tick=False):
        soon = _entries(client)
    with time_machine.travel(date(2028, 1, 1), tick=False):
        late = _entries(client)
    assert any("#in-scadenza-2027-05-15" in one for one in soon)
    assert any("#scaduta-2027-05-15" in one for one in late)
    assert not set(soon) & {one for one in late if "scaduta" not in one}


def _entries(client: TestClient) -> list[str]:
    # each with an address of its own: a page asked twice in a second is worked out once
    response = client.get(f"/scadenze.atom?giorno={date.today()}")
    assert response.headers["content-type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(response.content)
    return [str(entry.findtext(f"{ATOM}id")) for entry in root.iter(f"{ATOM}entry")]
