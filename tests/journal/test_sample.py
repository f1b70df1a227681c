"""The live sample: what is drawn of a week, for whom it stands, and what is kept of it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from chatbot.journal import sample
from chatbot.journal.records import Entry, Review, Verdict, samples
from chatbot.journal.retention import erase, export, purge
from chatbot.journal.sample import Given, by_week, course, draw, given, spread, waiting
from chatbot.journal.writer import Journal

TODAY = datetime(2031, 3, 12, 9, tzinfo=UTC)  # a Wednesday
LAST = TODAY - timedelta(days=7)
NEEDS = {"conto-di-base": ("denaro",)}
SIZE = 10


def write(engine: Engine, *records: Entry | Review) -> None:
    journal = Journal(engine)
    for record in records:
        journal.put(record)
    journal.close(30)


def entries(count: int, at: datetime = LAST, prefix: str = "a") -> list[Entry]:
    """Two thirds answered with some confidence, the others not; a fifth in French."""
    return [
        Entry(
            f"{prefix}{n}", "Può?", "answered" if n % 3 else "no_answer",
            language="fr" if n % 5 == 0 else "it", confidence=0.9 if n % 3 else 0.1, at=at,
            conversation=f"conversazione-{n % 7}",
        )
        for n in range(count)
    ]  # fmt: skip


def drawn(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.execute(select(samples.c.answer_id)).scalars())


def test_each_stratum_gets_its_share() -> None:
    """Rounded up or down, and the same at every draw; of a few all are taken."""
    found = [
        Given(f"a{n}", LAST, "answered" if n % 4 else "no_answer", "it", "", 0.5, "s")
        for n in range(200)
    ]
    taken = spread(found, 20)
    assert Counter(one.outcome for one in taken) == {"answered": 15, "no_answer": 5}
    assert [one.id for one in spread(list(reversed(found)), 20)] == [one.id for one in taken]
    assert len({one.id for one in taken}) == 20
    assert spread(found[:7], 20) == found[:7]


def test_every_answer_is_as_likely() -> None:
    """Over many weeks each of forty answers is drawn about one time in four."""
    times: Counter[int] = Counter()
    for week in range(300):
        at = LAST + timedelta(weeks=week)
        found = [
            Given(f"{week}-{n}", at, "answered" if n % 3 else "related", "it", "", n / 40, "s")
            for n in range(40)
        ]
        times.update(int(one.id.split("-")[1]) for one in spread(found, 10))
    assert set(times) == set(range(40))
    assert all(45 < n < 110 for n in times.values())


def test_a_week_is_drawn_when_it_is_over_and_stays(engine: Engine) -> None:
    """Neither a later look nor another size nor an answer erased changes it; courtesies are not
    answers, and this week waits."""
    write(engine, *entries(40), *entries(5, TODAY, "b"),
          Entry("ciao", "Ciao", "small_talk", at=LAST))  # fmt: skip
    draw(engine, NEEDS, SIZE, TODAY)
    names = drawn(engine)
    assert len(names) == SIZE
    assert not any(name.startswith("b") or name == "ciao" for name in names)
    assert {one.entry.id for one in waiting(engine, TODAY)} == names
    draw(engine, NEEDS, 3, TODAY)
    assert drawn(engine) == names
    gone = next(one for one in given(engine, NEEDS) if one.id in names)
    conversation = f"conversazione-{int(gone.id[1:]) % 7}"
    assert gone.id in {row["answer_id"] for row in export(engine, conversation)["samples"]}
    erase(engine, conversation)
    draw(engine, NEEDS, SIZE, TODAY)
    assert drawn(engine) < names
    purge(engine, TODAY)
    assert drawn(engine) == set()


def test_nothing_is_drawn_where_nobody_wants_it(engine: Engine) -> None:
    write(engine, *entries(12))
    draw(engine, NEEDS, 0, TODAY)
    assert drawn(engine) == set()
    assert waiting(engine, TODAY) == []


def test_old_weeks_wait_no_more(engine: Engine) -> None:
    """They were drawn, and what was judged of them counts."""
    old = LAST - timedelta(weeks=sample.WAITING)
    write(engine, *entries(5, old))
    draw(engine, NEEDS, SIZE, TODAY)
    assert len(drawn(engine)) == 5
    assert waiting(engine, TODAY) == []


def test_the_course_tells_of_all_answers(engine: Engine) -> None:
    """Of those drawn alone: half right of the ones from the guides, all silences right; a
    judgement of an answer that was not drawn counts for nothing; a week without judgements has no
    figure, and the guides that changed have their moment."""
    before = LAST - timedelta(weeks=1)
    write(engine, *entries(30, before, "p"), *entries(60))
    draw(engine, NEEDS, SIZE, TODAY)
    found = given(engine, NEEDS)
    (_, _), (_, own) = by_week(found, TODAY)
    mine = [one for one in own if one.drawn]
    spoken = [one.id for one in mine if one.outcome == "answered"]
    for n, one in enumerate(spoken):
        verdict: Verdict = "sbagliata" if n % 2 else "giusta"
        write(engine, Review(one, verdict, "una"))
    write(engine, *(Review(one.id, "giusta", "una") for one in mine if one.id not in spoken))
    aside = next(one.id for one in own if not one.drawn)
    write(engine, Review(aside, "pericolosa", "una"))
    told = course(given(engine, NEEDS), TODAY)
    first, second = told.weeks
    assert (first.answers, first.drawn, first.judged, first.right) == (30, SIZE, 0, None)
    assert (second.answers, second.drawn, second.judged) == (60, SIZE, SIZE)
    assert second.wrong is not None
    assert second.wrong.value == pytest.approx((len(spoken) // 2) / len(spoken))
    assert told.right is not None
    assert told.right.n == SIZE
    assert told.dangerous is not None
    assert told.dangerous.value == 0
    assert told.changes == ()


def test_new_guides_have_the_moment_of_their_first_answer() -> None:
    answers = [
        Given("a", LAST, "answered", "it", "", 0.5, "prima"),
        Given("b", LAST + timedelta(hours=1), "answered", "it", "", 0.5, "dopo"),
        Given("c", LAST + timedelta(hours=2), "answered", "it", "", 0.5, "dopo"),
    ]
    assert course(answers, TODAY).changes == ((LAST + timedelta(hours=1), "dopo"),)
