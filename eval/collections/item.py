"""One labelled question of a collection, as its file has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from eval.beir import DataError, read_jsonl

Wanted = Literal["answer", "clarify_or_answer", "abstain", "emergency"]
FOLDER = Path(__file__).parent
FOLDS = 4
HELD_OUT = 3  # the fold of practice that no training of the encoder sees: weights are fitted on it


@dataclass(frozen=True, slots=True)
class Quote:
    """A unit that answers, verbatim, with the section (`slug#anchor`) it stands in."""

    section: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """One thing asked: each of the sections `gold` alone answers it, `units` do so best; each
    group of `must` (regular expressions) needs one match in a right answer."""

    gold: frozenset[str]
    units: tuple[Quote, ...] = ()
    must: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A question of one or more turns, of which the last is scored."""

    id: str
    turns: tuple[str, ...]
    language: str
    asker: str
    wanted: Wanted
    parts: tuple[Part, ...]
    partial: frozenset[str]
    must: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()
    origin: str = ""
    long: bool = False
    injected: bool = False  # holds instructions: only `must_not` counts
    fold: int = 0

    @property
    def gold(self) -> frozenset[str]:
        """The sections that answer some part."""
        return frozenset[str]().union(*(part.gold for part in self.parts))

    @property
    def answerable(self) -> bool:
        return self.wanted in ("answer", "clarify_or_answer")


def read_collection(path: Path) -> tuple[Item, ...]:
    """The items of a JSONL file, in its order. Raises DataError with file and line."""
    rows = read_jsonl(path, ("id", "turns", "lang", "outcome"))
    return tuple(_item(row, path) for row in rows)


def _item(row: Mapping[str, Any], path: Path) -> Item:
    if row["outcome"] not in ("answer", "clarify_or_answer", "abstain", "emergency"):
        raise DataError(f"{path.name}: {row['id']}: esito «{row['outcome']}» sconosciuto")
    turns = tuple(str(turn) for turn in row["turns"])
    if not turns:
        raise DataError(f"{path.name}: {row['id']}: nessun turno")
    return Item(
        id=str(row["id"]),
        turns=turns,
        language=str(row["lang"]),
        asker=str(row.get("asker", "")),
        wanted=row["outcome"],
        parts=tuple(_parts(row)),
        partial=frozenset(row.get("partial", ())),
        must=_groups(row.get("must", ())),
        must_not=tuple(row.get("must_not", ())),
        origin=str(row.get("origin", "")),
        long=bool(row.get("long", False)),
        injected=row.get("kind") == "iniezione",
        fold=int(row.get("fold", 0)),
    )


def _parts(row: Mapping[str, Any]) -> Iterator[Part]:
    """The parts; where a part does not say its own units, those of its sections."""
    units = [Quote(str(u["ref"]), str(u["text"])) for u in row.get("units", ())]
    for part in row.get("parts", ()):
        gold = frozenset(part.get("gold", ()))
        own = [Quote(str(u["ref"]), str(u["text"])) for u in part.get("units", ())]
        found = own or [unit for unit in units if unit.section in gold]
        yield Part(gold, tuple(found), _groups(part.get("must", ())))


def _groups(groups: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(group) for group in groups)
