"""A second look at facts: what the reader of the settings finds in the answers of a run, beside
what the program found.

A reader tells how likely a text is what somebody looks for. So it finds a fact in words that no
case foresaw, and does not tell «entro 60 giorni» from «dopo 60 giorni», which are about the same
thing. Therefore no verdict is changed by it: where the two differ somebody looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from chatbot.read.reader import Reader
from eval.judging.agreement import Agreement, agreement
from eval.runs.result import Result, Run
from eval.runs.verdict import SPEAKS
from eval.suite.meaning import contains
from index.parse.sentences import split_sentences

LIKELY = 0.5  # from which the reader finds a fact
SAID, UNSAID = "lo dice", "non lo dice"
# Of Markdown, and of sources.
_MARKS = re.compile(r" *\[\d+\]|\*\*|^\s*(?:[-*>#]+|\d+\.)\s+", re.MULTILINE)


class Scorer(Protocol):
    """What is needed of a reader."""

    digest: str

    def odds(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]: ...


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class FactSeen(_Frozen):
    """One fact of a case, or (`never`) what its answer must never say: whether the program found it
    `said`, how `likely` (0 to 1) the reader finds it, and in which sentence of the answer."""

    case: str
    ways: tuple[str, ...]
    never: bool
    said: bool
    likely: float
    sentence: str

    @property
    def agreed(self) -> bool:
        return self.said == (self.likely >= LIKELY)


class FactsSeen(_Frozen):
    """What one reader found in the answers of one run, as it is kept beside the runs."""

    run: str
    reader: str  # its digest
    name: str
    facts: tuple[FactSeen, ...]

    @property
    def agreement(self) -> Agreement:
        """Of the program and the reader, fact by fact."""
        program = [SAID if seen.said else UNSAID for seen in self.facts]
        reader = [SAID if seen.likely >= LIKELY else UNSAID for seen in self.facts]
        return agreement(program, reader, (SAID, UNSAID))

    @property
    def differing(self) -> list[FactSeen]:
        """Where the two differ, what the reader is surest of first."""
        found = [seen for seen in self.facts if not seen.agreed]
        return sorted(found, key=lambda seen: -abs(seen.likely - LIKELY))

    def save(self, folder: Path) -> Path:
        """Write `folder/<run>.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.run}.json"
        path.write_text(self.model_dump_json(indent=1), encoding="utf-8")
        return path

    @classmethod
    def of(cls, run: Run, reader: str, folder: Path) -> FactsSeen | None:
        """What this very reader found in this very run, where it was asked."""
        try:
            kept = cls.model_validate_json((folder / f"{run.id}.json").read_text(encoding="utf-8"))
        except (OSError, ValidationError):
            return None
        return kept if kept.reader == reader else None


def second_look(
    run: Run, name: str, folder: Path, progress: Callable[[int, int], None] | None = None
) -> FactsSeen | None:
    """What the reader `name` (a name or a path) finds, kept in `folder` so that it is asked once;
    None where none is named. Raises ReaderError where it cannot be used."""
    if not name:
        return None
    reader = Reader.load(name)
    if kept := FactsSeen.of(run, reader.digest, folder):
        return kept
    found = look_at_facts(run, reader, Path(name).name, progress)
    found.save(folder)
    return found


def look_at_facts(
    run: Run, reader: Scorer, name: str, progress: Callable[[int, int], None] | None = None
) -> FactsSeen:
    """Every fact, and every forbidden phrase, of the cases to which an answer was given."""
    wanted, found = list(_wanted(run)), []
    for done, (result, ways, never) in enumerate(wanted, start=1):
        found.append(_look(result, ways, never, reader))
        if progress:
            progress(done, len(wanted))
    return FactsSeen(run=run.id, reader=reader.digest, name=name, facts=tuple(found))


def _wanted(run: Run) -> Iterator[tuple[Result, tuple[str, ...], bool]]:
    for result in run.results:
        if result.outcome in SPEAKS:
            yield from ((result, ways, False) for ways in result.case.facts)
            yield from ((result, (phrase,), True) for phrase in result.case.forbidden)


def _look(result: Result, ways: tuple[str, ...], never: bool, reader: Scorer) -> FactSeen:
    """Each way of saying it is looked for in each sentence; the likeliest pair counts."""
    lines = _MARKS.sub("", result.answer).splitlines()
    sentences = [sentence for line in lines for sentence in split_sentences(line)]
    pairs = [(way, sentence) for sentence in sentences for way in ways]
    odds = reader.odds(pairs) if pairs else np.array([-np.inf], dtype=np.float32)
    best = int(np.argmax(odds))
    return FactSeen(
        case=result.case.id, ways=ways, never=never,
        said=any(contains(result.answer, way) for way in ways),
        likely=float(1 + np.tanh(odds[best] / 2)) / 2, sentence=pairs[best][1] if pairs else "",
    )  # fmt: skip
