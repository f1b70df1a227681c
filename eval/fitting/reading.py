"""Fits what counts where passages are read, beside what `eval.fitting.fit` fitted without a reader:
what ranks what was read, what tells the units that answer, whether what was read answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from chatbot.find.match import Reading
from chatbot.find.rank import Found
from chatbot.read.reader import AnyReader
from chatbot.read.reading import READING_SIGNS, by_reading, read_passages, reading_signs
from chatbot.weights import Weights
from eval.fitting.examples import Example, bare
from eval.fitting.fit import (
    Array,
    Progress,
    cross_ranks,
    fit_passages,
    fit_rest,
    shares,
    tables_of,
    with_group,
)
from index.publish.snapshot import Snapshot

GROUPS = ("reading", "units", "answers")


class Remembered:
    """A reader that reads a passage with the same question once."""

    def __init__(self, reader: AnyReader) -> None:
        self.digest = reader.digest
        self._reader = reader
        self._known: dict[tuple[str, int, str], Reading] = {}

    def read(self, text: str, rows: Sequence[int], snapshot: Snapshot) -> list[Reading]:
        """As `AnyReader.read`."""
        keys = [(snapshot.id, row, text) for row in rows]
        new = [key for key in keys if key not in self._known]
        if new:
            found = self._reader.read(text, [row for _, row, _ in new], snapshot)
            self._known |= dict(zip(new, found, strict=True))
        return [self._known[key] for key in keys]


def fit_reading(
    examples: Sequence[Example], fitted: Weights, reader: AnyReader, tell: Progress = print
) -> Weights:
    """`fitted` with the set `read`: on the questions of guides that have precedents, and on all as
    if no guides had any. The examples were made for a reader; thresholds stay as they were."""
    known = [example for example in examples if example.snapshot.precedents]
    once, numbers = Remembered(reader), fitted.read.get("numbers", {})
    plain = fit_read(bare(examples), fitted.where(precedents=False), once, tell)
    whole = fit_read(known, fitted, once, tell) if known else plain
    read: dict[str, Any] = {
        "reader": reader.digest, "groups": _some(whole.groups), "numbers": numbers,
    }  # fmt: skip
    told = _some(whole.told)
    if known:
        kept = fitted.read.get("plain", {}).get("numbers", {})
        read["plain"] = {"groups": _some(plain.groups), "numbers": kept}
        told["plain"] = _some(plain.told)
    return replace(fitted, read=read, told={**fitted.told, "read": told})


def _some(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {name: kept[name] for name in GROUPS}


def fit_read(
    examples: Sequence[Example], start: Weights, reader: AnyReader, tell: Progress
) -> Weights:
    """The GROUPS, one after the other, on what is found with `start`, and read."""
    found = [
        read_passages(example.query, example.find(start), example.snapshot, reader)
        for example in examples
    ]
    tables = tables_of(examples, found, reading_table)
    reading = dict(zip(READING_SIGNS, fit_passages(tables).tolist(), strict=True))
    told: dict[str, Any] = {"reading": shares(tables, cross_ranks(tables))}
    tell(f"letti: {told['reading']}")
    weights = with_group(start, "reading", reading)
    found = [by_reading(there, weights) for there in found]
    return fit_rest(examples, found, weights, told, tell)


def reading_table(found: Found, asked: int) -> Array:
    """(m, r): the signs of all that was found, as it was read."""
    rows = [reading_signs(found, n, asked) for n in range(len(found.matches))]
    return np.stack(rows).astype(float)
