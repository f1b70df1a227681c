"""Sentences of Italian, with the abbreviations of laws."""

from __future__ import annotations

from time import process_time

from hypothesis import given as inputs
from hypothesis import strategies as st
from pairs import pairs

from index.parse.sentences import split_sentences


@pairs("sentences")
def test_sentences(given: str, expected: str) -> None:
    """Each text is cut as an editor would cut it."""
    assert split_sentences(given) == (expected.split("\n") if expected else [])


@inputs(st.text(alphabet="aB1.?!…»)(\" \n'l,", max_size=60))
def test_nothing_is_lost(text: str) -> None:
    """Cutting loses and adds no character but blanks, whatever the text."""
    assert "".join("".join(split_sentences(text)).split()) == "".join(text.split())


def test_a_long_text_takes_no_longer_a_sentence() -> None:
    """Ten times the text takes about ten times the time, not a hundred."""

    def seconds(sentences: int) -> float:
        text = "La banca (TUB, art. 126) apre il conto. " * sentences
        start = process_time()
        assert len(split_sentences(text)) == sentences
        return process_time() - start

    seconds(100)
    assert seconds(5000) < 40 * max(seconds(500), 0.001)
