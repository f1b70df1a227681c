"""What a day decides, two years after the guides were written: they age, nothing breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from made import made_guides
from networks import NETWORK
from small import small_folder

from chatbot.find.admit import admit
from chatbot.period import Period
from chatbot.question import Question
from chatbot.understand.query import understand
from chatbot.words.vocabulary import Reference
from index.check.renew import renew
from index.check.rules import check_folder
from index.guide import Guide
from index.parse.chunk import chunk_guide

WRITTEN = max(guide.verified_on for guide in made_guides().values())
LATER = date(WRITTEN.year + 2, WRITTEN.month, WRITTEN.day)


@pytest.fixture
def in_two_years() -> Iterator[None]:
    with time_machine.travel(LATER, tick=True):
        yield


def test_the_check_tells_each_guide_that_is_overdue_and_nothing_else(
    in_two_years: None, tmp_path: Path
) -> None:
    """Without being told the day: every guide by how many days, at the line of its date, as a
    warning, so that what is published can still be corrected and published. Looked at again, a
    guide is in order."""
    folder = small_folder(tmp_path / "guides")
    guides, findings = check_folder(folder)
    late = {guide.path: (LATER - guide.review_by).days for guide in guides}
    assert {f.path: f.message.partition(" giorni")[0] for f in findings} == {
        path: f"revisione scaduta da {days}" for path, days in late.items()
    }
    assert {(f.rule, f.severity) for f in findings} == {("date", "warning")}
    lines = {path: (folder / path).read_text("utf-8").split("\n") for path in late}
    assert all(lines[f.path][f.line - 1].startswith("rivedere_entro:") for f in findings)
    for guide in guides:
        assert renew(guide, folder, date.today()).written
    assert check_folder(folder)[1] == []


def admitted(guide: Guide) -> bool:
    """Whether the bot may answer from a guide today."""
    reference = Reference({}, frozenset(), {}, frozenset(), NETWORK)
    query = understand(Question("quanto dura il tirocinio?"), reference)
    snapshot: Any = SimpleNamespace(guides={guide.slug: guide}, network=NETWORK)
    passage = chunk_guide(guide, lambda text: len(text.split()))[1]
    return admit(query, snapshot)(passage)


ORDINARY = made_guides()["tirocinio"]
BEFORE, AFTER = LATER - timedelta(days=1), LATER + timedelta(days=1)


@pytest.mark.parametrize(
    ("begins", "ends", "shown"),
    [
        (None, None, True),  # overdue, but nobody said that it holds no more: shown as aged
        (None, BEFORE, False),
        (None, LATER, True),
        (AFTER, None, False),
        (LATER, None, True),
        (BEFORE, AFTER, True),
    ],
)
def test_the_bot_answers_from_guides_that_hold_that_day(
    in_two_years: None, begins: date | None, ends: date | None, shown: bool
) -> None:
    """The first and the last day count; the day is the one on which it is asked."""
    assert admitted(replace(ORDINARY, valid_from=begins, valid_until=ends)) is shown


def test_a_guide_that_ends_in_between_holds_now_and_not_then() -> None:
    """The same guide, nobody having touched it."""
    guide = replace(ORDINARY, valid_until=WRITTEN + timedelta(days=365))
    with time_machine.travel(WRITTEN, tick=True):
        assert admitted(guide)
    with time_machine.travel(LATER, tick=True):
        assert not admitted(guide)


@pytest.mark.parametrize(("day", "year"), [(WRITTEN, 2026), (LATER, 2028)])
def test_a_month_without_a_year_is_the_last_one_there_was(day: date, year: int) -> None:
    """«Domanda di maggio», said in November, is of that year's May."""
    reference = Reference({}, frozenset(), {}, frozenset(), NETWORK)
    with time_machine.travel(day, tick=True):
        query = understand(Question("domanda di asilo di maggio, può lavorare?"), reference)
    assert query.profile.application_date == Period.parse(f"{year}-05")
