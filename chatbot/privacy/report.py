"""How much personal data the redaction finds, on sentences marked by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatbot.privacy.redact import FINDERS, Personal, find
from index.network import NEUTRAL, Network

NUMBERS = (
    "codice fiscale",
    "IBAN",
    "telefono",
    "e-mail",
    "profilo",
    "targa",
    "numero di documento",
)
RIGHT = 0.8  # share of a removed text that must be marked for the removal to count as right
_MARK = re.compile(r"\{([^|{}]+)\|([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the personal data marked in it; `part` is dev or test."""

    text: str
    marked: tuple[Personal, ...]
    part: str


@dataclass(frozen=True, slots=True)
class Score:
    """Counts for one kind. Recall = found / marked, precision = right / removed."""

    kind: str
    marked: int
    found: int
    removed: int
    right: int

    @property
    def recall(self) -> float:
        return self.found / self.marked if self.marked else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.removed if self.removed else 1.0


def read_sentences(path: Path) -> list[Sentence]:
    """Sentences from JSON lines of `{"part", "sentence"}`, marked like `{nome|Amina}`."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [parse(row["sentence"], row["part"]) for row in rows]


def parse(marked: str, part: str = "") -> Sentence:
    text, spans, at = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        spans.append(Personal(len(text), len(text) + len(match[2]), match[1]))
        text += match[2]
        at = match.end()
    return Sentence(text + marked[at:], tuple(spans), part)


def leaks(sentence: Sentence, network: Network = NEUTRAL) -> list[Personal]:
    """Marked data of which a letter or digit stays in the text: what is left is what hurts."""
    removed = _positions(find(sentence.text, network))
    return [
        gold for gold in sentence.marked
        if any(sentence.text[i].isalnum() and i not in removed for i in _positions([gold]))
    ]  # fmt: skip


def excesses(sentence: Sentence, network: Network = NEUTRAL) -> list[Personal]:
    """Removals of text that was not marked."""
    gold = _positions(sentence.marked)
    found = find(sentence.text, network)
    return [p for p in found if len(_positions([p]) & gold) < RIGHT * (p.end - p.start)]


def score(sentences: Sequence[Sentence], network: Network = NEUTRAL) -> list[Score]:
    """One score for each kind, then «numeri» (all the numbers) and «tutto»."""
    by_kind = [_score((kind,), kind, sentences, network) for kind in FINDERS]
    return [
        *by_kind,
        _score(NUMBERS, "numeri", sentences, network),
        _score(tuple(FINDERS), "tutto", sentences, network),
    ]


def _score(
    kinds: tuple[str, ...], name: str, sentences: Iterable[Sentence], network: Network
) -> Score:
    marked = leaked = removed = wrong = 0
    for sentence in sentences:
        marked += sum(p.kind in kinds for p in sentence.marked)
        leaked += sum(p.kind in kinds for p in leaks(sentence, network))
        removed += sum(p.kind in kinds for p in find(sentence.text, network))
        wrong += sum(p.kind in kinds for p in excesses(sentence, network))
    return Score(name, marked, marked - leaked, removed, removed - wrong)


def _positions(spans: Iterable[Personal]) -> set[int]:
    return {i for span in spans for i in range(span.start, span.end)}
