"""Judgements that become drafts: whoever judges waits for the judgement alone."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from signing_in import person, signed_in

import chatbot.desk.case_drafts
from chatbot.journal.engine import journal_url, open_engine
from chatbot.journal.reading import find_answer
from chatbot.journal.records import Entry
from chatbot.journal.writer import Journal
from chatbot.settings import Settings
from server import create_app

TIMES = 5


def test_a_judgement_is_kept_at_once(small_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a second, the quickest of five, while the drafts of the first are still being
    written and never end; the others do not begin beside them."""
    begun: list[str] = []

    async def never_done(env: object) -> None:
        begun.append("drafts")
        await asyncio.Event().wait()

    monkeypatch.setattr(chatbot.desk.case_drafts, "write_drafts", never_done)
    settings = Settings(guides=small_copy / "guides", var=small_copy / "var")
    name = person(settings.var, "valutazione", "evaluator")
    engine = open_engine(journal_url("", settings.var))
    journal = Journal(engine)
    for n in range(TIMES):
        journal.put(Entry(f"a{n}", f"Domanda {n}?", "answered")).result(20)
    journal.close(20)
    with TestClient(create_app(settings)) as client:
        signed_in(client, name)
        taken = []
        for n in range(TIMES):
            started = time.perf_counter()
            done = client.post(f"/api/admin/review/a{n}", json={"verdict": "sbagliata"})
            taken.append(time.perf_counter() - started)
            assert done.json() == {"kept": True}
            kept = find_answer(engine, f"a{n}")
            assert kept is not None
            assert [review.verdict for review in kept.reviews] == ["sbagliata"]
    assert begun == ["drafts"]
    assert min(taken) < 1
