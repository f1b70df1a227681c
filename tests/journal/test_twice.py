"""Two people, one answer: who gets what, blind, and how far they agree."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from chatbot.journal import twice
from chatbot.journal.records import Entry, Review
from chatbot.journal.writer import Journal

NAMES = [f"a{n}" for n in range(60)]
DOUBLE = [name for name in NAMES if twice.is_double(name)]
SINGLE = [name for name in NAMES if not twice.is_double(name)]


def write(engine: Engine, *records: Entry | Review) -> None:
    journal = Journal(engine, 365)
    for record in records:
        journal.put(record).result(10)
    journal.close()


def waiting(engine: Engine, who: str) -> set[str]:
    return {one.entry.id for one in twice.to_review(engine, who)}


def test_about_one_in_five_is_judged_twice() -> None:
    """By its name: the same ones for ever."""
    many = [twice.is_double(f"risposta-{n}") for n in range(2_000)]
    assert 0.15 < sum(many) / len(many) < 0.25


def test_a_second_person_gets_a_double_answer_and_not_what_the_first_said(engine: Engine) -> None:
    """A single one is done after one judgement, a double one after two; nobody gets it twice, and
    what the other said is not there."""
    double, single = DOUBLE[0], SINGLE[0]
    write(engine, Entry(double, "Può?", "answered"), Entry(single, "Dove?", "answered"))
    assert waiting(engine, "una") == waiting(engine, "altra") == {double, single}
    write(engine, Review(double, "giusta", "una"), Review(single, "giusta", "una"))
    assert waiting(engine, "una") == set()
    (left,) = twice.to_review(engine, "altra")
    assert (left.entry.id, left.reviews) == (double, ())
    write(engine, Review(double, "sbagliata", "altra"))
    assert waiting(engine, "altra") == waiting(engine, "terza") == set()


def test_kappa_by_hand(engine: Engine) -> None:
    """Of four answers three alike, both words said twice and twice, and three times and once: by
    chance one half, so (0.75 − 0.5) / (1 − 0.5); a later judgement of the same person counts in
    the place of the first, and what was settled together does not."""
    said = [
        ("giusta", "giusta"),
        ("giusta", "giusta"),
        ("sbagliata", "sbagliata"),
        ("sbagliata", "giusta"),
    ]
    for name, (first, second) in zip(DOUBLE, said, strict=False):
        write(engine, Entry(name, "Può?", "answered"), Review(name, first, "una"),  # type: ignore[arg-type]
              Review(name, second, "altra"))  # type: ignore[arg-type] # fmt: skip
    found = twice.judged_twice(engine)
    told = twice.agreement(found)
    assert (told.n, told.equal) == (4, 0.75)
    assert told.kappa == pytest.approx(0.5)
    assert [one.entry.id for one in twice.disagreements(found)] == [DOUBLE[3]]
    write(engine, Review(DOUBLE[3], "sbagliata", twice.AGREED))
    found = twice.judged_twice(engine)
    assert twice.disagreements(found) == []
    assert twice.agreement(found) == told


def test_no_kappa_where_nothing_varies(engine: Engine) -> None:
    """One word said by both all the time: agreement cannot be told from chance."""
    assert twice.agreement([]) == twice.Agreement(0, 0.0, None, None)
    write(engine, Entry(DOUBLE[0], "Può?", "answered"), Review(DOUBLE[0], "giusta", "una"),
          Review(DOUBLE[0], "giusta", "altra"))  # fmt: skip
    assert twice.agreement(twice.judged_twice(engine)) == twice.Agreement(1, 1.0, None, None)


def test_alpha_by_hand() -> None:
    """Krippendorff's own example (Content Analysis, chapter 12; four people, twelve units, gaps,
    five words): 0.743. Units that one person alone judged say nothing; all alike is no measure."""
    table = [
        "1 2 3 3 2 1 4 1 2 - - -",
        "1 2 3 3 2 2 4 1 2 5 - 3",
        "- 3 3 3 2 3 4 2 2 5 1 -",
        "1 2 3 3 2 4 4 1 2 5 1 -",
    ]
    units = [
        [word for word in column if word != "-"]
        for column in zip(*(line.split() for line in table), strict=True)
    ]
    assert twice.alpha(units) == pytest.approx(0.743, abs=0.0005)
    assert twice.alpha([*units, ["5"]]) == twice.alpha(units)
    assert twice.alpha([["giusta", "giusta"]]) is None
    assert twice.alpha([]) is None
    assert twice.alpha([["a", "b"], ["b", "a"]]) == pytest.approx(-0.5)
