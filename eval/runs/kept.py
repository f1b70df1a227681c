"""What is kept of a run to compare later ones with: verdicts and scores, none of the guides' texts.

One JSON line for the run and one a case, so that a changed reference shows its cases in a diff.
Nothing here depends on the machine: no snapshot is needed to read it back, and scores are rounded
so that the last bits of a float never look like a difference.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from chatbot.answer import Outcome
from eval.runs.result import Result, Run, RunError, Verdict
from eval.suite.case import Case
from index.files import replace_file

DECIMALS = 4
_SHOWN = 240  # characters of an answer: enough to recognise it


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Kept(_Frozen):
    """One case of a run: `mark` names what was asked and expected, `answer` is its beginning."""

    id: str
    mark: str
    outcome: Outcome
    verdict: Verdict
    scores: dict[str, float]
    answer: str

    @property
    def passed(self) -> bool:
        return self.verdict == "right"


class KeptRun(_Frozen):
    """A run without its texts. `unsteady` are the cases whose verdict hangs on the arithmetic of
    the machine (see `eval.runs.steady`): losing one is told, never called a regression."""

    id: str
    created: str
    snapshot: str
    digest: str
    variant: str = ""
    unsteady: tuple[str, ...] = ()
    results: tuple[Kept, ...] = ()

    def save(self, path: Path) -> None:
        """Write the run as JSON lines, cases in the order of their ids."""
        head = self.model_dump_json(exclude={"results"})
        rows = sorted(self.results, key=lambda kept: kept.id)
        replace_file(path, "".join(f"{line}\n" for line in (head, *map(_line, rows))).encode())

    def only(self, names: Collection[str]) -> KeptRun:
        """The part of the run that asked the cases `names`."""
        part = tuple(kept for kept in self.results if kept.id in names)
        return self.model_copy(update={"results": part})

    @classmethod
    def load(cls, path: Path) -> KeptRun:
        """Read a kept run back. Raises RunError, naming the file, when it is not one."""
        try:
            head, *rows = path.read_text(encoding="utf-8").splitlines()
            results = [Kept.model_validate_json(row) for row in rows]
            return cls.model_validate({**json.loads(head), "results": results})
        except (OSError, ValueError, TypeError, ValidationError) as error:
            raise RunError(
                f"{path}: non è un riferimento leggibile ({type(error).__name__}). Riprendilo dal "
                "controllo di versione, o fanne un altro con «bussola eval bless»"
            ) from error


def keep(run: Run, unsteady: tuple[str, ...] = ()) -> KeptRun:
    """What is worth keeping of `run`."""
    return KeptRun(
        id=run.id, created=run.created, snapshot=run.snapshot, digest=run.digest,
        variant=run.variant, unsteady=tuple(sorted(unsteady)),
        results=tuple(_kept(result) for result in run.results),
    )  # fmt: skip


def mark(case: Case) -> str:
    """A name for what is asked and what is expected: cases of equal mark are judged alike. Who
    wrote the case, when, why, its tags and its severity are not part of it."""
    judged = {"turns", "profile", "outcomes", "passages", "facts", "forbidden"}
    plain = case.model_dump(mode="json", include=judged | ({"units"} if case.units else set()))
    text = json.dumps(plain, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _kept(result: Result) -> Kept:
    line = " ".join(result.answer.split())
    return Kept(
        id=result.case.id, mark=mark(result.case), outcome=result.outcome, verdict=result.verdict,
        scores={
            name: round(score, DECIMALS)
            for name, score in result.scores.items()
            if score is not None
        },
        answer=line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…",
    )  # fmt: skip


def _line(kept: Kept) -> str:
    """One case as compact JSON: whole numbers without a point."""
    plain = kept.model_dump()
    plain["scores"] = {n: int(x) if x == int(x) else x for n, x in kept.scores.items()}
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
