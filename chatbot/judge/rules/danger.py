"""The cards of danger come before anything else."""

from __future__ import annotations

from chatbot.judge.ruling import Asked, Ruling


def danger(asked: Asked, ruling: Ruling) -> Ruling:
    """What was asked is answered after the cards, where it is on something else."""
    if not asked.cards:
        return ruling
    shown = {card.slug for card in asked.cards}
    other = [piece for piece in ruling.evidence if piece.hit.passage.guide not in shown]
    names = ", ".join(card.title for card in asked.cards)
    return ruling.because(
        "pericolo",
        f"qualcuno può essere in pericolo: prima {names}",
        outcome="emergency",
        evidence=other if ruling.outcome == "answered" else (),
        cards=asked.cards,
        asks=None,
        offers=None,
    )
