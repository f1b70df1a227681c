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
_KINDS = ("groups", "numbers")  # what a set that counts in place of others may have
NUMBERS = ("answer", "related", "danger", "subject", "near")  # of every file
# Of the file here; one that was fitted without them was fitted with those.
LEVELS = (
    "precedent_from",
    "literal_from",
    "asked_from",
    "first_words",
    "card_near",
    "danger_words",
)


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
    given, `sure` that from which it is told as one, and not as what may answer (in files without
    it, all are), `related` that from which what is near is shown, `danger` that from which the
    cards come first, `subject` the cosine under which a question is off the subject, `near` how
    far in log odds from the best unit another is shown. LEVELS are cosines of the encoder from
    which a sign begins to count: of a precedent, of a question asked almost word for word
    (`literal_from`) or nearly so (`asked_from`); within `card_near` of the best a second card of
    danger is shown; `first_words` is what a BM25 score counts beside cosines in the first order;
    `danger_words` the part of a signal's words that tells a danger where nothing was fitted.
    `plain` are the groups OF_GUIDES, and numbers, that count in their place in guides without
    precedents. `model` is the digest of the encoder they were fitted on; `told` names the
    collections and has the figures of the fit.
    `read` are those that count where passages are read, fitted on the reader of that digest:
    `reading`, which ranks what was read, and all groups and numbers that differ, with a `plain` of
    their own.
    """

    model: str
    groups: Mapping[str, Mapping[str, float]]
    numbers: Mapping[str, float]
    told: Mapping[str, Any] = field(default_factory=dict)
    plain: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    read: Mapping[str, Any] = field(default_factory=dict)

    @property
    def reader(self) -> str:
        """The digest of the reader they were fitted on, empty without one."""
        return str(self.read.get("reader", ""))

    def where(self, precedents: bool, reads: bool = False) -> Weights:
        """Those that count in guides that have precedents, or have none; where passages are read,
        or are not."""
        whole = self._read if reads else self
        return whole if precedents or not whole.plain else whole._plain

    @cached_property
    def _plain(self) -> Weights:
        return self._over(self.plain)

    @cached_property
    def _read(self) -> Weights:
        plain = self.read.get("plain", {})
        ours = {kind: {**self.plain.get(kind, {}), **plain.get(kind, {})} for kind in _KINDS}
        return replace(self._over(self.read), plain=ours if self.plain or plain else {})

    def _over(self, other: Mapping[str, Any]) -> Weights:
        """With the groups and numbers of another set in place of these."""
        groups, numbers = (other.get(kind, {}) for kind in _KINDS)
        return replace(
            self, groups={**self.groups, **groups}, numbers={**self.numbers, **numbers},
            plain={}, read={},
        )  # fmt: skip

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
        if self.read:
            kept["read"] = self.read
        return json.dumps(kept, ensure_ascii=False, indent=1) + "\n"


def read_weights(path: Path = FILE) -> Weights:
    """The weights of a file. Raises WeightsError."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        groups = {group: _numbers(found) for group, found in kept["groups"].items()}
        numbers = _numbers(kept["numbers"])
        if path != FILE:
            ours = read_weights().numbers
            numbers = {**{name: ours[name] for name in LEVELS}, **numbers}
        if missing := {*GROUPS, *NUMBERS, *LEVELS} - {*groups, *numbers}:
            raise KeyError(min(missing))
        told, plain = kept.get("told", {}), _set_of(kept.get("plain", {}))
        read = kept.get("read", {})
        of_reader = {"reader": str(read["reader"]), **_set_of(read)} if read else {}
        if read and "plain" in read:
            of_reader["plain"] = _set_of(read["plain"])
        return Weights(str(kept["model"]), groups, numbers, told, plain, of_reader)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(
            f"{path.name}: i pesi non si leggono ({type(error).__name__}: {error}). "
            "Esegui: bussola eval fit --write"
        ) from error


def _set_of(kept: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Groups and numbers that count in place of others; nothing of nothing."""
    if not kept:
        return {}
    groups, numbers = (kept.get(kind, {}) for kind in _KINDS)
    return {
        "groups": {g: _numbers(found) for g, found in groups.items()},
        "numbers": _numbers(numbers),
    }


def _numbers(kept: Mapping[str, Any]) -> dict[str, float]:
    """Raises ValueError where one is no number, or none that can be counted with."""
    found = {str(name): float(value) for name, value in kept.items()}
    if not all(map(isfinite, found.values())):
        raise ValueError("un numero non è finito")
    return found
