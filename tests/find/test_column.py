"""A passage is read once, and what was read of it goes with its snapshot."""

from __future__ import annotations

import gc
from weakref import ref

from made_snapshots import found_for, sheet_of, snapshot_of

from chatbot.find.column import PassageColumn, UnitColumn
from index.guide import Unit
from index.passage import Passage
from index.publish.snapshot import Snapshot

BODY = "## Uno {#uno}\n\nPrima si chiede. Poi si firma.\n\n## Due {#due}\n\nInfine si paga.\n"


def made() -> Snapshot:
    return snapshot_of([sheet_of("prova", "Prova", BODY)])


def test_a_passage_is_read_when_it_is_met_and_never_again() -> None:
    """By its position or as itself; another snapshot of the same guides is read anew."""
    read: list[str] = []

    def lengths(passage: Passage, snapshot: Snapshot) -> int:
        read.append(passage.id)
        return len(passage.text)

    column, snapshot = PassageColumn(lengths), made()
    first, second = snapshot.passages
    assert [column.of(second, snapshot), column.at(1, snapshot)] == [len(second.text)] * 2
    assert read == [second.id]
    assert column.at(0, snapshot) == len(first.text)
    column.at(0, made())
    assert read == [second.id, first.id, first.id]


def test_a_unit_is_read_when_it_is_met_and_never_again() -> None:
    """In whichever passage it stands; what is false or empty is read too."""
    read: list[str] = []

    def nothing(unit: Unit, passage: Passage, snapshot: Snapshot) -> frozenset[str]:
        read.append(f"{passage.anchor} {unit.text}")
        return frozenset()

    column, snapshot = UnitColumn(nothing), made()
    first, second = snapshot.passages
    for _ in range(2):
        assert column.of(first, 1, snapshot) == column.of(second, 0, snapshot) == frozenset()
    assert read == ["uno Poi si firma.", "due Infine si paga."]


def test_what_was_read_goes_with_its_snapshot() -> None:
    """A server that publishes for a year keeps what it read of the snapshots that it serves."""
    column, snapshot = PassageColumn(lambda passage, _: passage.text), made()
    column.at(0, snapshot)
    found_for("Che cosa viene prima?", snapshot)
    gone = ref(snapshot)
    del snapshot
    gc.collect()
    assert gone() is None
