"""Whom a passage is for, by title of stay: a rule for refugees is no answer on asylum seekers."""

from __future__ import annotations

from functools import lru_cache

from chatbot.find.column import PassageColumn
from chatbot.question import Query
from chatbot.understand.named import REMEMBERED
from chatbot.understand.titles import titles_of_stay
from chatbot.words.yes_no import after_whether
from index.guide import Guide
from index.network import EVERYBODY, Network
from index.passage import Passage
from index.publish.snapshot import Snapshot

SUBJECT = 60  # characters in which a sentence says whom it speaks of


@lru_cache(maxsize=REMEMBERED)
def exclusive(network: Network) -> frozenset[str]:
    """The titles that nobody has together with another of them."""
    return frozenset(title.id for title in network.titles if title.excludes_others)


@lru_cache(maxsize=REMEMBERED)
def _no_permit(network: Network) -> frozenset[str]:
    return frozenset(title.id for title in network.titles if not title.presumes_permit)


def asked_about(query: Query, network: Network) -> frozenset[str]:
    """The titles of stay a question is about, those that it names or the one that is known of the
    person; none where nothing tells, or where nobody is shut out."""
    return query.titles if query.titles <= exclusive(network) else frozenset()


def for_others(passage: Passage, snapshot: Snapshot, wanted: frozenset[str]) -> bool:
    """Whether a passage is for people who have another title of stay than those `wanted`."""
    guide = snapshot.guides.get(passage.guide)
    network = snapshot.network
    if not guide or not wanted:
        return False
    if wanted <= _no_permit(network):  # what holds for all presumes one
        return not wanted & _NAMED.of(passage, snapshot)
    there = _MEANT.of(passage, snapshot)
    return there <= exclusive(network) and not wanted & there


def speaks_of_others(text: str, wanted: frozenset[str], network: Network) -> bool:
    """Whether a sentence of a guide says what holds for people who have another title of stay: it
    begins with them, and does not come to those `wanted`."""
    subject = _titles_in(after_whether(text)[:SUBJECT], network) if wanted else frozenset()
    return frozenset() < subject <= exclusive(network) and not wanted & _titles_in(text, network)


def meant(passage: Passage, guide: Guide, network: Network) -> frozenset[str]:
    """The titles of stay a passage is for: those that its heading names, or the title of its guide,
    or that the guide says; all where none is told apart."""
    for text in (*passage.heading_path[-1:], guide.title):
        if named := _titles_in(text, network):
            return named
    every = frozenset(network.title_of)
    own = frozenset(guide.audience) & every
    return own if own and EVERYBODY not in guide.audience else every


def _titles_in(text: str, network: Network) -> frozenset[str]:
    return frozenset(titles_of_stay(text, network))


_NAMED = PassageColumn(lambda passage, snapshot: _titles_in(passage.embedded, snapshot.network))
_MEANT = PassageColumn(
    lambda passage, snapshot: meant(passage, snapshot.guides[passage.guide], snapshot.network)
)
