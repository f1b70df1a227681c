"""The fitted numbers: read from `weights.json`, written by `bussola eval fit --write`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import BussolaError

FILE = Path(__file__).parent / "weights.json"
# of every file; `follows` and `talk` may be too
GROUPS = ("passages", "units", "answers", "danger")
OF_GUIDES = ("passages", "units", "answers")  # that differ where guides have no precedents
NUMBERS = ("answer", "related", "danger", "subject", "near")  # of every file


def with_vector(signs: tuple[str, ...], dimension: int) -> tuple[str, ...]:
    """The names of signs that a vector follows: theirs, then one for each of its dimensions."""
    return (*signs, *(f"v{n}" for n in range(dimension)))


class WeightsError(BussolaError):
    """A file of weights that is missing or is none."""


@dataclass(frozen=True)
class Weights:
    """What each sign counts, by group and name, and the numbers that stand alone.

    `passages` rank passages; `units` are log odds that a unit answers; `answers` that what was read
    answers; `danger` that somebody is in danger; `follows` that a turn goes on from another; `talk`
    that a message asks nothing. Of `numbers`, `answer` is the probability from which an answer is
    given, `related` that from which what is near is shown, `danger` that from which the cards come
    first, `subject` the cosine under which a question is off the subject, `near` how far in log
    odds from the best unit another is shown.
    `plain` are the groups OF_GUIDES, and numbers, that count in their place in guides without
    precedents. `model` is the digest of the encoder they were fitted on; `told` names the
    collections and has the figures of the fit.
    """

    model: str
    groups: Mapping[str, Mapping[str, float]]
    numbers: Mapping[str, float]
    told: Mapping[str, Any] = field(default_factory=dict)
    plain: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def where(self, precedents: bool) -> Weights:
        """Those that count in guides that have precedents, or have none."""
        return self if precedents or not self.plain else self._plain

    @cached_property
    def _plain(self) -> Weights:
        groups = {**self.groups, **self.plain.get("groups", {})}
        return replace(
            self, groups=groups, numbers={**self.numbers, **self.plain.get("numbers", {})}, plain={}
        )

    @cached_property
    def _vectors(self) -> dict[tuple[str, Sequence[str]], NDArray[np.float32]]:
        return {}

    def vector(self, group: str, names: tuple[str, ...]) -> NDArray[np.float32]:
        """(s,): the weight of each sign of `names`, in that order. A sign that was never fitted
        counts nothing."""
        if (group, names) not in self._vectors:
            kept = self.groups[group]
            found = np.array([kept.get(name, 0.0) for name in names], dtype=np.float32)
            self._vectors[group, names] = found
        return self._vectors[group, names]

    def intercept(self, group: str) -> float:
        return float(self.groups[group].get("intercept", 0.0))

    def to_json(self) -> str:
        kept = {
            "model": self.model, "numbers": self.numbers, "groups": self.groups,
            "plain": self.plain, "told": self.told,
        }  # fmt: skip
        return json.dumps(kept, ensure_ascii=False, indent=1) + "\n"


def read_weights(path: Path = FILE) -> Weights:
    """The weights of a file. Raises WeightsError."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        groups = {group: _numbers(found) for group, found in kept["groups"].items()}
        numbers = _numbers(kept["numbers"])
        if missing := {*GROUPS, *NUMBERS} - {*groups, *numbers}:
            raise KeyError(min(missing))
        plain = kept.get("plain", {})
        of_plain: dict[str, Mapping[str, Any]] = {
            "groups": {g: _numbers(found) for g, found in plain.get("groups", {}).items()},
            "numbers": _numbers(plain.get("numbers", {})),
        }
        told = kept.get("told", {})
        return Weights(str(kept["model"]), groups, numbers, told, of_plain if plain else {})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(
            f"{path.name}: i pesi non si leggono ({type(error).__name__}: {error}). "
            "Esegui: bussola eval fit --write"
        ) from error


def _numbers(kept: Mapping[str, Any]) -> dict[str, float]:
    """Raises ValueError where one is no number, or none that can be counted with."""
    found = {str(name): float(value) for name, value in kept.items()}
    if not all(map(isfinite, found.values())):
        raise ValueError("un numero non è finito")
    return found
