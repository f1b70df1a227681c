"""The journal forgets when it must."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from made_journal import entry, ids, keep
from sqlalchemy import select

from chatbot.http.admin_messages import ConversationOut
from chatbot.journal import retention
from chatbot.journal.engine import open_engine
from chatbot.journal.records import Feedback, Review, citations, feedback, samples
from chatbot.journal.writer import Journal
from chatbot.pages import operator as pages
from chatbot.parts import provide
from chatbot.settings import Settings


def test_old_rows_are_purged_by_the_writer(url: str) -> None:
    """With a retention of 30 days a start deletes what is older, and what was said of it."""
    engine = open_engine(url)
    engine.dispose()
    old = datetime.now(UTC) - timedelta(days=31)
    journal = Journal.open(url)
    keep(journal, entry(1, at=old), entry(2), Feedback("a1", "sbagliata", "vecchio"))
    journal.close()
    journal = Journal.open(url, retention_days=30)
    keep(journal, entry(3))
    assert set(ids(journal.engine)) == {"a2", "a3"}
    with journal.engine.connect() as connection:
        assert connection.execute(select(feedback)).all() == []
        assert {r.answer_id for r in connection.execute(select(citations))} == {"a2", "a3"}
    journal.close()


def test_a_conversation_is_exported_and_erased(journal: Journal, tmp_path: Path) -> None:
    """All of one conversation comes out; then nothing of it is left, in no file, and the others
    stay."""
    keep(
        journal, entry(1, question="Quale ambulatorio rarissimo?"), entry(2, conversation="c2"),
        Feedback("a1", "poco_chiara", "commento rarissimo"), Review("a1", "giusta", "valutazione"),
    )  # fmt: skip
    kept = retention.export(journal.engine, "c1")
    sizes = {name: len(rows) for name, rows in kept.items() if isinstance(rows, list)}
    assert sizes == {"answers": 1, "citations": 1, "feedback": 1, "reviews": 1, "samples": 0}
    removed = retention.erase(journal.engine, "c1")
    assert removed == {"answers": 1, "citations": 1, "feedback": 1, "reviews": 1}
    assert retention.export(journal.engine, "c1")["answers"] == []
    assert ids(journal.engine) == ["a2"]
    assert [f.name for f in tmp_path.iterdir() if b"rarissimo" in f.read_bytes()] == []


def test_what_goes_out_of_a_conversation_is_what_is_kept(journal: Journal) -> None:
    """To the letter, every column: the types of the contract leave nothing out and turn nothing."""
    reasons = ({"rule": "regime", "why": "la data"},)
    hits = ({"passage": "conto#costo:0", "score": 0.5},)
    keep(
        journal, entry(1, reasons=reasons, hits=hits),
        Feedback("a1", "poco_chiara", "commento"), Review("a1", "giusta", "valutazione"),
    )  # fmt: skip
    with journal.engine.begin() as connection:
        connection.execute(samples.insert().values(answer_id="a1", week="2031-W07"))
    kept = retention.export(journal.engine, "c1")
    assert [len(kept[table]) for table in ("answers", "citations", "feedback", "reviews")] == [
        1
    ] * 4
    assert len(kept["samples"]) == 1
    assert ConversationOut.model_validate(kept).model_dump(mode="json") == kept


@pytest.mark.parametrize("setting", ["", "off"])
def test_the_page_says_what_is_kept_and_for_how_long(tmp_path: Path, setting: str) -> None:
    """The privacy page follows the settings: so many days, or nothing at all."""
    settings = Settings(_env_file=None, retention_days=33, journal_url=setting)
    app = FastAPI()
    journal = None if setting else Journal.open(f"sqlite:///{tmp_path / 'j.sqlite'}")
    provide(app, settings, *([journal] if journal else []))
    pages.install(app)
    text = TestClient(app).get("/privacy").text
    assert ("per 33 giorni" in text) == (setting == "")
    assert ("non si tiene niente" in text) == (setting == "off")
    if journal:
        journal.close()
