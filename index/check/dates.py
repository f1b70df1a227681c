"""Rules about dates: who keeps a guide looks at it again in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from index.finding import Finding
from index.guide import Guide, Handout

LONGEST_REVIEW = 184  # days: half a year


def dates(guide: Guide, today: date) -> Iterator[Finding]:
    """A review overdue, a validity over, a verification in the future, a review too far off."""
    late = (today - guide.review_by).days if guide.review_by else 0
    if guide.review_by and late > 0:
        message = (
            f"revisione scaduta da {late} giorni (il {guide.review_by:%d/%m/%Y}): controlla le "
            "fonti e aggiorna «verificato_il» e «rivedere_entro»"
        )
        yield _finding(guide, "rivedere_entro", message)
    if guide.valid_until and guide.valid_until < today:
        message = f"la guida non vale più dal {guide.valid_until:%d/%m/%Y}: aggiornala o toglila"
        yield _finding(guide, "valido_fino", message)
    if guide.verified_on and guide.verified_on > today:
        yield _finding(guide, "verificato_il", "«verificato_il» è una data futura")
    span = guide.review_by - guide.verified_on if guide.review_by and guide.verified_on else None
    if span and span.days > LONGEST_REVIEW:
        message = "«rivedere_entro» è a più di sei mesi da «verificato_il»: scegli una data prima"
        yield _finding(guide, "rivedere_entro", message)


def _finding(guide: Guide, key: str, message: str) -> Finding:
    return Finding(guide.path, key_line(guide, key), message, "date", "warning")


def key_line(file: Guide | Handout, key: str) -> int:
    """The line of a key of the front matter, 1 when it is not there."""
    for number, line in enumerate(file.markdown.split("\n"), start=1):
        if line.startswith(f"{key}:"):
            return number
        if number > 1 and line == "---":
            break
    return 1
