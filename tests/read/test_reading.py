"""The best passages found are read, and what was read decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from made_snapshots import ENCODER, WEIGHTS, asked, found_for, sheet_of, snapshot_of

from chatbot.bot import Bot
from chatbot.find.match import SURE, Reading, bounded
from chatbot.find.rank import Found, find
from chatbot.judge.consult import consult
from chatbot.judge.judgement import ANSWER_SIGNS, READ_ANSWER_SIGNS, answer_signs
from chatbot.question import Question
from chatbot.read.evidence import READ_UNIT_SIGNS, UNIT_SIGNS, read, weigh
from chatbot.read.reading import DEPTH, LEAST, by_reading, read_passages
from index.guide import Guide
from index.publish.snapshot import Snapshot

READ = {
    "reading": {"score": 0.1, "page": 4.0},
    "units": {"read": 4.0},
    "answers": {"page": 4.0},
}
WITH_READER = replace(WEIGHTS, read={"reader": "made", "groups": READ, "numbers": {}})
READS = WITH_READER.where(precedents=True, reads=True)
ASKED = "Il tirocinio quanti mesi dura?"
NEAR = "Il tirocinio quanti mesi dura non lo dice il contratto di chi studia."
TOLD = "Sei al massimo, con una proroga sola e scritta."


class MadeReader:
    """Says that units with `word` answer, and nothing else does."""

    digest = "made"

    def __init__(self, word: str) -> None:
        self.word = word
        self.texts: list[str] = []
        self.rows: list[int] = []

    def read(self, text: str, rows: Sequence[int], snapshot: Snapshot) -> list[Reading]:
        self.texts.append(text)
        self.rows += rows
        found = []
        for row in rows:
            units = [4.0 if self.word in u.text else -4.0 for u in snapshot.passages[row].units]
            found.append(Reading(max(units), np.array(units, dtype=np.float32)))
        return found


def two_guides() -> list[Guide]:
    return [
        sheet_of("uno", "Uno", f"## Contratto {{#a}}\n\n{NEAR}\n"),
        sheet_of("due", "Due", f"## Durata {{#b}}\n\n{TOLD} Poi si firma il progetto.\n"),
    ]


def read_by(reader: MadeReader, text: str, snapshot: Snapshot) -> Found:
    query, vectors = asked(text, snapshot)
    found = find(query, vectors, snapshot, READS)
    return by_reading(read_passages(query, found, snapshot, reader), READS)


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of(two_guides())


def test_what_was_read_comes_before_what_is_near(snapshot: Snapshot) -> None:
    """The nearest passage answers something else: the reader tells."""
    _, near = found_for(ASKED, snapshot)
    assert near.hits[0].passage.guide == "uno"
    read = read_by(MadeReader("Sei al massimo"), ASKED, snapshot)
    assert [hit.passage.guide for hit in read.hits[:2]] == ["due", "uno"]
    assert [match.hit for match in read.matches] == list(read.hits[: len(read.matches)])


def test_the_sentence_that_answers_is_said(snapshot: Snapshot) -> None:
    """And not the one that has the words of the question."""
    query, vectors = asked(ASKED, snapshot)
    with_it = consult(
        query, vectors, snapshot, READS, reader=MadeReader("Sei al massimo"), rules=()
    )
    assert with_it.ruling.outcome == "answered"
    assert with_it.ruling.evidence[0].unit.text == TOLD
    without = consult(query, vectors, snapshot, WITH_READER, rules=())
    assert without.ruling.evidence[0].unit.text == NEAR


def test_where_nothing_answers_nothing_is_said(snapshot: Snapshot) -> None:
    """However near it is."""
    query, vectors = asked(ASKED, snapshot)
    found = consult(query, vectors, snapshot, READS, reader=MadeReader("pesce"), rules=())
    assert found.ruling.outcome != "answered"
    assert not found.ruling.evidence


def test_a_bounded_number_of_passages_is_read() -> None:
    """For each of several things asked fewer; what nobody read follows what was."""
    body = "\n\n".join(f"## Parte {n} {{#p{n}}}\n\nIl tirocinio dura {n} mesi." for n in range(30))
    snapshot = snapshot_of([sheet_of("uno", "Uno", f"{body}\n")])
    reader = MadeReader("dura")
    read = read_by(reader, "Il tirocinio quanto dura?", snapshot)
    assert len(reader.rows) == DEPTH < len(read.matches)
    states = [match.readings[0] is not None for match in read.matches]
    assert states == sorted(states, reverse=True)
    reader = MadeReader("dura")
    read_by(reader, "Il tirocinio quanto dura? E chi paga l'indennità di ogni mese?", snapshot)
    assert len(reader.rows) == 2 * max(LEAST, DEPTH // 2)


def test_a_part_that_is_asked_is_read_before_all_that_was_said(snapshot: Snapshot) -> None:
    """What is told before says who the person is."""
    message = "Il tirocinio quanto dura? E chi paga l'indennità di ogni mese?"
    reader = MadeReader("dura")
    read_by(reader, message, snapshot)
    query, _ = asked(message, snapshot)
    assert len(query.asks) == 2
    assert reader.texts == [f"{part} {query.text}" for part in query.asks]


def test_what_a_reader_is_sure_of_counts_no_more_than_much() -> None:
    """And what nobody read as what hardly answers."""
    assert bounded(100.0) == bounded(SURE) == -bounded(-SURE)
    assert bounded(-100.0) < bounded(Reading.UNREAD) < bounded(0.0) == 0.0


def test_without_a_reader_there_are_no_signs_of_one(snapshot: Snapshot) -> None:
    """So that weights fitted before add up to what they did."""
    query, vectors = asked(ASKED, snapshot)
    found = find(query, vectors, snapshot, WEIGHTS)
    evidence = read(query, found, snapshot, WEIGHTS)
    assert weigh(query, 0, found, snapshot).signs.shape[1] == len(UNIT_SIGNS)
    assert len(answer_signs(query, 0, found, evidence, snapshot, WEIGHTS)) == len(ANSWER_SIGNS)
    seen = read_by(MadeReader("Sei"), ASKED, snapshot)
    evidence = read(query, seen, snapshot, READS)
    assert weigh(query, 0, seen, snapshot).signs.shape[1] == len(READ_UNIT_SIGNS)
    signs = answer_signs(query, 0, seen, evidence, snapshot, WEIGHTS)
    told = dict(zip(READ_ANSWER_SIGNS, signs.tolist(), strict=True))
    assert told["page"] == told["read_unit"] == told["read_shown"] == bounded(4.0)
    assert told["page_next"] == bounded(4.0) - bounded(-4.0)
    assert told["read_any"] > told["page"]


def test_only_the_reader_of_the_weights_reads() -> None:
    """With another, or with weights fitted without one, the search alone answers."""
    reader = MadeReader("Sei al massimo")
    assert Bot(ENCODER, WITH_READER, reader=reader).reads
    other = replace(WITH_READER, read={**WITH_READER.read, "reader": "other"})
    assert not Bot(ENCODER, other, reader=reader).reads
    assert not Bot(ENCODER, WEIGHTS, reader=reader).reads
    assert not Bot(ENCODER, WITH_READER).reads


def test_the_bot_reads(snapshot: Snapshot) -> None:
    """From the question to the answer."""
    reader = MadeReader("Sei al massimo")
    answer = Bot(ENCODER, WITH_READER, (), reader).reply(Question(ASKED), snapshot)
    assert answer.outcome == "answered"
    assert answer.citations[0].quote == TOLD
    assert reader.rows
    without = Bot(ENCODER, WITH_READER, ()).reply(Question(ASKED), snapshot)
    assert without.hits[0].passage.guide == "uno"
