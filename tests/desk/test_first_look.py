"""The first questions of an impact run: which they are, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from apart import run_apart

from chatbot.answer import Answer, Citation
from chatbot.desk.first_look import MOST, Likely, compared, likely, moved
from chatbot.desk.impact import QUIET_S, Impact, quiet
from index.network import Decision
from index.precedent import Lead, Precedent
from index.publish.diff import compare_snapshots
from index.publish.publish import status
from index.publish.snapshot import Snapshot, load

SECTION = "conto-di-base#residenza"


@pytest.fixture(scope="module")
def pair(small_built: Path) -> tuple[Snapshot, Snapshot]:
    """Two snapshots that differ in a sentence of one guide."""
    var = small_built / "var"
    old, new = (load(var, str(row["id"])) for row in status(var)[-2:])
    return old, new


def answer(cited: str, text: str) -> Answer:
    guide, _, anchor = cited.partition("#")
    citation = Citation(1, guide, "T", ("T",), f"/guide/{guide}?cita=x#{anchor}", "q", None, None)
    return Answer(
        id="a", outcome="answered", answer=text, citations=(citation,), hits=(), scripts=(),
        services=(), related_questions=(), confidence=1.0, language="it", snapshot="s",
        timings_ms={}, reasons=(),
    )  # fmt: skip


def test_which_questions_are_likely(pair: tuple[Snapshot, Snapshot]) -> None:
    """Those that lead to what changes: of the guide, of people, decided by the network; none that
    lead elsewhere, and not too many."""
    old, new = pair
    guide, anchor = compare_snapshots(old, new)[0].passage.rpartition(":")[0].split("#")
    people = [Precedent(f"domanda {n}?", (Lead(guide, anchor),)) for n in range(40)]
    away = Precedent("altro?", (Lead("codice-fiscale", "codice-fiscale"),))
    decided = Decision(("Chi paga?",), refer_to="il Comune")
    network = replace(new.network, decisions=(*new.network.decisions, decided))
    changed = replace(new, precedents=(*people, away), network=network)
    found = likely(old, changed)
    assert len(found) == MOST
    assert {one.by for one in found} >= {"persona", "decisione"}
    assert "altro?" not in {one.text for one in found}
    assert likely(new, new) == []
    guides = [one for one in likely(old, new) if one.by == "guida"]
    assert all("conto-di-base#" in name for one in guides for name in one.sections)


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        ((SECTION, "Sì."), (SECTION, "Sì."), "same"),
        ((SECTION, "Sì."), (SECTION, "No."), "changed"),
        (("x#y", "Sì."), (SECTION, "Sì."), "better"), ((SECTION, "Sì."), ("x#y", "Sì."), "worse"),
    ],
)  # fmt: skip
def test_what_becomes_of_a_question(before: Any, after: Any, effect: str) -> None:
    """By the section that it leads to; where that stays, by the words of the answer."""
    one = Likely("Si può?", "guida", frozenset({SECTION}))
    told = compared(one, answer(*before), answer(*after))
    assert told["effect"] == effect
    assert told["before"]["word"].endswith("dalla sezione giusta") == (before[0] == SECTION)
    assert moved([told]) == ([] if effect == "same" else [told])


def test_a_question_that_gets_worse_is_no_harmless_draft() -> None:
    """Whoever asked it; a question that two asked is told once."""
    side = {"verdict": "x", "word": "x", "answer": "x"}
    case = {"question": "Si può?", "effect": "worse", "by": "guida", "before": side, "after": side}
    now = datetime.now(UTC)
    done = Impact(draft="a", version=1, at=now, state="done", found={"cases": [], "counts": {}})
    assert done.harmless
    assert not done.model_copy(update={"first": (case,)}).harmless
    both = done.model_copy(update={"first": (case,), "found": {"people": [case]}})
    assert both.count("worse") == 1


@pytest.mark.parametrize(
    ("looks", "waits"), [(repeat(False), False), (repeat(True), True), (iter([True] * 3), False)]
)
def test_a_first_question_waits_for_people(looks: Iterator[bool], waits: bool) -> None:
    """Until nobody asks; where somebody always does, no longer than it may."""
    begun = monotonic()
    run_apart(quiet(lambda: next(looks, False)))
    assert (monotonic() - begun >= QUIET_S) == waits
