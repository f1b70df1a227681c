"""Everything that can be wrong with the guides, in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from index.check import facts, length, service, terms, text
from index.check.dates import dates
from index.finding import Finding
from index.guide import Guide
from index.parse.folder import read_guides
from index.parse.links import check_links
from index.parse.script import check_script

Rule = Callable[[Guide], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    text.heading_order,
    text.anchors,
    text.empty_sections,
    text.html_tags,
    text.plain_words,
    facts.sourced_numbers,
    facts.sixty_days,
    length.long_units,
    length.long_sections,
    length.short_sections,
    service.places,
    service.contacts,
    terms.terms,
)


def check_folder(folder: Path, today: date | None = None) -> tuple[list[Guide], list[Finding]]:
    """Guides that parse and the findings of all files, sorted by file and line."""
    guides, findings = read_guides(folder)
    return guides, sorted([*findings, *check_guides(guides, today)])


def check_guides(
    guides: Sequence[Guide],
    today: date | None = None,
    known: Mapping[str, Guide] | None = None,
) -> list[Finding]:
    """What the rules find, unsorted; `today` decides which reviews are overdue.

    A guide that is the very one `known` at its path was checked before and is looked at only
    for its links, which others can break.
    """
    findings = list(check_links(guides))
    for guide in guides:
        if known is None or known.get(guide.path) is not guide:
            findings.extend(check_guide(guide, today))
    return findings


def check_guide(guide: Guide, today: date | None = None) -> Iterator[Finding]:
    """What can be said of a guide without looking at the others."""
    for rule in RULES:
        yield from rule(guide)
    yield from dates(guide, today or date.today())
    if guide.kind == "copione":
        yield from check_script(guide)
