"""The live sample on the evaluators' pages: what waits first, and what it tells of all answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from signing_in import person, signed_in
from sqlalchemy import select

from chatbot.desk.case_drafts import CaseDrafts
from chatbot.journal.engine import journal_url, open_engine
from chatbot.journal.estimate import Estimate
from chatbot.journal.records import Entry, Feedback, now, samples
from chatbot.journal.sample import Week
from chatbot.journal.writer import Journal
from chatbot.pages.course import course_chart
from chatbot.settings import Settings
from server import create_app

SIZE = 6


@pytest.fixture
def client(small_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """An evaluator signed in, with forty answers of last week and one of this, complained of."""
    monkeypatch.setattr(CaseDrafts, "ask", lambda self: None)
    settings = Settings(guides=small_copy / "guides", var=small_copy / "var",
                        sample_per_week=SIZE)  # fmt: skip
    name = person(settings.var, "valutazione", "evaluator")
    journal = Journal(open_engine(journal_url("", settings.var)))
    for n in range(40):
        at, snapshot = now() - timedelta(weeks=1), "prima" if n < 5 else "dopo"
        journal.put(Entry(f"a{n}", f"Domanda {n}?", "answered" if n % 2 else "no_answer",
                          confidence=0.8, snapshot=snapshot, at=at))  # fmt: skip
    journal.put(Entry("nuova", "Domanda nuova?", "answered"))
    journal.put(Feedback("nuova", "sbagliata")).result(20)
    journal.close(20)
    with TestClient(create_app(settings)) as client:
        signed_in(client, name)
        yield client


def drawn(small_copy: Path) -> list[str]:
    with open_engine(journal_url("", small_copy / "var")).connect() as connection:
        return list(connection.execute(select(samples.c.answer_id)).scalars())


def test_the_sample_waits_first_and_tells_of_all(client: TestClient, small_copy: Path) -> None:
    """Before the complaints, each with its sign; judged, it goes, and the page of the course has
    the share of all answers with its interval, the week, and the moment the guides changed."""
    listed = client.get("/api/admin/review").text
    names = drawn(small_copy)
    assert len(names) == SIZE
    assert listed.count("scelta per la stima") == SIZE
    assert listed.rindex("scelta per la stima") < listed.index("Domanda nuova?")
    assert "Nessuna delle risposte scelte" in client.get("/api/admin/review/course").text
    for n, name in enumerate(names):
        body = {"verdict": "giusta" if n else "pericolosa"}
        assert client.post(f"/api/admin/review/{name}", json=body).status_code == 200
    assert "scelta per la stima" not in client.get("/api/admin/review").text
    told = client.get("/api/admin/review/course").text
    assert "Giuste: 83 su cento" in told
    assert "Pericolose: 17 su cento" in told
    assert f"{SIZE} giudizi" in told
    assert "<svg" in told
    assert 'class="change"' in told
    assert "<td>40</td><td>6</td><td>6</td>" in told


def test_the_chart_has_gaps_and_marks() -> None:
    """A week without a figure has no mark; a publication stands where its day is, between weeks of
    years that end; markup in a name stays text."""
    some = Estimate(0.8, 0.7, 0.9, 10, 12.0)
    weeks = [Week("2031-W52", 9, 9, 9, some, None), Week("2032-W01", 9, 9, 0, None, None),
             Week("2032-W02", 9, 9, 9, some, some)]  # fmt: skip
    at = datetime(2031, 12, 31, tzinfo=UTC)
    svg = course_chart("Come <va>", weeks, [(at, "guide <nuove>"), (at.replace(year=2030), "x")])
    assert svg.count("<circle") == 2 + 1  # one of the legend
    assert svg.count("<rect") == 1 + 1
    assert svg.count('class="change"') == 1
    assert "guide &lt;nuove&gt;" in svg
    assert "Come &lt;va&gt;" in svg
    assert course_chart("t", [], []) == ""
