"""A rule for people with another title of stay is no answer."""

from __future__ import annotations

from chatbot.find.addressee import asked_about, for_others, speaks_of_others
from chatbot.judge.ruling import Asked, Ruling


def for_the_person(asked: Asked, ruling: Ruling) -> Ruling:
    """What is for people with another title than the one asked about leaves the evidence; where
    nothing else was read, it is near and no more."""
    network = asked.snapshot.network
    wanted = asked_about(asked.query, network)
    if not wanted or ruling.outcome != "answered":
        return ruling
    kept = [
        piece
        for piece in ruling.evidence
        if not for_others(piece.hit.passage, asked.snapshot, wanted)
        and not speaks_of_others(piece.unit.text, wanted, network)
    ]
    if len(kept) == len(ruling.evidence):
        return ruling
    if kept:
        why = "tolte le frasi per altri titoli di soggiorno"
        return ruling.because("persona", why, evidence=kept)
    return ruling.because(
        "persona",
        "le frasi trovate valgono per un altro titolo di soggiorno",
        outcome="related",
        evidence=(),
    )
