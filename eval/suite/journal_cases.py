"""From use to cases: what the journal holds becomes drafts, for a person to complete.

Drafts are written apart from the suite and never run: an evaluator checks the question, names
the passage, and moves the case into the file of its theme.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import Engine, select

from chatbot.journal.reading import Reviewed, find_answer, to_correct, unanswered
from chatbot.journal.records import reviews
from chatbot.privacy.redact import redact
from chatbot.question import MAX_QUESTION
from eval.suite.case import WORD_OF, Case
from eval.suite.drafts import LOCK, THEME
from eval.suite.folder import digest, load_suite
from eval.suite.sheet import save_suite
from index.files import replace_file
from index.network import NEUTRAL, Network

AUTHOR = "registro"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SECTION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*#[^\s#:|]+")


def drafts(
    engine: Engine, since: datetime | None = None, network: Network = NEUTRAL
) -> tuple[Case, ...]:
    """One draft an answer: those that evaluators judged, those that operators complained of, and
    the questions without an answer, each once."""
    found: dict[str, Reviewed] = {}
    for reviewed in (*judged(engine, since), *to_correct(engine, since)):
        found.setdefault(reviewed.entry.id, reviewed)
    for entry in unanswered(engine, since):
        found.setdefault(entry.id, Reviewed(entry))
    return tuple(draft for reviewed in found.values() if (draft := draft_of(reviewed, network)))


def judged(engine: Engine, since: datetime | None = None) -> list[Reviewed]:
    """Answers that an evaluator has marked right, wrong or dangerous."""
    query = select(reviews.c.answer_id).distinct()
    if since:
        query = query.where(reviews.c.at >= since)
    with engine.connect() as connection:
        names = [row[0] for row in connection.execute(query)]
    return [reviewed for name in names if (reviewed := find_answer(engine, name))]


def draft_of(reviewed: Reviewed, network: Network = NEUTRAL) -> Case | None:
    """A case as far as the journal knows it; None where no question is left. What a person must
    still say is asked for in «perche»."""
    entry = reviewed.entry
    words = _CONTROL.sub(" ", redact(entry.question, network)).split()
    question = " ".join(words)[:MAX_QUESTION].strip()
    if not question:
        return None
    review = reviewed.reviews[-1] if reviewed.reviews else None
    passages: dict[str, int] = {}
    if review and _SECTION.fullmatch(section_of(review.passage)):
        passages = {section_of(review.passage): 3}
    elif review and review.verdict == "giusta":
        cited = (f"{citation.guide}#{citation.anchor}" for citation in entry.cited)
        passages = {section: 2 for section in cited if _SECTION.fullmatch(section)}
    right = review is not None and review.verdict == "giusta"
    outcome = entry.outcome if right and entry.outcome in WORD_OF else "no_answer"
    outcome = "answered" if passages and outcome not in ("emergency", "related") else outcome
    plain: dict[str, Any] = {
        "id": f"bozza-{re.sub('[^a-z0-9]', '', entry.id.lower())[:12]}", "tema": THEME,
        "domande": question, "passaggi": passages, "autore": AUTHOR,
        "esito": WORD_OF["no_answer" if outcome == "answered" and not passages else outcome],
        "gravita": "alta" if review and review.verdict == "pericolosa" else "media",
        "etichette": sorted(_tags(reviewed)), "data": network.day_of(entry.at),
        "perche": _why(reviewed, network),
    }  # fmt: skip
    return Case.model_validate(plain)


def section_of(passage: str) -> str:
    """`slug#anchor` of a passage id `slug#anchor:n`."""
    return passage.rpartition(":")[0] if re.search(r":\d+$", passage) else passage


def add_drafts(found: Iterable[Case], folder: Path) -> int:
    """Write into `folder/bozze.yaml` the drafts of which the journal says something new; returns
    how many. What was written before is remembered in `.bozze.json`, so that a draft which a
    person changed, moved into the suite or threw away is left to them, and one that nobody has
    touched follows the journal. Raises CasesError when the file was broken by hand."""
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / LOCK):
        path, memory = folder / f"{THEME}.yaml", folder / ".bozze.json"
        kept = {case.id: case for case in (load_suite(folder) if path.is_file() else ())}
        written = json.loads(memory.read_text("utf-8")) if memory.is_file() else {}
        new = {
            case.id: case for case in found
            if written.get(case.id) != digest([case]) and _may_write(case.id, kept, written)
        }  # fmt: skip
        if new:
            drafts = {name: case for name, case in kept.items() if case.theme == THEME}
            save_suite(list((drafts | new).values()), folder)
            marks = {name: digest([case]) for name, case in new.items()}
            replace_file(memory, json.dumps(written | marks, indent=1).encode())
        return len(new)


def _may_write(name: str, kept: Mapping[str, Case], written: Mapping[str, str]) -> bool:
    """Whether the draft is a new one, or stands as it was written here."""
    there = kept.get(name)
    return name not in written if there is None else written.get(name) == digest([there])


def _tags(reviewed: Reviewed) -> set[str]:
    said: set[str] = {review.verdict for review in reviewed.reviews}
    said |= {feedback.reason.replace("_", "-") for feedback in reviewed.feedback}
    return {*said, "da-completare"}


def _why(reviewed: Reviewed, network: Network) -> str:
    """What people said, without personal data, and what is left to do."""
    notes = [review.note for review in reviewed.reviews]
    notes += [feedback.comment for feedback in reviewed.feedback]
    clean = (_CONTROL.sub(" ", redact(note, network)).split() for note in notes if note)
    said = " ".join(" ".join(words) for words in clean)
    todo = f"Bussola ha dato: {WORD_OF.get(reviewed.entry.outcome, reviewed.entry.outcome)}."
    return f"Da completare: esito, passaggi e fatti. {todo} {said}".strip()[:1000].strip()
