"""What was taken in and what was not, told to who asked for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.intake.intake import MadeGuide


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A document with its drafts, or why it was refused."""

    file: Path
    drafts: tuple[MadeGuide, ...] = ()
    refused: str = ""


def as_lines(done: Sequence[TakenIn]) -> Iterator[str]:
    """A line for each file that was refused, each draft, and each thing it does not have."""
    for one in done:
        if one.refused:
            yield f"{one.file}: {one.refused}"
        for draft in one.drafts:
            yield f"{one.file} → {draft.path}"
            yield from (f"  {loss}" for loss in draft.losses)


def to_json(one: TakenIn) -> dict[str, Any]:
    drafts = [
        {"path": str(draft.path), "losses": [asdict(loss) for loss in draft.losses]}
        for draft in one.drafts
    ]
    return {"file": str(one.file), "refused": one.refused or None, "drafts": drafts}


def summary(done: Sequence[TakenIn], dry_run: bool) -> str:
    """One line for all."""
    drafts = [draft for one in done for draft in one.drafts]
    losses = sum(len(draft.losses) for draft in drafts)
    refused = sum(bool(one.refused) for one in done)
    parts = [
        "1 bozza" if len(drafts) == 1 else f"{len(drafts)} bozze",
        "1 cosa da guardare" if losses == 1 else f"{losses} cose da guardare",
    ]
    if refused:
        parts.append("1 documento rifiutato" if refused == 1 else f"{refused} documenti rifiutati")
    return ", ".join(parts) + (": prova, non ho scritto nulla" if dry_run else "")
