"""Units: the smallest texts that are cited."""

from __future__ import annotations

from pairs import pairs

from index.parse.markdown import parse_tokens
from index.parse.units import MAX_ITEM_WORDS, extract_units, unit_key


def shown(markdown: str) -> list[str]:
    units = extract_units(parse_tokens(markdown))
    return [f"{u.kind} | {f'{u.lead} > ' if u.lead else ''}{u.text}" for u in units]


@pairs("units")
def test_units(given: str, expected: str) -> None:
    """Paragraphs, lists, tables, quotes and code give these units."""
    assert shown(given) == expected.split("\n")


def test_a_long_item_is_cut_into_sentences() -> None:
    """An item over MAX_ITEM_WORDS is cited a sentence at a time, lead-in kept."""
    sentence = "La banca " + "molto " * (MAX_ITEM_WORDS // 2) + "lenta."
    units = extract_units(parse_tokens(f"Servono:\n\n- {sentence} {sentence}\n"))
    assert [(u.kind, u.lead) for u in units[1:]] == [("item", "Servono:")] * 2


def test_a_key_names_the_words_and_not_the_place() -> None:
    """A unit keeps its key when it moves or is wrapped otherwise; another lead-in changes it."""
    (one,) = extract_units(parse_tokens("Il conto\nsi apre.\n"))
    *_, other = extract_units(parse_tokens("Prima frase.\n\nIl conto si apre.\n"))
    assert one.key == other.key == unit_key("Il  conto si apre.")
    assert unit_key("permesso", "Servono:") != unit_key("permesso", "Bastano:")


def test_lines_point_at_the_block() -> None:
    """Each unit knows the line where its paragraph, item or row begins."""
    units = extract_units(parse_tokens("Uno.\n\n- due\n- tre\n\n| a |\n| - |\n| b |\n"))
    assert [u.line for u in units] == [1, 3, 4, 8]
