"""«Cancella dal registro»: what an editor takes out of the journal is nowhere in it."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select

from chatbot.journal.records import Cited, Entry, Feedback, Review, answers, audit, metadata
from chatbot.journal.writer import Journal
from chatbot.parts import part

URL = "/api/admin/desk/journal/erase"
TOLD, OTHER = "Mario ha perso il lavoro, che fa?", "Dove si fa lo SPID?"


@pytest.fixture
def journal(client: TestClient) -> Engine:
    """Two questions, one with a source, an opinion and a judgement."""
    kept = part(client.app, Journal)  # type: ignore[arg-type]
    cited = (Cited(1, "conto-di-base", "residenza", "No."),)
    for record in (
        Entry("one", TOLD, "no_answer", cited=cited), Entry("two", OTHER, "no_answer"),
        Feedback("one", "incompleta", "manca tutto"), Review("one", "sbagliata", "valutatrice"),
    ):  # fmt: skip
        kept.put(record).result(30)
    return kept.engine


def whole(engine: Engine) -> str:
    with engine.connect() as connection:
        return str([connection.execute(select(table)).all() for table in metadata.sorted_tables])


def test_a_question_is_gone_with_all_that_was_said_of_it(
    client: TestClient, journal: Engine
) -> None:
    """From every table and from the page; the other stays; who erased how many is in the audit,
    without a word of what."""
    assert TOLD in client.get("/api/admin/desk/todo").text
    done = client.post(URL, json={"answers": ["one"]})
    assert (done.status_code, done.json()) == (200, {"answers": 1})
    page = client.get("/api/admin/desk/todo").text
    assert (TOLD in page, OTHER in page) == (False, True)
    with journal.connect() as connection:
        assert connection.execute(select(answers.c.id)).scalars().all() == ["two"]
    part(client.app, Journal).put(Feedback("two", "ottima")).result(30)  # type: ignore[arg-type]
    left = whole(journal)
    assert not [word for word in ("Mario", "manca tutto", "valutatrice") if word in left]
    with journal.connect() as connection:
        lines = connection.execute(select(audit.c.action, audit.c.detail)).all()
    assert ("journal-erase", "1") in [tuple(line) for line in lines]


@pytest.mark.parametrize(
    "body", [{}, {"answers": []}, {"answers": ["a b"]}, {"answers": ["x"] * 201}]
)
def test_what_is_no_list_of_answers_is_refused(
    client: TestClient, journal: Engine, body: dict[str, Any]
) -> None:
    """And erases nothing."""
    assert client.post(URL, json=body).status_code == 422
    assert TOLD in whole(journal)
