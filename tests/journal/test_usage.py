"""The counts of use: whose they are never shows, and what they leave out is said."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st
from made_referrals import made
from sqlalchemy import Engine, select

from chatbot.journal.records import Asking, Cited, Entry, askings
from chatbot.journal.retention import purge
from chatbot.journal.usage import LEAST, NO_NEED, hide, usage
from chatbot.journal.writer import store
from chatbot.referral.store import add

DAY = datetime(2031, 2, 12, 12, tzinfo=UTC)
NEEDS = {"conto": ("denaro",), "tirocinio": ("lavoro", "formazione")}
ZONE = "Europe/Rome"


def put(
    engine: Engine, n: int, outcome: str = "answered", guide: str = "conto", **more: object
) -> None:
    """Keep `n` answers that cite a guide, or are near it where they answer nothing."""
    cited = (Cited(1, guide, "a", "x"),) if outcome == "answered" else ()
    hits = ({"passage": f"{guide}#a:0", "score": 1.0},)
    with engine.begin() as connection:
        store(connection, [
            Entry(f"{outcome}-{guide}-{more.get('at', '')}-{k}", "?", outcome, cited=cited,
                  hits=hits, **{"at": DAY, **more})  # type: ignore[arg-type]
            for k in range(n)
        ])  # fmt: skip


def test_questions_by_outcome_need_and_language(engine: Engine) -> None:
    """A guide with two needs counts in both; greetings are no questions."""
    put(engine, 7)
    put(engine, 6, guide="tirocinio", language="fr")
    put(engine, 5, outcome="no_answer", guide="tirocinio")
    put(engine, 9, outcome="small_talk")
    found = usage(engine, DAY.date(), DAY.date(), ZONE, NEEDS)
    assert found.questions == 18
    assert found.outcomes == {"answered": 13, "no_answer": 5}
    assert found.needs == {"denaro": 7, "formazione": 6, "lavoro": 6}
    assert found.unanswered == {"formazione": 5, "lavoro": 5}
    assert found.languages == {"it": 12, "fr": 6}
    assert found.answered == round(13 / 18, 3)


def test_small_counts_are_hidden_and_cannot_be_worked_out(engine: Engine) -> None:
    """One hidden alone is what the sum lacks: the next smallest is hidden too."""
    put(engine, 20)
    put(engine, 8, outcome="related")
    put(engine, 2, outcome="emergency")
    found = usage(engine, DAY.date(), DAY.date(), ZONE, NEEDS)
    assert found.outcomes == {"answered": 20, "related": None, "emergency": None}


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 60), max_size=8))
def test_no_small_count_is_shown_or_stands_alone(counts: dict[str, int]) -> None:
    """Whatever the counts: none under five, and never one hidden among several."""
    shown = hide(counts)
    assert set(shown) == set(counts)
    assert all(n is None or n >= LEAST for n in shown.values())
    hidden = [name for name, n in shown.items() if n is None]
    assert len(hidden) != 1 or len(counts) == 1


def test_days_begin_where_the_network_is(engine: Engine) -> None:
    """Half past eleven in the evening in London is the next day in Rome."""
    put(engine, 6, at=datetime(2031, 2, 11, 23, 30, tzinfo=UTC))
    put(engine, 5, at=datetime(2031, 2, 12, 23, 30, tzinfo=UTC))
    assert usage(engine, DAY.date(), DAY.date(), ZONE, NEEDS).questions == 6
    assert usage(engine, date(2031, 2, 13), date(2031, 2, 13), ZONE, NEEDS).questions == 5


def test_areas_are_counted_by_week_and_tied_to_nothing(engine: Engine) -> None:
    """Two batches add up; what is kept is a week, an area and a number."""
    for n in (4, 3):
        with engine.begin() as connection:
            store(connection, [Asking("Cuneo", DAY)] * n)
    with engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(select(askings))] == [
            ("2031-W07", "Cuneo", 7)
        ]
    assert usage(engine, DAY.date(), DAY.date(), ZONE, NEEDS).areas == {"Cuneo": 7}
    assert purge(engine, datetime(2031, 3, 1, tzinfo=UTC))["askings"] == 1


def test_slips_made_and_arrived(engine: Engine) -> None:
    """By state and by need; one without a need is said so."""
    for n in range(12):
        add(
            engine, made(at=DAY, state="taken" if n < 6 else "sent", need="lavoro" if n % 2 else "")
        )
    found = usage(engine, DAY.date(), DAY.date(), ZONE, NEEDS)
    assert found.made == 12
    assert found.states == {"sent": 6, "taken": 6}
    assert found.referral_needs == {NO_NEED: 6, "lavoro": 6}


def test_with_little_asked_nothing_is_told(engine: Engine) -> None:
    """A share of three questions is a person."""
    put(engine, 3)
    found = usage(engine, DAY.date(), DAY.date(), ZONE, NEEDS)
    assert (found.questions, found.answered) == (None, None)
    assert usage(engine, date(2030, 1, 1), date(2030, 1, 2), ZONE, NEEDS).questions == 0
