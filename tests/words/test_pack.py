"""The words of a language are one file: what each has, and what it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from chatbot.words.pack import LANGUAGES, Pack, either, pack

EVERYWHERE = {"months", "date_before", "date_since", "date_between", "keeps"}
LATIN = {"numerals", "time_units", "asks", "holds", "definition", "goes_on", "date_opens"}
# What is looked for in the language of the guides alone: names, streets, a yes or a no.
ITALIAN = {
    "points_back", "compares", "whether", "names", "addresses", "weekdays", "day_before",
    "day_since", "ago", "denials", "numbers", "streets", "births", "opening", "everyday",
}  # fmt: skip
DATES = {"dates"}  # small words inside a date, which Italian does without
KINDS = EVERYWHERE | LATIN | ITALIAN | DATES
LACKS = {
    "it": DATES,
    "en": ITALIAN - {"compares"},
    "fr": ITALIAN,
    "es": ITALIAN,
    "ar": LATIN | ITALIAN | DATES,
    "uk": LATIN | ITALIAN | DATES,
}


def patterns(words: Pack) -> Iterator[str]:
    for found in words.values():
        groups = found.values() if isinstance(found, dict) else [found]
        yield from (p for group in groups if isinstance(group, list) for p in group)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_what_it_has(language: str) -> None:
    """A language that gains a kind, or loses one, is told here: a question in it is then read
    otherwise."""
    assert KINDS - pack(language).keys() == LACKS[language]
    assert pack(language).keys() <= KINDS


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_patterns_are_read(language: str) -> None:
    """Each is a regular expression, that finds something; the months are twelve."""
    assert len(pack(language)["months"]) == 12
    for pattern in patterns(pack(language)):
        assert not re.fullmatch(pattern.replace("{number}", "1"), ""), pattern


def test_kinds_of_all_languages_are_put_together() -> None:
    assert re.fullmatch(either("goes_on"), "and")
    assert re.fullmatch(either("goes_on"), "oppure")
    assert re.fullmatch(either("goes_on", [pack("en")]), "oppure") is None
    assert re.search(either("asks.duration"), "combien de temps")
