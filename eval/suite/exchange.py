"""Cases in the formats of other tools: BEIR, promptfoo's JSONL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eval.beir import Beir, DataError, read_beir, read_jsonl
from eval.suite.case import WORD_OF, Case
from eval.suite.folder import explain
from index.publish.snapshot import Snapshot


def to_beir(cases: Iterable[Case], snapshot: Snapshot) -> Beir:
    """The sections of the guides as documents, the cases that name passages as queries. A case
    of several turns asks its last one."""
    texts: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    for passage in snapshot.passages:
        section = f"{passage.guide}#{passage.anchor}"
        texts.setdefault(section, []).append(passage.text)
        titles[section] = " › ".join(passage.heading_path)
    judged = [case for case in cases if case.passages]
    return Beir(
        ids=tuple(texts), titles=tuple(titles[section] for section in texts),
        texts=tuple("\n".join(parts) for parts in texts.values()),
        queries={case.id: case.question for case in judged},
        qrels={case.id: dict(case.passages) for case in judged},
    )  # fmt: skip


def from_beir(folder: Path, theme: str, author: str, written_on: str) -> tuple[Case, ...]:
    """Cases from a BEIR folder whose documents are sections of the guides (`slug#anchor`).
    Raises DataError, naming the query, for anything else."""
    data = read_beir(folder)
    found = []
    for query, grades in data.qrels.items():
        plain = {
            "id": query, "tema": theme, "domande": data.queries[query], "esito": "risposta",
            "passaggi": {section: min(grade, 3) for section, grade in grades.items()},
            "autore": author, "data": written_on, "perche": f"Dalla raccolta {folder.name}.",
        }  # fmt: skip
        found.append(_validated(plain, f"domanda {query}"))
    return tuple(found)


def write_promptfoo(cases: Iterable[Case], path: Path) -> None:
    """One promptfoo test a line: the facts as `icontains-any`, what must never be said as
    `not-icontains`, the whole case in `metadata` so that nothing is lost on the way back."""
    path.write_text(
        "".join(json.dumps(_test(case), ensure_ascii=False) + "\n" for case in cases),
        encoding="utf-8",
    )


def read_promptfoo(path: Path) -> tuple[Case, ...]:
    """The cases of a file written by `write_promptfoo`. Raises DataError with file and line."""
    rows = read_jsonl(path, ("vars", "metadata"))
    return tuple(_validated(row["metadata"], f"{path.name}:{n}") for n, row in enumerate(rows, 1))


def _test(case: Case) -> dict[str, Any]:
    said = [{"type": "icontains-any", "value": list(fact)} for fact in case.facts]
    never = [{"type": "not-icontains", "value": phrase} for phrase in case.forbidden]
    turns: Sequence[str] = case.turns
    return {
        "description": case.id,
        "vars": {"question": case.question, "history": list(turns[:-1])},
        "assert": [*said, *never],
        "metadata": case.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        | {"esito": [WORD_OF[outcome] for outcome in case.outcomes]},
    }


def _validated(plain: Any, where: str) -> Case:
    try:
        return Case.model_validate(plain)
    except ValidationError as error:
        raise DataError(f"{where}: {explain(error.errors()[0])}") from error
