"""The guides as an editor looks for them: their state, who is at them, when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Literal, get_args

from chatbot.desk.draft_guide import DraftGuide
from chatbot.desk.drafts import Draft
from chatbot.desk.due import SOON_DAYS
from index.guide import Guide
from index.letters import fold
from index.network import Network
from index.parse.guide_file import parse_guide

Stage = Literal[
    "scaduta", "in scadenza", "in bozza", "da verificare", "collegamenti rotti", "a posto"
]
STAGES: tuple[Stage, ...] = get_args(Stage)
PAGE = 100  # rows


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an editor is looking for; empty is everything."""

    q: str = ""
    kind: str = ""
    need: str = ""
    stage: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """A guide, how many answers it grounds, the days left to its review (None: it has no day),
    the draft that has it, and how many of its links to other sites do not work."""

    guide: Guide
    grounds: int
    left: int | None
    draft: Draft | None = None
    edited: DraftGuide | None = None
    broken: int = 0

    @property
    def stages(self) -> tuple[Stage, ...]:
        """All that holds of it, the most urgent first."""
        service = self.guide.service
        found: list[Stage] = []
        if self.left is not None and self.left < 0:
            found.append("scaduta")
        elif self.left is not None and self.left <= SOON_DAYS:
            found.append("in scadenza")
        if self.draft:
            found.append("in bozza")
        if service and service.status != "verificato":
            found.append("da verificare")
        if self.broken:
            found.append("collegamenti rotti")
        return tuple(found) or ("a posto",)


def shelf(
    guides: Iterable[Guide], drafts: Sequence[Draft], counts: Mapping[str, int], today: date,
    broken: Mapping[str, int] = MappingProxyType({}),
) -> list[ShelfRow]:  # fmt: skip
    """Every published guide: overdue first, the longest on top; then those that ground most."""
    edited = {one.path: (draft, one) for draft in drafts for one in draft.guides}
    rows = []
    for guide in guides:
        draft, one = edited.get(guide.path, (None, None))
        grounds, links = counts.get(guide.slug, 0), broken.get(guide.slug, 0)
        rows.append(ShelfRow(guide, grounds, _days_left(guide, today), draft, one, links))
    return sorted(rows, key=_most_urgent_first)


def as_drafted(row: ShelfRow, network: Network, today: date) -> ShelfRow:
    """The row as its draft has the guide; as it is published where no draft has it, or where what
    the draft has is no guide yet."""
    if row.edited is None:
        return row
    text, path = row.edited.text.encode(), row.edited.path
    guide, _ = parse_guide(text, path, network, row.guide.slug)
    if guide is None or guide.kind != row.guide.kind:
        return row
    return replace(row, guide=guide, left=_days_left(guide, today))


def _days_left(guide: Guide, today: date) -> int | None:
    return (guide.review_by - today).days if guide.review_by else None


def _most_urgent_first(row: ShelfRow) -> tuple[int, int, date, str]:
    late = -row.left if row.left is not None and row.left < 0 else 0
    return -late, -row.grounds, row.guide.review_by or date.max, row.guide.title


def wanted_rows(rows: Iterable[ShelfRow], wanted: Wanted) -> list[ShelfRow]:
    """Those that every filter lets through; a word is looked for in title, name and keywords."""
    words = fold(wanted.q).split()
    return [row for row in rows if _passes(row, wanted, words)]


def _passes(row: ShelfRow, wanted: Wanted, words: Sequence[str]) -> bool:
    guide = row.guide
    service = guide.service
    place = (service.municipality or "", *service.area) if service else ()
    text = fold(" ".join([guide.title, guide.slug, guide.owner, *guide.keywords, *place]))
    return (
        all(word in text for word in words)
        and wanted.kind in ("", guide.kind)
        and (not wanted.need or wanted.need in guide.needs)
        and (not wanted.stage or wanted.stage in row.stages)
        and wanted.owner in ("", guide.owner)
    )
