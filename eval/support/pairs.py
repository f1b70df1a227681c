"""The support collection: sentences, the units they cite, and whether the units say them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.beir import DataError, read_jsonl


@dataclass(frozen=True, slots=True)
class Pair:
    """`kind` is how the sentence was made: a paraphrase or a translation where it is `supported`,
    else what was changed. `part` is dev (looked at) or test (asked as a whole)."""

    id: str
    units: tuple[str, ...]
    sentence: str
    supported: bool
    kind: str
    language: str
    part: str


# Why a sentence is not supported by its units; empty where it is.
Check = Callable[[str, Sequence[str]], str]


def read_pairs(path: Path) -> tuple[Pair, ...]:
    """The pairs of a JSONL file. Raises DataError."""
    rows = read_jsonl(path, ("id", "units", "sentence", "supported", "kind", "lang", "part"))
    pairs = tuple(_pair(row) for row in rows)
    if not pairs:
        raise DataError(f"{path.name}: nessuna coppia")
    return pairs


def _pair(row: Any) -> Pair:
    units = tuple(f"{unit['lead']} {unit['text']}".strip() for unit in row["units"])
    return Pair(
        str(row["id"]), units, str(row["sentence"]), bool(row["supported"]), str(row["kind"]),
        str(row["lang"]), str(row["part"]),
    )  # fmt: skip


def benchmark(pairs: Sequence[Pair], check: Check) -> dict[str, Any]:
    """Of each part: the recall of unsupported sentences, of supported ones, of those in Italian,
    and by kind the share that is told rightly."""
    return {part: _figures([p for p in pairs if p.part == part], check)
            for part in sorted({p.part for p in pairs})}  # fmt: skip


def _figures(pairs: Sequence[Pair], check: Check) -> dict[str, Any]:
    right = {p.id: (check(p.sentence, p.units) == "") == p.supported for p in pairs}
    kinds: dict[str, list[bool]] = defaultdict(list)
    for pair in pairs:
        kinds[pair.kind].append(right[pair.id])
    return {
        "n": len(pairs),
        "unsupported": _share([right[p.id] for p in pairs if not p.supported]),
        "supported": _share([right[p.id] for p in pairs if p.supported]),
        "supported_it": _share([right[p.id] for p in pairs if p.supported and p.language == "it"]),
        "by": {kind: _share(told) for kind, told in sorted(kinds.items())},
    }


def _share(truths: Sequence[bool]) -> float:
    return round(sum(truths) / len(truths), 4) if truths else 0.0
