"""A rule for people with another title of stay is no answer."""

from __future__ import annotations

from chatbot.find.addressee import asked_about, for_others, speaks_of_others
from chatbot.judge.draft import Asked, Draft


def for_the_person(asked: Asked, draft: Draft) -> Draft:
    """What is for people with another title than the one asked about leaves the evidence; where
    nothing else was read, it is near and no more."""
    network = asked.snapshot.network
    wanted = asked_about(asked.query, network)
    if not wanted or draft.outcome != "answered":
        return draft
    kept = [
        piece
        for piece in draft.evidence
        if not for_others(piece.hit.passage, asked.snapshot, wanted)
        and not speaks_of_others(piece.unit.text, wanted, network)
    ]
    if len(kept) == len(draft.evidence):
        return draft
    if kept:
        why = "tolte le frasi per altri titoli di soggiorno"
        return draft.because("persona", why, evidence=kept)
    return draft.because(
        "persona",
        "le frasi trovate valgono per un altro titolo di soggiorno",
        outcome="related",
        evidence=(),
    )
