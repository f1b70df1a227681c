"""Everything that can be wrong with the guides, in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from index import rules_facts, rules_glossary, rules_length, rules_service, rules_text
from index.finding import Finding
from index.guide import Guide
from index.links import check_links
from index.reading import read_guides
from index.rules_dates import dates
from index.script import check_script

Rule = Callable[[Guide], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    rules_text.heading_order,
    rules_text.anchors,
    rules_text.empty_sections,
    rules_text.html_tags,
    rules_text.plain_words,
    rules_facts.sourced_numbers,
    rules_facts.sixty_days,
    rules_length.long_units,
    rules_length.long_sections,
    rules_length.short_sections,
    rules_service.places,
    rules_service.contacts,
    rules_glossary.terms,
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
