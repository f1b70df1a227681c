"""What counts where passages are read is fitted beside the rest, which stays as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_snapshots import ENCODER, asked, sheet_of, snapshot_of, weights

from chatbot.find.match import Reading
from chatbot.judge.consult import consult
from chatbot.judge.judgement import READ_ANSWER_SIGNS
from chatbot.read.evidence import READ_UNIT_SIGNS
from chatbot.read.reading import READING_SIGNS
from chatbot.weights import Weights, read_weights
from eval.fitting.examples import Example
from eval.fitting.fit import fit
from eval.fitting.reading import GROUPS, Remembered, fit_reading
from index.precedent import Lead, Precedent
from index.publish.snapshot import Snapshot

MONTHS = ("marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "ottobre", "dicembre")


def snapshot_with_precedents() -> Snapshot:
    """Sheets that a search does not tell apart: each names a month, and another sheet names it
    as often without saying anything of it."""
    sheets = [
        sheet_of(month, "Sportello", f"## Orari {{#a}}\n\nA {month} lo sportello va bene. "
                 f"Chiude presto il {10 + n}.\n\n## Avvisi {{#b}}\n\nA {month} lo sportello "
                 f"non cambia. Chiude presto il giardino.\n")
        for n, month in enumerate(MONTHS)
    ]  # fmt: skip
    text = "dove sta il giardino"
    vectors = ENCODER.encode_queries([text]).astype(np.float16)
    made = snapshot_of(sheets)
    precedents = (Precedent(text, (Lead("marzo", "b"),)),)
    return replace(made, precedents=precedents, precedent_vectors=vectors)


SNAPSHOT = snapshot_with_precedents()


class Knowing:
    """Says that the sentence with a number answers, of the month that the question names."""

    digest = "knowing"

    def __init__(self) -> None:
        self.count = 0

    def read(self, text: str, rows: Sequence[int], snapshot: Snapshot) -> list[Reading]:
        self.count += len(rows)
        found = []
        for row in rows:
            passage = snapshot.passages[row]
            named = passage.guide in text
            told = [5.0 if named and "Chiude presto il 1" in u.text else -5.0
                    for u in passage.units]  # fmt: skip
            found.append(Reading(max(told), np.array(told, dtype=np.float32)))
        return found


def examples() -> list[Example]:
    made = []
    for n, month in enumerate(MONTHS):
        for text, gold in (
            (f"A {month} lo sportello chiude presto?", f"{month}#a"),
            (f"A {month} lo sportello vende presto violini?", ""),
        ):
            query, vectors = asked(text, SNAPSHOT)
            unit = frozenset([f"Chiude presto il {10 + n}."] if gold else [])
            wanted = frozenset([gold] if gold else [])
            made.append(Example("casi", f"{n}", query, vectors, SNAPSHOT, (wanted,), (unit,)))
    return made


@pytest.fixture(scope="module")
def fitted() -> tuple[Weights, Weights]:
    """Without a reader, and with one."""
    blank = weights("passages", dense=0.1)
    start = replace(blank, groups={**blank.groups, "units": {}, "answers": {}})
    without = fit(examples(), start, lambda line: None)
    return without, fit_reading(examples(), without, Knowing(), lambda line: None)


def test_what_is_read_decides(fitted: tuple[Weights, Weights]) -> None:
    """With it the right sentence of two that the search finds alike comes first."""
    reads = fitted[1].where(precedents=True, reads=True)
    for example in examples()[::2]:
        found = consult(example.query, example.vectors, SNAPSHOT, reads, reader=Knowing())
        assert found.ruling.evidence[0].unit.text in example.units[0]


def test_what_counts_without_a_reader_stays(fitted: tuple[Weights, Weights]) -> None:
    """To the last figure; what was fitted with one stands beside it, by the reader's digest, with
    a set of its own for guides without precedents."""
    without, with_it = fitted
    assert (with_it.groups, with_it.plain) == (without.groups, without.plain)
    assert without.read == {}
    assert with_it.reader == "knowing"
    assert set(with_it.read["groups"]) == set(with_it.read["plain"]["groups"]) == set(GROUPS)
    for groups in (with_it.read["groups"], with_it.read["plain"]["groups"]):
        assert set(groups["reading"]) == set(READING_SIGNS)
        assert set(groups["units"]) == {*READ_UNIT_SIGNS, "intercept"}
        assert set(groups["answers"]) == {*READ_ANSWER_SIGNS, "intercept"}
    assert set(with_it.told["read"]) == {*GROUPS, "plain"}


def test_each_set_counts_where_it_should(fitted: tuple[Weights, Weights]) -> None:
    """By whether guides have precedents, and passages are read; thresholds of its own where they
    are given."""
    _, kept = fitted
    read = {**kept.read, "numbers": {"answer": 0.4}}
    read["plain"] = {**read["plain"], "numbers": {"answer": 0.3}}
    kept = replace(kept, read=read)
    for precedents, of_set in ((True, read), (False, read["plain"])):
        own = kept.where(precedents, reads=True)
        assert own.groups["units"] == of_set["groups"]["units"]
        assert own.numbers["answer"] == of_set["numbers"]["answer"]
        plain = kept.where(precedents)
        assert own.groups["passages"] == plain.groups["passages"]
        assert plain.numbers["answer"] == 0.5


def test_what_is_written_is_read_again(fitted: tuple[Weights, Weights], tmp_path: Path) -> None:
    """With what was fitted on a reader."""
    path = tmp_path / "weights.json"
    path.write_text(fitted[1].to_json(), encoding="utf-8")
    assert read_weights(path) == fitted[1]


def test_a_passage_is_read_once_with_a_question() -> None:
    """A fit asks twice: of guides with precedents, and without."""
    reader = Knowing()
    once = Remembered(reader)
    first = once.read("a marzo", [0, 1], SNAPSHOT)
    again = once.read("a marzo", [1, 2], SNAPSHOT)
    assert reader.count == 3
    assert again[0] is first[1]
