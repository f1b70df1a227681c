"""Why the right passage is not the first: which scores of the ones before it were higher."""

from __future__ import annotations

from eval.runs.result import Found, Result

_STAGES = {
    "lexical": "ha più parole della domanda",
    "dense": "è più vicino nel significato",
    "late": "corrisponde meglio parola per parola",
}


def first_right(result: Result) -> int | None:
    """The place of the first passage that answers, from 1; None when none is in the ranking."""
    sections = [hit.section for hit in result.hits]
    places = [n for n, section in enumerate(sections, 1) if section in result.case.answering]
    return places[0] if places else None


def explain_rank(result: Result) -> str:
    """What stands before the right passage and by which scores; "" when nothing does."""
    if not result.case.answering:
        return ""
    place = first_right(result)
    if place is None:
        return (
            f"Nessuno dei passaggi che rispondono è fra i primi {len(result.hits)}. Spesso la "
            "guida dice la cosa con parole diverse da quelle della domanda, o non la dice."
        )
    if place == 1:
        return ""
    right, best = result.hits[place - 1], result.hits[0]
    reasons = [
        f"{words} ({_number(ahead)} contro {_number(behind)})"
        for stage, words in _STAGES.items()
        if (ahead := getattr(best, stage)) is not None
        and (behind := getattr(right, stage)) is not None
        and ahead > behind
    ]
    because = " e ".join(reasons) if reasons else "la somma pesata dei punteggi è più alta"
    return f"Il passaggio giusto è al posto {place}. Il primo lo supera perché {because}."


def shown_hits(result: Result, most: int = 5) -> list[tuple[int, Found]]:
    """The first `most` hits with their places, and the first right one if it stands below."""
    ranked = list(enumerate(result.hits, 1))
    place = first_right(result)
    below = [ranked[place - 1]] if place and place > most else []
    return ranked[:most] + below


def _number(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")
