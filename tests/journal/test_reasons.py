"""Why an answer is what it is stays in the journal, without personal data."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import insert, select

from chatbot.journal import engine as journal_engine
from chatbot.journal.engine import open_engine
from chatbot.journal.reading import find_answer
from chatbot.journal.records import Entry, answers
from chatbot.journal.writer import Journal, redacted
from chatbot.question import MAX_QUESTION

REASONS = ({"rule": "giudizio", "why": "probabilità che le guide rispondano: 91%"},)


def test_the_reasons_and_the_longest_question_are_kept_whole(tmp_path: Path) -> None:
    """As they were, in their order."""
    journal = Journal.open(f"sqlite:///{tmp_path / 'j.sqlite'}")
    question = "casa " * (MAX_QUESTION // 5)
    journal.put(Entry("a1", question, "answered", reasons=REASONS)).result(10)
    kept = find_answer(journal.engine, "a1")
    journal.close()
    assert kept is not None
    assert (kept.entry.reasons, kept.entry.question) == (REASONS, question)


def test_a_reason_is_cleaned_like_a_question() -> None:
    """A sentence that repeats the question's words repeats no telephone number."""
    entry = Entry("a1", "x", "related", reasons=({"rule": "r", "why": "chiede di 333 1234567"},))
    clean = redacted(entry)
    assert isinstance(clean, Entry)
    assert "1234567" not in clean.reasons[0]["why"]


def test_entries_of_before_have_no_reason(tmp_path: Path) -> None:
    """A journal of the first revision is brought to this one with its rows."""
    url = f"sqlite:///{tmp_path / 'j.sqlite'}"
    engine = open_engine(url)
    config = Config()
    config.set_main_option("script_location", str(journal_engine._MIGRATIONS))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "1")
        old = {"id": "a1", "at": Entry("", "", "").at, "conversation": "", "question": "x",
               "outcome": "answered", "language": "it", "snapshot": "", "confidence": 0.5,
               "latency_ms": 1.0, "hits": []}  # fmt: skip
        connection.execute(insert(answers).values(old))
        connection.commit()
    engine.dispose()
    migrated = open_engine(url)
    kept = find_answer(migrated, "a1")
    with migrated.connect() as connection:
        assert connection.scalar(select(answers.c.reasons)) == []
    migrated.dispose()
    assert kept is not None
    assert (kept.entry.question, kept.entry.reasons) == ("x", ())
