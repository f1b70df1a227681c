"""What a transformation of the cases costs: measured on those that it changed, original against
transformed, pair by pair."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from eval.runs.compare import paired_test
from eval.runs.result import Run


@dataclass(frozen=True, slots=True)
class Drop:
    """How much a transformation costs: mean of original − transformed over the cases changed,
    with its 95 % interval and the p-value of the paired test."""

    variant: str
    measure: str
    before: float
    after: float
    drop: float
    low: float
    high: float
    p: float
    n: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def drops(original: Run, variant: Run, seed: int = 0,
          measures: Sequence[str] = ("hit@3", "MRR", "pass_rate")) -> list[Drop]:  # fmt: skip
    """What the transformation costs by measure; nothing for a measure that no case has."""
    before = {result.case.id: result.scores for result in original.results}
    found = []
    for measure in measures:
        pairs = [
            (x, y)
            for result in variant.results
            if (x := before[result.case.id].get(measure)) is not None
            and (y := result.scores.get(measure)) is not None
        ]
        if not pairs:
            continue
        first, second = [x for x, _ in pairs], [y for _, y in pairs]
        p, (low, high), _ = paired_test(second, first, seed, 2000)
        mean, changed = sum(first) / len(pairs), sum(second) / len(pairs)
        found.append(
            Drop(variant.variant, measure, mean, changed, mean - changed, low, high, p, len(pairs))
        )
    return found


def drop_breaches(found: Iterable[Drop], limits: Mapping[str, float]) -> list[str]:
    """Each transformation that costs more of hit@3 than its limit allows."""
    return [
        f"{drop.variant}: hit@3 scende di {drop.drop:.3f}, oltre il limite {limits[drop.variant]}"
        for drop in found
        if drop.measure == "hit@3" and drop.drop > limits.get(drop.variant, 1.0)
    ]
