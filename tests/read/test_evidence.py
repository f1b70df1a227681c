"""Which units of the best passages are put in an answer."""

from __future__ import annotations

import numpy as np
from chatbot.find.meeting import Meeting

from chatbot.answer import Hit
from chatbot.find.late import Interaction
from chatbot.read.evidence import CLOSE, FAR, MAX_UNITS, read
from index.guide import Unit
from index.passage import Passage

LENGTH = "Il tirocinio dura al massimo sei mesi."
PAY = "Il tirocinio è pagato con un'indennità."
PERMIT = "Il permesso di soggiorno si chiede alla questura competente."


def meeting(name: str, score: float, *units: tuple[str, float]) -> Meeting:
    """A passage of `units` (text, late interaction), its final score `score`."""
    made = tuple(Unit(f"{name}{n}", text, "sentence", n) for n, (text, _) in enumerate(units))
    text = " ".join(unit.text for unit in made)
    passage = Passage(
        id=f"{name}#a:0", guide=name, anchor="a", part=0, role="body", heading_path=(name,),
        text=text, embedded=text, units=made, line=1, last_line=9,
    )  # fmt: skip
    best = np.array([[value] for _, value in units], dtype=np.float32)
    found = Interaction(best, np.arange(len(units), dtype=np.int16))
    return Meeting(
        Hit(passage, fused=score), found, late=0.5, unit=0.5, words=0.9, words_searched=0.5,
        form=0.5, yes_no=0.0, yes_no_unasked=0.0, numbers=0.0,
    )  # fmt: skip


def said(*meetings: Meeting, kinds: frozenset[str] = frozenset()) -> list[str]:
    return [piece.unit.text for piece in read({}, kinds, meetings)]


def test_the_openings_of_close_passages_come_first() -> None:
    """A guide answers first: its opening is read though a later unit meets the question better."""
    best = meeting("uno", 9.0, (PAY, 0.2), (LENGTH, 0.9))
    close = meeting("due", 9.0 - CLOSE, (PERMIT, 0.1))
    assert said(best, close) == [PAY, PERMIT, LENGTH]


def test_what_is_far_behind_the_best_is_not_read() -> None:
    """However well one of its units meets the question."""
    best = meeting("uno", 9.0, (LENGTH, 0.5))
    assert said(best, meeting("due", 9.0 - FAR - 0.1, (PERMIT, 0.9))) == [LENGTH]
    assert said(best, meeting("due", 9.0 - CLOSE - 0.1, (PERMIT, 0.1))) == [LENGTH]


def test_nothing_is_said_twice() -> None:
    """Two guides with the same rule: the second is left out, also where it says it shorter."""
    best = meeting("uno", 9.0, (LENGTH, 0.9))
    again = meeting("due", 9.0, ("Il tirocinio dura sei mesi al massimo.", 0.9))
    assert said(best, again) == [LENGTH]


def test_the_form_of_the_answer_decides_between_like_units() -> None:
    """Asked how long, the unit with a duration comes before the one without."""
    page = meeting("uno", 9.0, (PERMIT, 0.3), (PAY, 0.5), (LENGTH, 0.5))
    assert said(page, kinds=frozenset({"duration"}))[:2] == [PERMIT, LENGTH]
    assert said(page)[:2] == [PERMIT, PAY]


def test_an_answer_is_short() -> None:
    """Never more than a few units, and none that introduces a list which does not follow."""
    many = [(f"La regola numero {n} vale per l'ufficio {n}.", 0.9) for n in range(9)]
    found = said(meeting("uno", 9.0, ("Servono questi documenti:", 0.95), *many))
    assert len(found) == MAX_UNITS
    assert "Servono questi documenti:" not in found


def test_nothing_read_from_nothing() -> None:
    """No passage, no unit that can be quoted: no evidence."""
    assert said() == []
    assert said(meeting("uno", 9.0, ("Sì.", 0.9))) == []
