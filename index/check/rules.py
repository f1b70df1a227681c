"""Everything that can be wrong with the guides, in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from index.check import facts, length, service, terms, text
from index.check.dates import dates
from index.finding import Finding
from index.guide import Guide
from index.network import NEUTRAL, Network
from index.parse.folder import read_guides
from index.parse.links import check_links
from index.parse.network_folder import read_network
from index.parse.script import check_script

# of a guide alone, and of a guide of a network
RULES: tuple[Callable[[Guide], Iterator[Finding]], ...] = (
    text.heading_order,
    text.anchors,
    text.empty_sections,
    text.html_tags,
    text.plain_words,
    length.long_units,
    length.long_sections,
    length.short_sections,
    terms.terms,
)
NETWORK_RULES: tuple[Callable[[Guide, Network], Iterator[Finding]], ...] = (
    facts.sourced_numbers,
    facts.dated_numbers,
    service.places,
    service.contacts,
)


def check_folder(folder: Path, today: date | None = None) -> tuple[list[Guide], list[Finding]]:
    """Guides that parse and the findings of all files, those of the network too, sorted by file
    and line."""
    network, told = read_network(folder)
    guides, findings = read_guides(folder, network=network)
    return guides, sorted([*told, *findings, *check_guides(guides, today, network=network)])


def check_guides(
    guides: Sequence[Guide],
    today: date | None = None,
    known: Mapping[str, Guide] | None = None,
    network: Network = NEUTRAL,
) -> list[Finding]:
    """What the rules find, unsorted, each as the network weighs it; `today` decides which reviews
    are overdue.

    A guide that is the very one `known` at its path was checked before and is looked at only
    for its links, which others can break.
    """
    findings = list(check_links(guides))
    for guide in guides:
        if known is None or known.get(guide.path) is not guide:
            findings.extend(check_guide(guide, today, network))
    return findings


def check_guide(
    guide: Guide, today: date | None = None, network: Network = NEUTRAL
) -> Iterator[Finding]:
    """What can be said of a guide without looking at the others."""
    for finding in _findings(guide, today or network.today(), network):
        level = network.level(finding.rule)
        if level != "no":
            yield replace(finding, severity="warning") if level == "avviso" else finding


def _findings(guide: Guide, today: date, network: Network) -> Iterator[Finding]:
    for rule in RULES:
        yield from rule(guide)
    for network_rule in NETWORK_RULES:
        yield from network_rule(guide, network)
    yield from dates(guide, today)
    if guide.kind == "copione":
        yield from check_script(guide)
