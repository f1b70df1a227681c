"""Questions that lead to sections, asked as if nobody had written them: short ones, in operators'
words, as many are at a counter.

Half of them leave the guides, and those are asked; what they would be worth where they stand is
not learnt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from chatbot.bot import Bot
from chatbot.question import QueryVectors, Question
from chatbot.understand.query import understand
from eval.collections.halves import for_practice
from eval.fitting.examples import Example, name_of
from index.encode.passage_text import text_of
from index.encode.vectors import VectorCache
from index.passage import Passage
from index.publish.build import make_snapshot
from index.publish.snapshot import Snapshot

SOURCE = "domande"


def without_half(snapshot: Snapshot, bot: Bot, var: Path) -> Snapshot:
    """The same guides, of whose leading questions those for practice were taken away."""
    passages = [replace(p, questions=_kept(p)) for p in snapshot.passages]
    cache = VectorCache(var / "vectors", bot.encoder)
    encoded, _ = cache.encode([text_of(p) for p in passages])
    guides = list(snapshot.guides.values())
    return make_snapshot(
        guides, passages, encoded, bot.encoder, "mezze domande", cache.encode_questions,
        snapshot.network,
    )  # fmt: skip


def examples_of_leading(snapshot: Snapshot, bot: Bot, var: Path, most: int) -> Iterator[Example]:
    """At most `most` of the questions taken away, evenly spread, each answered by its section."""
    less = without_half(snapshot, bot, var)
    taken = [(q, p) for p in snapshot.passages for q in p.questions if for_practice(q)]
    reference = bot.prepare(less).reference
    for text, passage in taken[:: max(1, -(-len(taken) // most))]:
        query = understand(Question(text), reference)
        yield Example(
            source=SOURCE,
            group=name_of(passage),
            query=query,
            vectors=QueryVectors.of(query, bot.encoder),
            snapshot=less,
            gold=(frozenset([name_of(passage)]),) * len(query.asks),
            units=(frozenset(),) * len(query.asks),
        )


def _kept(passage: Passage) -> tuple[str, ...]:
    return tuple(q for q in passage.questions if not for_practice(q))
