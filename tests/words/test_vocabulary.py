"""What a snapshot knows of words: typing errors are corrected towards them and no others."""

from __future__ import annotations

import pytest

from chatbot.words.vocabulary import MAX_WORDS, Reference, is_acronym
from index.publish.snapshot import Snapshot


@pytest.fixture(scope="module")
def reference(snapshot: Snapshot) -> Reference:
    return Reference.of(snapshot)


@pytest.mark.parametrize("text", ["CPI", "C3", "SAI", " DID ", "UniLav", "C3bis"])
def test_an_acronym_has_two_capitals_or_a_capital_and_a_figure(text: str) -> None:
    assert is_acronym(text)


@pytest.mark.parametrize("text", ["Torino", "cpi", "A", "22", "Pocket money", "", "CPI Torino"])
def test_a_word_with_a_capital_is_no_acronym(text: str) -> None:
    assert not is_acronym(text)


def test_words_are_those_of_passages_and_of_the_questions_that_lead_there(
    reference: Reference,
) -> None:
    """What an editor wrote as a question is no typing error, though it is never shown."""
    assert reference.vocabulary["tirocinio"] > 3
    assert "maltrattata" in reference.vocabulary  # in `domande` alone
    assert "zampogna" not in reference.vocabulary


@pytest.mark.parametrize(
    ("written", "term"),
    [
        (("cpi",), "CPI"),
        (("centro", "per", "l", "impiego"), "CPI"),
        (("ufficio", "di", "collocamento"), "CPI"),
        (("pocketmoney",), "Pocket money"),
    ],
)
def test_every_way_of_writing_a_term_leads_to_it(
    reference: Reference, written: tuple[str, ...], term: str
) -> None:
    """Its name, its variants and its expansion, as words."""
    assert reference.terms[written].term == term


def test_a_way_of_writing_longer_than_is_looked_for_is_left_out(reference: Reference) -> None:
    """The expansion of CPIA fits, a sentence would not; single letters and articles neither."""
    assert all(0 < len(written) <= MAX_WORDS for written in reference.terms)
    assert ("il",) not in reference.terms


def test_acronyms_are_told_from_other_terms(reference: Reference) -> None:
    assert {"cpi", "did", "stp"} <= reference.acronyms
    assert "pocket" not in reference.acronyms


@pytest.mark.parametrize("word", ["tirocinio", "tirocini", "cpi", "zampogna", "gatto"])
def test_words_of_guides_and_of_the_language_are_known(reference: Reference, word: str) -> None:
    """Other forms of a word of the guides too, and Italian words that no guide has."""
    assert reference.knows(word)


@pytest.mark.parametrize("word", ["tirocnio", "xqzt"])
def test_a_typing_error_is_not_known(reference: Reference, word: str) -> None:
    assert not reference.knows(word)
