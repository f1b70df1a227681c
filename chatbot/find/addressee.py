"""Whom a passage is for, by title of stay: a rule for refugees is no answer on asylum seekers."""

from __future__ import annotations

from functools import lru_cache

from chatbot.question import Query
from chatbot.understand.person import TITLES, titles_of_stay
from chatbot.words.yes_no import after_whether
from index.guide import Guide
from index.passage import Passage
from index.publish.snapshot import Snapshot

REMEMBERED = 20_000  # headings and titles whose titles of stay are kept at hand
SUBJECT = 60  # characters in which a sentence says whom it speaks of
ALL = frozenset(TITLES)
# Nobody has two of these; a minor or who has just come of age may have any, a permit for work is
# often the one that is wanted, and «ucraina» may be said of the country
EXCLUSIVE = frozenset(
    {"richiedente", "titolare-protezione", "protezione-speciale", "casi-speciali", "senza-permesso"}
)
NO_PERMIT = frozenset({"senza-permesso"})


def asked_about(query: Query) -> frozenset[str]:
    """The titles of stay a question is about, those that it names or the one that is known of the
    person (which `query.text` says); none where nothing tells, or where nobody is shut out. Not
    kept at hand, as questions are not."""
    said = titles_of_stay(query.latest) or titles_of_stay(query.text)
    return frozenset(said) if said <= EXCLUSIVE else frozenset()


def for_others(passage: Passage, snapshot: Snapshot, wanted: frozenset[str]) -> bool:
    """Whether a passage is for people who have another title of stay than those `wanted`."""
    guide = snapshot.guides.get(passage.guide)
    if not guide or not wanted:
        return False
    if wanted == NO_PERMIT:  # what holds for all presumes one
        return not NO_PERMIT & _titles_in(passage.embedded)
    there = meant(passage, guide)
    return there <= EXCLUSIVE and not wanted & there


def speaks_of_others(text: str, wanted: frozenset[str]) -> bool:
    """Whether a sentence of a guide says what holds for people who have another title of stay: it
    begins with them, and does not come to those `wanted`."""
    subject = _titles_in(after_whether(text)[:SUBJECT]) if wanted else frozenset()
    return frozenset() < subject <= EXCLUSIVE and not wanted & _titles_in(text)


def meant(passage: Passage, guide: Guide) -> frozenset[str]:
    """The titles of stay a passage is for: those that its heading names, or the title of its guide,
    or that the guide says; all where none is told apart."""
    for text in (*passage.heading_path[-1:], guide.title):
        if named := _titles_in(text):
            return named
    own = frozenset(guide.audience) & ALL
    return own if own and "tutti" not in guide.audience else ALL


@lru_cache(maxsize=REMEMBERED)
def _titles_in(text: str) -> frozenset[str]:
    return frozenset(titles_of_stay(text))
