"""What changed between two snapshots, passage by passage, in words an editor reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from index.passage import Passage
from index.publish.snapshot import Snapshot

ChangeKind = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True, slots=True)
class UnitChange:
    """A sentence, item or row taken away (`before` alone), put in (`after` alone) or rewritten."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PassageChange:
    """One passage that is not as it was; `was` is the id it had when it only moved."""

    kind: ChangeKind
    passage: str
    heading: str
    units: tuple[UnitChange, ...] = ()
    was: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def compare_snapshots(before: Snapshot, after: Snapshot) -> list[PassageChange]:
    """Changes in the order of the guides of `after`, what was removed last.

    A passage is known by its id; one whose words are found under another id has moved.
    """
    old = {passage.id: passage for passage in before.passages}
    new = {passage.id: passage for passage in after.passages}
    gone = {old[i].embedded: i for i in old if i not in new}
    changes, moved = [], set()
    for passage_id, passage in new.items():
        if passage_id in old:
            if old[passage_id].embedded != passage.embedded:
                changes.append(_changed(old[passage_id], passage))
        elif passage.embedded in gone:
            moved.add(gone[passage.embedded])
            changes.append(_change("moved", passage, was=gone[passage.embedded]))
        else:
            changes.append(_change("added", passage, _units((), _texts(passage))))
    removed = (old[i] for i in old if i not in new and i not in moved)
    return changes + [_change("removed", p, _units(_texts(p), ())) for p in removed]


def _changed(before: Passage, after: Passage) -> PassageChange:
    return _change("changed", after, _units(_texts(before), _texts(after)))


def _change(
    kind: ChangeKind, passage: Passage, units: Iterator[UnitChange] | None = None, was: str = ""
) -> PassageChange:
    heading = " › ".join(passage.heading_path)
    return PassageChange(kind, passage.id, heading, tuple(units or ()), was)


def _texts(passage: Passage) -> tuple[str, ...]:
    return tuple(unit.text for unit in passage.units)


def _units(before: Sequence[str], after: Sequence[str]) -> Iterator[UnitChange]:
    """Units that differ, paired where one took the place of another."""
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        old, new = list(before[i1:i2]), list(after[j1:j2])
        for n in range(max(len(old), len(new))):
            yield UnitChange(old[n] if n < len(old) else "", new[n] if n < len(new) else "")


WORDS = {"added": "Nuovo", "removed": "Tolto", "changed": "Cambiato", "moved": "Spostato"}


def show_changes(changes: Sequence[PassageChange]) -> Iterator[str]:
    """Lines for an editor: what, where, and the sentences before (-) and after (+)."""
    for change in changes:
        yield f"{WORDS[change.kind]}: {change.heading}  [{change.passage}]"
        if change.was:
            yield f"    prima era in {change.was}"
        if change.kind == "changed" and not change.units:
            yield "    le frasi sono le stesse: è cambiato il titolo o l'introduzione dell'elenco"
        for unit in change.units:
            if unit.before:
                yield f"  - {unit.before}"
            if unit.after:
                yield f"  + {unit.after}"
    yield summary(changes)


def summary(changes: Sequence[PassageChange]) -> str:
    """«2 nuovi, 1 cambiato, 0 tolti, 0 spostati»."""
    names = {
        "added": ("nuovo", "nuovi"),
        "changed": ("cambiato", "cambiati"),
        "removed": ("tolto", "tolti"),
        "moved": ("spostato", "spostati"),
    }
    counts = {kind: sum(change.kind == kind for change in changes) for kind in names}
    return ", ".join(f"{n} {names[kind][n != 1]}" for kind, n in counts.items())
