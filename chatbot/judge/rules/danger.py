"""The cards of danger come before anything else."""

from __future__ import annotations

from chatbot.judge.draft import Asked, Draft


def danger(asked: Asked, draft: Draft) -> Draft:
    """What was asked is answered after the cards, where it is on something else."""
    if not asked.cards:
        return draft
    shown = {card.slug for card in asked.cards}
    other = [piece for piece in draft.evidence if piece.hit.passage.guide not in shown]
    names = ", ".join(card.title for card in asked.cards)
    return draft.because(
        "pericolo",
        f"qualcuno può essere in pericolo: prima {names}",
        outcome="emergency",
        evidence=other if draft.outcome == "answered" else (),
        cards=asked.cards,
        asks=None,
        offers=None,
    )
