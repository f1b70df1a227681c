"""Snapshots in memory of guides made for a test, asked without a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from guide_texts import SHEET, guide
from made_encoder import made_encoder

from chatbot.answer import Hit
from chatbot.find.match import Match, match
from chatbot.find.rank import ALL_STAGES, Found, find, first_order
from chatbot.find.retrieve import retrieve
from chatbot.question import Query, QueryVectors, Question
from chatbot.understand.query import understand
from chatbot.weights import Weights, read_weights
from chatbot.words.vocabulary import Reference
from index.encode.vectors import encode_texts
from index.guide import Guide
from index.network import NEUTRAL, Network
from index.parse.chunk import chunk_guide
from index.publish.build import make_snapshot, text_of
from index.publish.snapshot import Snapshot

ENCODER = made_encoder()

# What ranks, chooses and judges in these tests, so that a new fit changes none of them.
NUMBERS = {
    "answer": 0.5, "related": 0.25, "subject": 0.3, "danger": 0.5, "near": 1.0,
    "precedent_from": 0.5, "literal_from": 0.96, "asked_from": 0.7, "first_words": 0.004,
    "card_near": 0.01, "danger_words": 0.6,
}  # fmt: skip
GROUPS: Mapping[str, Mapping[str, float]] = {
    "passages": {"dense": 1.0, "dense_asked": 2.0, "words_asked": 1.0},
    "units": {"unit": 1.0, "unit_asked": 4.0, "words_asked": 2.0, "intercept": -3.0},
    "answers": {"words_asked": 10.0, "unit_words": 4.0, "intercept": -6.0},
    "danger": {"shared": 10.0, "intercept": -5.0},
}
WEIGHTS = Weights(ENCODER.digest, GROUPS, NUMBERS)


def weights(group: str = "", numbers: Mapping[str, float] | None = None, **signs: float) -> Weights:
    """WEIGHTS with the `signs` of one group in place of its own, and with other `numbers`."""
    groups = {**GROUPS, group: signs} if group else GROUPS
    return replace(WEIGHTS, groups=groups, numbers={**NUMBERS, **(numbers or {})})


def sheet_of(name: str, title: str, body: str, head: str = SHEET) -> Guide:
    """A guide with a title and a body of its own, in a file called `name`."""
    text = head.replace("titolo: Prova", f"titolo: {title}") + f"# {title}\n\n{body}\n"
    return guide(text, f"schede/{name}.md")


def snapshot_of(guides: Sequence[Guide], network: Network = NEUTRAL) -> Snapshot:
    """What a build makes of `guides`, without files."""
    passages = [p for one in guides for p in chunk_guide(one, ENCODER.count_tokens)]
    encoded = encode_texts(ENCODER, [text_of(passage) for passage in passages])
    return make_snapshot(guides, passages, encoded, ENCODER, "0" * 64, network=network)


def asked(text: str, snapshot: Snapshot, **more: object) -> tuple[Query, QueryVectors]:
    """A question as understood there, and its vectors; `more` goes into the Question."""
    question = Question(text, **more)  # type: ignore[arg-type]
    query = understand(question, Reference.of(snapshot))
    return query, QueryVectors.of(query, ENCODER)


def found_for(text: str, snapshot: Snapshot, used: Weights = WEIGHTS) -> tuple[Query, Found]:
    query, vectors = asked(text, snapshot)
    return query, find(query, vectors, snapshot, used)


def matches_for(text: str, snapshot: Snapshot) -> tuple[Query, dict[str, Match]]:
    """A match for each passage that is a candidate, by its id."""
    query, vectors = asked(text, snapshot)
    candidates = retrieve(vectors.all, query.stems, snapshot)
    hits: Sequence[Hit] = first_order(candidates, snapshot, WEIGHTS, ALL_STAGES)
    made = match(query, vectors, candidates, hits, snapshot, WEIGHTS)
    return query, {one.hit.passage.id: one for one in made}


def shipped() -> Weights:
    """The weights of the repository."""
    return read_weights()
