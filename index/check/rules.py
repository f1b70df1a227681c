"""Everything that can be wrong with the guides, in one run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from pathlib import Path

from index.check import acts, facts, length, numbers, repetition, service, terms, text
from index.check.copies import copies
from index.check.dates import dates
from index.check.deadlines import deadlines_ahead
from index.check.decisions import decisions
from index.check.names import former_names
from index.check.syntax import syntax
from index.check.translations import translations
from index.errors import BussolaError
from index.finding import Finding, as_warnings
from index.guide import Guide, Handout
from index.network import NEUTRAL, Network
from index.parse.folder import nothing_in, read_all
from index.parse.handouts import read_handouts
from index.parse.links import check_images, check_links
from index.parse.network_folder import read_network
from index.parse.precedents import read_precedents
from index.parse.script import check_script

# of a guide alone, and of a guide of a network
RULES: tuple[Callable[[Guide], Iterator[Finding]], ...] = (
    text.heading_order,
    text.anchors,
    text.empty_sections,
    text.html_tags,
    text.open_parentheses,
    text.for_programs,
    syntax,
    text.plain_words,
    length.long_units,
    length.long_sections,
    length.short_sections,
    terms.terms,
    repetition.repeated_definitions,
)
NETWORK_RULES: tuple[Callable[[Guide, Network], Iterator[Finding]], ...] = (
    facts.sourced_numbers,
    facts.dated_numbers,
    acts.cited_acts,
    numbers.one_number,
    service.places,
    service.contacts,
)


def check_folder(folder: Path, today: date | None = None) -> tuple[list[Guide], list[Finding]]:
    """Guides that parse, drafts among them, and the findings of all files, those of the network
    too, sorted by file and line. Raises BussolaError when there is nothing to check."""
    return check_all(folder, today)[:2]


def check_all(
    folder: Path, today: date | None = None
) -> tuple[list[Guide], list[Finding], Network]:
    """As `check_folder`, with the network whose house rules were applied."""
    network, told = read_network(folder)
    guides, findings = read_all(folder, network=network)
    published = [guide for guide in guides if not guide.draft]
    handouts, of_handouts = read_handouts(folder)
    unread = unread_files(guides, findings)
    of_guides = check_guides(published, today, network=network, handouts=handouts, unread=unread)
    of_drafts = check_drafts([guide for guide in guides if guide.draft], published, today, network)
    _, of_precedents = read_precedents(folder, published)
    found = [*told, *findings, *of_handouts, *of_precedents, *of_guides, *of_drafts]
    if not guides and not found:
        raise BussolaError(nothing_in(folder))
    return guides, sorted(found), network


def unread_files(guides: Sequence[Guide], findings: Sequence[Finding]) -> set[str]:
    """The files that gave no guide, by the findings of their reading."""
    told = {finding.path for finding in findings if finding.severity == "error"}
    return told - {guide.path for guide in guides}


def check_guides(
    guides: Sequence[Guide],
    today: date | None = None,
    known: Mapping[str, Guide] | None = None,
    network: Network = NEUTRAL,
    handouts: Sequence[Handout] = (),
    unread: Collection[str] = (),
) -> list[Finding]:
    """What the rules find, unsorted, each as the network weighs it; `today` decides which reviews
    are overdue.

    A guide that is the very one `known` at its path was checked before and is looked at only
    for its links, which others can break. Those to the files `unread` are not dead.
    """
    of_all = chain(
        check_links(guides, unread), translations(handouts, guides, unread), copies(guides),
        decisions(guides, network, unread), former_names(guides),
    )  # fmt: skip
    findings = list(network.weigh(of_all))
    for guide in guides:
        if known is None or known.get(guide.path) is not guide:
            findings.extend(check_guide(guide, today, network))
    return findings


def check_drafts(
    drafts: Sequence[Guide],
    published: Sequence[Guide],
    today: date | None = None,
    network: Network = NEUTRAL,
) -> Iterator[Finding]:
    """What is to be put right before drafts are published, told and no more: none is an error."""
    paths = {draft.path for draft in drafts}
    links = (f for f in check_links([*published, *drafts]) if f.path in paths)
    alone = (finding for draft in drafts for finding in check_guide(draft, today, network))
    return as_warnings([*network.weigh(links), *alone])


def check_guide(
    guide: Guide, today: date | None = None, network: Network = NEUTRAL
) -> Iterator[Finding]:
    """What can be said of a guide without looking at the others."""
    yield from network.weigh(_findings(guide, today or network.today(), network))


def _findings(guide: Guide, today: date, network: Network) -> Iterator[Finding]:
    for rule in RULES:
        yield from rule(guide)
    for network_rule in NETWORK_RULES:
        yield from network_rule(guide, network)
    yield from check_images(guide)
    yield from dates(guide, today)
    yield from deadlines_ahead(guide, today, network)
    if guide.kind == "copione":
        yield from check_script(guide)
