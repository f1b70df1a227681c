"""How much of a database an answer takes: `python tests/journal_bytes.py postgresql+psycopg://…`
(an empty one; from the root, after an index build) asks questions of the suite, keeps their answers
as a server does, and prints bytes."""

from __future__ import annotations

import sys

from sqlalchemy import text

from chatbot.journal.records import Entry
from chatbot.journal.writer import Journal
from chatbot.library import Library
from chatbot.question import Question
from chatbot.settings import Settings
from eval.suite.folder import CASES_DIR, load_suite

ASKED = 200
SIZE = "SELECT coalesce(sum(pg_total_relation_size(relid)), 0) FROM pg_stat_user_tables"


def main(database: str) -> None:
    suite = load_suite(CASES_DIR)
    library = Library.open(Settings(_env_file=None))  # type: ignore[call-arg]
    journal = Journal.open(database)
    with journal.engine.connect() as connection:
        empty = int(connection.execute(text(SIZE)).scalar_one())
    for case in suite[:: len(suite) // ASKED][:ASKED]:
        question = Question(case.question)
        answer = library.bot.reply(question, library.snapshot)
        journal.put(Entry.of(question, answer, "misura")).result()
    with journal.engine.connect() as connection:
        taken = int(connection.execute(text(SIZE)).scalar_one()) - empty
    journal.close()
    print(f"{ASKED} answers: {taken / ASKED:.0f} bytes each, with their citations and indexes")


if __name__ == "__main__":
    main(sys.argv[1])
