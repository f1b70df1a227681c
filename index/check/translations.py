"""Rules about translations: what is handed over says what the Italian box says."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from index.check.dates import key_line
from index.finding import Finding
from index.guide import Guide, Handout, Section
from index.parse.former import living_names
from index.parse.handouts import fingerprint, plain_box
from index.parse.markdown import parse_tokens, visible_text
from index.parse.walk import slug_of

_NUMBER = re.compile(r"\d+")


def translations(
    handouts: Sequence[Handout], guides: Sequence[Guide], unread: Collection[str] = ()
) -> Iterator[Finding]:
    """A translation whose Italian box has changed since, has other numbers, or is no more; of the
    files `unread`, told already, nothing is said."""
    waiting = {slug_of(path) for path in unread}
    former = living_names(guides)
    sheets = {**former, **{guide.slug: guide for guide in guides}}
    for handout in handouts:
        sheet = sheets.get(handout.guide)
        if sheet is None and handout.guide in waiting:
            continue
        box = plain_box(sheet) if sheet else None
        if sheet is None or box is None:
            message = f"non c'è una guida «{handout.guide}» con «In parole semplici»: togli il file"
            yield _finding(handout, 1, message)
            continue
        if sheet.slug != handout.guide:
            message = f"la scheda ora si chiama «{sheet.slug}»: rinomina anche questo file"
            yield _finding(handout, 1, message)
        if handout.made_from != fingerprint(box):
            message = (
                f"«In parole semplici» ({sheet.path}:{box.line}) è cambiato dopo la traduzione: "
                f'correggila e poi scrivi «impronta: "{fingerprint(box)}"»'
            )
            yield _finding(handout, key_line(handout, "impronta"), message)
        elif _numbers_in(handout.markdown) != _numbers(box):
            shown = ", ".join(map(str, _numbers(box))) or "nessuno"
            message = f"la traduzione non ha gli stessi numeri del testo italiano ({shown})"
            yield _finding(handout, 1, message)


def _numbers(box: Section) -> list[int]:
    return sorted(int(n) for unit in box.units for n in _NUMBER.findall(unit.text))


@lru_cache(maxsize=1_000)  # at each check of a draft, of translations that nobody touched
def _numbers_in(markdown: str) -> list[int]:
    texts = (visible_text(t.children or []) for t in parse_tokens(markdown)[1:])
    return sorted(int(n) for text in texts for n in _NUMBER.findall(text))


def _finding(handout: Handout, line: int, message: str) -> Finding:
    return Finding(handout.path, line, message, "translation", "warning")
