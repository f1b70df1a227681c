"""Labelled questions as the bot meets them: what every fit learns from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from chatbot.bot import Bot
from chatbot.find.admit import admit
from chatbot.find.rank import Found, find
from chatbot.question import Query, QueryVectors, Question
from chatbot.understand.query import understand
from chatbot.weights import Weights
from eval.collections.ask import last_question
from eval.collections.item import Item
from index.passage import Passage
from index.publish.snapshot import Snapshot

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Example:
    """One question: how it was understood, where it is asked, and, of each thing asked, the names
    of the passages that answer it (`gold`) and the texts of the units that do so best (none where
    nobody labelled them). `group` is what a question shares with others, so that folds keep it
    together."""

    source: str
    group: str
    query: Query
    vectors: QueryVectors
    snapshot: Snapshot
    gold: tuple[frozenset[str], ...]
    units: tuple[frozenset[str], ...]
    barred: frozenset[str] = frozenset()

    @property
    def answerable(self) -> bool:
        return any(self.gold)

    def find(self, weights: Weights) -> Found:
        """What is found for it with these weights, whatever its guides have."""
        shown = admit(self.query, self.snapshot)
        return find(
            self.query, self.vectors, self.snapshot, weights,
            admit=lambda passage: shown(passage) and name_of(passage) not in self.barred,
        )  # fmt: skip


def unasked(snapshot: Snapshot, items: Sequence[Item]) -> Snapshot:
    """The snapshot without the precedents that these items are: where they stand they would be
    found word for word, and nothing be learnt."""
    asked = {" ".join(item.turns[-1].split()) for item in items}
    return _keeping(snapshot, [n for n, p in enumerate(snapshot.precedents) if p.text not in asked])


def bare(examples: Sequence[Example]) -> list[Example]:
    """The same questions, of the same guides without precedents."""
    bared = {e.snapshot.id: _keeping(e.snapshot, []) for e in examples}
    return [replace(e, snapshot=bared[e.snapshot.id]) for e in examples]


def _keeping(snapshot: Snapshot, rows: Sequence[int]) -> Snapshot:
    """The snapshot with these of its precedents."""
    return replace(
        snapshot,
        precedents=tuple(snapshot.precedents[row] for row in rows),
        precedent_vectors=snapshot.precedent_vectors[rows],
    )


def name_of(passage: Passage) -> str:
    """The name by which labels call a passage: its section, or its id in a corpus."""
    return f"{passage.guide}#{passage.anchor}" if passage.anchor else passage.id


def examples_of_items(
    source: str,
    items: Sequence[Item],
    snapshot: Snapshot,
    bot: Bot,
    progress: Progress | None = None,
) -> Iterator[Example]:
    """The items of a collection over the guides, emergencies left out."""
    reference = bot.prepare(snapshot).reference
    for done, item in enumerate(items, start=1):
        if progress:
            progress(done, len(items))
        if item.wanted == "emergency" or item.injected:
            continue
        query = understand(last_question(item), reference)
        vectors = QueryVectors.of(query, bot.encoder)
        gold = _by_asked(query, [part.gold for part in item.parts])
        units = _by_asked(query, [frozenset(u.text for u in part.units) for part in item.parts])
        yield Example(source, item.id, query, vectors, snapshot, gold, units)


def _by_asked(query: Query, parts: Sequence[frozenset[str]]) -> tuple[frozenset[str], ...]:
    """Labels by part to labels by thing asked: one to one where their numbers agree, else all."""
    if len(parts) == len(query.asks):
        return tuple(parts)
    return (frozenset[str]().union(*parts),) * len(query.asks)


def examples_of_corpus(
    source: str,
    queries: Mapping[str, str],
    qrels: Mapping[str, Mapping[str, int]],
    groups: Mapping[str, str],
    snapshot: Snapshot,
    bot: Bot,
    removed: bool = False,
) -> Iterator[Example]:
    """Questions of a BEIR folder over a snapshot of its texts; `removed`: with the passages that
    answer taken away. Those without judgements have no answer there. Each question is read in the
    language that it is written in, as the bot reads it."""
    reference = bot.prepare(snapshot).reference
    for name, text in queries.items():
        gold = frozenset(qrels.get(name, {}))
        query = understand(Question(text), reference)
        vectors = QueryVectors.of(query, bot.encoder)
        yield Example(
            source=source,
            group=groups.get(name, name),
            query=query,
            vectors=vectors,
            snapshot=snapshot,
            gold=(frozenset() if removed else gold,) * len(query.asks),
            units=(frozenset(),) * len(query.asks),
            barred=gold if removed else frozenset(),
        )
