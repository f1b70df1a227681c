"""Answers that two people judge without knowing of each other, and how far they agree."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, exists, func, select

from chatbot.journal.reading import LIMIT, Reviewed, recent, with_all_said
from chatbot.journal.records import Review, answers, reviews

ONE_IN = 5  # answers, of which one is judged twice
AGREED = "accordo"  # who settled what two people judged differently: the two together


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of `n` answers judged by two people, `equal` is the part judged alike; `alpha` and `kappa`
    are None where all always say the same one word."""

    n: int
    equal: float
    alpha: float | None
    kappa: float | None


def is_double(answer_id: str) -> bool:
    """Whether an answer is one of those that two people judge: its name decides, so that it stays
    so and nobody chooses."""
    return zlib.crc32(answer_id.encode()) % ONE_IN == 0


def to_review(engine: Engine, reviewer: str, limit: int = LIMIT) -> list[Reviewed]:
    """What waits for `reviewer`, newest first: answers that nobody has judged, and those of the
    double ones that somebody else alone has. What the other said is left out."""
    mine = exists().where(reviews.c.answer_id == answers.c.id, reviews.c.reviewer == reviewer)
    judged = (
        select(func.count(reviews.c.reviewer.distinct()))
        .where(reviews.c.answer_id == answers.c.id)
        .scalar_subquery()
    )
    query = select(answers).where(~mine, judged <= 1)
    return [
        Reviewed(one.entry, one.feedback)
        for one in with_all_said(engine, recent(query, None, limit))
        if waits_for(one, reviewer)
    ]


def waits_for(one: Reviewed, reviewer: str) -> bool:
    """Whether an answer is still to be judged by `reviewer`: nobody has, or, of a double one,
    somebody else alone."""
    people = {review.reviewer for review in one.reviews}
    return not people or (reviewer not in people and len(people) == 1 and is_double(one.entry.id))


def judged_twice(engine: Engine, limit: int = LIMIT) -> list[Reviewed]:
    """Answers that at least two people have judged, newest first."""
    people = (
        select(reviews.c.answer_id)
        .where(reviews.c.reviewer != AGREED)
        .group_by(reviews.c.answer_id)
        .having(func.count(reviews.c.reviewer.distinct()) > 1)
    )
    query = select(answers).where(answers.c.id.in_(people))
    return with_all_said(engine, recent(query, None, limit))


def verdicts(one: Reviewed) -> dict[str, Review]:
    """The last judgement of each of the first two people, in the order in which they came."""
    last: dict[str, Review] = {}
    for review in one.reviews:
        if review.reviewer != AGREED and (review.reviewer in last or len(last) < 2):
            last[review.reviewer] = review
    return last


def disagreements(found: Sequence[Reviewed]) -> list[Reviewed]:
    """Those judged differently and not settled since."""
    return [
        one
        for one in found
        if len({review.verdict for review in verdicts(one).values()}) > 1
        and one.reviews[-1].reviewer != AGREED
    ]


def agreement(found: Sequence[Reviewed]) -> Agreement:
    """How far blind judgements agree. What was settled together does not count.

    Cohen's kappa, (pₒ − pₑ) / (1 − pₑ), takes first and second judgements for two people with
    habits of their own: pₒ is the part judged alike, pₑ that expected by chance (Cohen 1960;
    scikit-learn). Krippendorff's alpha, which does not mind who judged what, is `alpha`.
    """
    from sklearn.metrics import cohen_kappa_score  # a second to import, for this page alone

    pairs = [[review.verdict for review in verdicts(one).values()] for one in found]
    first, second = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    if not pairs:
        return Agreement(0, 0.0, None, None)
    equal = sum(a == b for a, b in pairs) / len(pairs)
    varied = len({*first, *second}) > 1
    kappa = float(cohen_kappa_score(first, second)) if varied else None
    return Agreement(len(pairs), equal, alpha(pairs), kappa)


def alpha(units: Sequence[Sequence[str]]) -> float | None:
    """Krippendorff's alpha for words without an order, of any number of people and with gaps: each
    unit is what those who judged it said. None where nothing varies.

    α = 1 − Dₒ/Dₑ = 1 − (n − 1)·Σ oₖₗ / Σ nₖ·nₗ over k ≠ l: oₖₗ counts the pairs of words k and l
    said of one unit, each pair of a unit with m judgements as 1/(m − 1); nₖ is how often k was
    said, n how often anything was (Krippendorff, Content Analysis, 4th ed., 2018, chapter 12).
    """
    paired = [unit for unit in units if len(unit) > 1]
    said = Counter(word for unit in paired for word in unit)
    n = said.total()
    apart = sum(
        (len(unit) ** 2 - sum(times**2 for times in Counter(unit).values())) / (len(unit) - 1)
        for unit in paired
    )
    by_chance = n**2 - sum(times**2 for times in said.values())
    return 1 - (n - 1) * apart / by_chance if by_chance else None
