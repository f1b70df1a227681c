"""The process that `test_journal.py` kills: it writes without pause and says what is kept.

Every answer and feedback id is written to the file of acknowledged ids, and flushed, only after
its future is done.
"""

import itertools
import os
from concurrent.futures import Future, wait

from chatbot.journal.records import Cited, Entry, Feedback
from chatbot.journal.writer import Journal

WINDOW = 40  # records on their way at a time


def write_for_ever(url: str, acknowledged: str) -> None:
    """Runs until killed."""
    journal = Journal.open(url)
    file = os.open(acknowledged, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    pending: dict[Future[None], str] = {}
    for n in itertools.count():
        entry = Entry(
            id=f"{os.getpid()}-{n}", question=f"Quanto dura il tirocinio numero {n}?",
            outcome="answered", cited=(Cited(1, "tirocinio", "durata", "Dura sei mesi."),),
        )  # fmt: skip
        comment = Feedback(entry.id, "sbagliata", "non è aggiornata")
        pending[journal.put(entry)] = f"answers {entry.id}"
        pending[journal.put(comment)] = f"feedback {comment.id}"
        while len(pending) >= WINDOW:
            done, _ = wait(pending, timeout=0.05)
            done = {f for f in pending if f.done()}
            lines = [pending.pop(future) for future in done if future.exception() is None]
            os.write(file, "".join(f"{line}\n" for line in lines).encode())
