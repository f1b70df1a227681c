"""The summary by e-mail of what is to be reviewed: overdue, or expiring within thirty days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from chatbot.desk.due import SOON_DAYS, Due, due
from chatbot.desk.links import LinkTold, troubles
from index.outside.kept import Looked
from index.publish.snapshot import Snapshot

_MAIL = (Path(__file__).parent / "digest.txt").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Digest:
    """What a message tells: what is `due` on a day, and the links that no longer work, each as a
    line. Empty when there is nothing to do."""

    day: date
    due: Sequence[Due]
    links: Sequence[str] = ()

    @classmethod
    def of(cls, snapshot: Snapshot, looked: Looked | None) -> Digest:
        """Of what is published, and of the last round of its links."""
        today, guides = snapshot.network.today(), snapshot.guides.values()
        found = due(guides, today, network=snapshot.network)
        return cls(today, found, [_link(one) for one in troubles(looked, guides)])

    @property
    def empty(self) -> bool:
        return not self.due and not self.links


def subject(digest: Digest) -> str:
    late = sum(one.late for one in digest.due)
    told = [_counted(late, "guida scaduta", "guide scadute"),
            _counted(len(digest.due) - late, "in scadenza", "in scadenza"),
            _counted(len(digest.links), "collegamento rotto", "collegamenti rotti")]  # fmt: skip
    return f"Da rivedere: {', '.join(one for one in told if one) or 'niente'}"


def text_of(digest: Digest, base: str, often: str) -> str:
    """The text of the message, to be read from a telephone too: one guide a line and its link."""
    late = [one for one in digest.due if one.late]
    soon = [one for one in digest.due if not one.late]
    parts = [
        _part("SCADUTE", [line_of(one, base) for one in late]),
        _part(f"SCADONO ENTRO {SOON_DAYS} GIORNI", [line_of(one, base) for one in soon]),
        _part("COLLEGAMENTI CHE NON FUNZIONANO", digest.links),
    ]
    told = f" Collegamenti che non funzionano: {len(digest.links)}." if digest.links else ""
    return _MAIL.format(
        day=f"{digest.day:%d/%m/%Y}", late=len(late), soon=len(soon), within=SOON_DAYS,
        body="".join(parts) or "Niente da rivedere.\n", base=base, often=often, links=told,
    )  # fmt: skip


def line_of(one: Due, base: str) -> str:
    """Title, day, who keeps it, and where it is written."""
    days = _counted(abs(one.left), "giorno", "giorni")
    when = f"scaduta da {days}" if one.late else f"scade fra {days}" if days else "scade oggi"
    said = f"; nel testo: «{one.shown}»" if one.shown else ""
    owner = one.guide.owner or "senza responsabile"
    return (
        f"{one.guide.title}: {when} ({one.day:%d/%m/%Y}{said}), {owner}\n"
        f"  {base}/redazione/guida/{one.guide.slug}"
    )


def _link(told: LinkTold) -> str:
    guides = dict.fromkeys(place.title for place in told.places)
    return f"{told.url}: {told.visit.why} ({', '.join(guides)})"


def _part(title: str, lines: Sequence[str]) -> str:
    return "\n".join([title, *(f"- {line}" for line in lines)]) + "\n\n" if lines else ""


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}" if number else ""
