"""How a question meets a passage: what ranking, reading and deciding look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from chatbot.answer import Hit
from chatbot.find.late import Interaction, interact, token_weights
from chatbot.question import Query
from chatbot.words.forms import strict_kinds, strictly_holds
from chatbot.words.yes_no import asks_whether, says_whether
from index.encode.encoder import QueryTokens
from index.guide import Unit
from index.passage import Passage
from index.publish.snapshot import Snapshot
from index.search.lexical import numbers, terms

REMEMBERED = 20_000  # texts whose stems are kept at hand


@dataclass(frozen=True)
class Meeting:
    """One hit with what the question finds in it.

    `late` and `unit` are the late interaction of the passage (question tokens weighted by how
    telling they are) and of its best unit; `words` is the part of the question's telling words in
    the passage, `words_searched` that with the questions that lead to it; `form` whether it holds
    the kind of answer asked for, 1 or 0, and 0 where no kind is; `yes_no` whether it begins with
    «Sì» or «No» where that is asked for, `yes_no_unasked` whether where it is not, 1 or 0;
    `numbers` the part of the question's numbers in it; `prior` what speaks for such a passage
    whatever the others are. Of a follow-up, `now_heading` is the cosine of its last turn
    with the heading, `now_words` the part of that turn's telling words in heading and questions.
    """

    hit: Hit
    interaction: Interaction
    late: float
    unit: float
    words: float
    words_searched: float
    form: float
    yes_no: float
    yes_no_unasked: float
    numbers: float
    prior: float = 0.0
    now_heading: float = 0.0
    now_words: float = 0.0

    def ranked(self, score: float) -> Meeting:
        """The same with the hit's final score."""
        return replace(self, hit=replace(self.hit, fused=score, late=self.late))


def meet(
    query: Query, asked: QueryTokens, hits: Sequence[Hit], snapshot: Snapshot
) -> list[Meeting]:
    """A meeting for each of `hits`, in their order."""
    rows = [snapshot.positions[hit.passage.id] for hit in hits]
    interactions = interact(asked.tokens, rows, snapshot)
    telling = snapshot.lexical.weights(query.own_stems)
    tokens = token_weights(asked, telling)
    shared = telling if query.language == "it" else {}
    kinds = strict_kinds(query.text)
    whether = asks_whether(query.latest) if query.language == "it" else None
    figures = frozenset(numbers(query.latest))
    return [
        Meeting(
            hit=hit,
            interaction=met,
            late=met.passage_score(tokens),
            unit=met.best_unit_score(),
            words=covered(shared, hit.passage.embedded),
            words_searched=covered(shared, hit.passage.searched),
            form=float(strictly_holds(kinds, hit.passage.embedded)) if kinds else 0.0,
            yes_no=float(whether is True and says_whether(hit.passage.text)),
            yes_no_unasked=float(whether is False and says_whether(hit.passage.text)),
            numbers=_share(figures, numbers_of(hit.passage.embedded)),
        )
        for hit, met in zip(hits, interactions, strict=True)
    ]  # fmt: skip


def meet_now(
    met: Sequence[Meeting], turn: str, vector: NDArray[np.float32], snapshot: Snapshot
) -> list[Meeting]:
    """The meetings of a follow-up, told what its last `turn` asks by itself: the topic it took from
    the turns before weighs as much as they had words, and what is asked now may have two.

    `vector` (d,) is the turn's.
    """
    telling = snapshot.lexical.weights(terms(turn))
    found = []
    for m in met:
        passage = m.hit.passage
        heading = snapshot.questions[snapshot.question_bounds[snapshot.positions[passage.id]]]
        leading = " ".join((*passage.heading_path[-1:], *passage.questions))
        found.append(replace(
            m, now_heading=float(heading @ vector), now_words=covered(telling, leading)
        ))  # fmt: skip
    return found


def full_text(unit: Unit, passage: Passage) -> str:
    """A unit as it is understood where it stands: headings and lead-in before it."""
    return " ".join((*passage.heading_path, unit.lead, unit.text))


def covered(telling: Mapping[str, float], text: str) -> float:
    """The part of the telling words that `text` has, each counting by how telling it is."""
    found = telling.keys() & stems_of(text)
    return sum(telling[stem] for stem in found) / (sum(telling.values()) or 1.0)


def _share(wanted: frozenset[str], there: frozenset[str]) -> float:
    """The part of `wanted` that is there; 0 where nothing is wanted."""
    return len(wanted & there) / len(wanted) if wanted else 0.0


@lru_cache(maxsize=REMEMBERED)
def numbers_of(text: str) -> frozenset[str]:
    """The numbers in `text`, each as a whole."""
    return frozenset(numbers(text))


@lru_cache(maxsize=REMEMBERED)
def stems_of(text: str) -> frozenset[str]:
    """The stems of the words of `text` that carry meaning."""
    return frozenset(terms(text))
