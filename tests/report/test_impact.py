"""The impact of a draft: what is asked first, what is told on the way, the questions of others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eval.collections.item import Item, Part
from eval.collections.score import Score
from eval.report.impact import measure_impact
from eval.report.people import level, questions_of_others
from eval.report.touched import touched_first
from index.publish.publish import status
from index.publish.snapshot import Snapshot, load


@pytest.fixture(scope="module")
def pair(small_built: Path) -> tuple[Snapshot, Snapshot]:
    """Two snapshots that differ in a sentence of one guide."""
    var = small_built / "var"
    old, new = (load(var, str(row["id"])) for row in status(var)[-2:])
    return old, new


def item(text: str, section: str) -> Item:
    return Item(
        id=text, turns=(text,), language="it", asker="persona", wanted="answer",
        parts=(Part(frozenset([section])),), partial=frozenset(),
    )  # fmt: skip


def test_what_a_draft_may_move_is_asked_first(pair: tuple[Snapshot, Snapshot]) -> None:
    """Questions that name a changed guide, then those that share its words."""
    texts = ["che ore sono?", "mi serve la residenza per il conto?", "il codice fiscale?"]
    named = [frozenset(), frozenset(), frozenset({"conto-di-base#documenti"})]
    assert touched_first(texts, named, *pair) == [2, 1, 0]
    assert touched_first(texts, [frozenset()] * 3, pair[0], pair[0]) == [0, 1, 2]


@pytest.mark.parametrize(
    ("given", "right", "parts", "expected"),
    [(True, True, (True,), 3), (True, False, (True, False), 2), (False, False, (False,), 1),
     (True, False, (False,), 0)],
)  # fmt: skip
def test_a_wrong_answer_is_worse_than_none(
    given: bool, right: bool, parts: tuple[bool, ...], expected: int
) -> None:
    """And a part of one is better than both."""
    found = Score(item("x", "a#b"), given, right, parts, (False,), (False,), None, 0.0)
    assert level(found) == expected


def test_the_questions_of_others_may_be_read() -> None:
    """Those that chose, none of a test; they ask the guides of the project."""
    found = questions_of_others()
    assert len(found) > 100
    assert any(one.answerable for one in found)


def test_each_step_tells_what_changed_so_far(pair: tuple[Snapshot, Snapshot], bot: Any) -> None:
    """How many of how many; at the end all is told once more, with who asked."""
    steps: list[dict[str, Any]] = []
    people = [item("serve la residenza per aprire il conto?", "conto-di-base#residenza")]
    found = measure_impact(bot, *pair, [], people=people, tell=steps.append)
    assert (steps[-1]["done"], steps[-1]["total"]) == (1, 1)
    told = found.to_json()
    assert told["people_asked"] == 1
    assert [one["by"] for one in steps[-1]["found"]["people"]] == [
        one["by"] for one in told["people"]
    ]
    assert not found.red
