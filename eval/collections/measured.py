"""What came of asking a collection: a row an item, and the figures over them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.collections.register import Collection
from eval.runs.metrics import interval
from index.errors import BussolaError
from index.files import replace_file


class MeasureError(BussolaError):
    """What was measured cannot be read."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Row(_Frozen):
    """One item: `values` of the measures that apply to it (0 to 1), `groups` it belongs to by
    grouping, and what was asked and said, which a test collection leaves empty."""

    id: str
    values: dict[str, float]
    groups: dict[str, str] = {}
    question: str = ""
    outcome: str = ""
    answer: str = ""


class Figure(_Frozen):
    """A mean over `n` items with its 95 % interval."""

    value: float
    low: float
    high: float
    n: int


class Measured(_Frozen):
    """A collection asked of one snapshot."""

    collection: Collection
    snapshot: str
    at: str  # ISO moment
    rows: tuple[Row, ...]

    @property
    def figures(self) -> dict[str, Figure]:
        return figures(self.rows)

    @property
    def groups(self) -> dict[str, dict[str, tuple[int, dict[str, Figure]]]]:
        """By grouping and group: how many items, and their figures; groupings of one group tell
        nothing and are left out."""
        found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in self.rows:
            for grouping, group in row.groups.items():
                found[grouping][group].append(row)
        return {
            grouping: {
                name: (len(rows), figures(rows))
                for name, rows in sorted(groups.items(), key=lambda g: (-len(g[1]), g[0]))
            }
            for grouping, groups in found.items()
            if len(groups) > 1
        }

    def by(self, grouping: str) -> list[dict[str, Any]]:
        """The figures of a grouping, all items first, as plain rows."""
        rows = [("tutti", len(self.rows), self.figures)]
        rows += [(name, *found) for name, found in self.groups.get(grouping, {}).items()]
        return [
            {"kind": name, "n": n, **{m: round(f.value, 4) for m, f in own.items()}}
            for name, n, own in rows
        ]

    def save(self, folder: Path) -> Path:
        """Write `folder/<name>.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.collection.name}.json"
        replace_file(path, self.model_dump_json(indent=1).encode())
        return path


def figures(rows: Sequence[Row]) -> dict[str, Figure]:
    """Each measure over the rows to which it applies: Wilson's interval for a share, a bootstrap
    for another mean (see `metrics.interval`)."""
    values: Mapping[str, list[float]] = defaultdict(list)
    for row in rows:
        for name, value in row.values.items():
            values[name].append(value)
    return {
        name: Figure(value=sum(own) / len(own), low=low, high=high, n=len(own))
        for name, own in values.items()
        for low, high in [interval(own)]
    }


def read_measured(folder: Path, register: Iterable[Collection]) -> tuple[Measured, ...]:
    """What was measured last of each collection, in the order of the register (others after
    them), each with what the register says of it now: a reading counts at once. Raises
    MeasureError, naming the file, when one is broken."""
    order = {one.name: (place, one) for place, one in enumerate(register)}
    found = [_read(path) for path in sorted(folder.glob("*.json"))]
    found.sort(key=lambda one: order.get(one.collection.name, (len(order), None))[0])
    return tuple(
        one.model_copy(update={"collection": order[one.collection.name][1]})
        if one.collection.name in order
        else one
        for one in found
    )


def _read(path: Path) -> Measured:
    try:
        return Measured.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise MeasureError(
            f"{path} non si legge: rifai «bussola eval collection measure»"
        ) from error
