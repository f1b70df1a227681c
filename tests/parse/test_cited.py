"""A section as an answer shows it."""

from __future__ import annotations

from dataclasses import replace

from guide_texts import sheet

from index.parse.cited import section_html, shown_units

TEXT = (
    "# Prova\n\n## A {#a}\n\nVedi [lì](#b) e [il sito](https://uno.example/).\n\n## B {#b}\n\nSì.\n"
)
ONE = replace(sheet(TEXT), slug="uno")
OTHER = replace(ONE, slug="due")


def test_a_section_is_shown_again_as_it_was() -> None:
    """Whole, then by its units, then whole: links lead from the guide each time, and what is lit
    once is not lit for who comes after."""
    section = next(section for section in ONE.sections if section.anchor == "a")
    (key,) = shown_units(ONE, section, [ONE])
    lit = section_html(ONE, section, [key], [ONE])
    assert '<mark class="cited">' in lit
    assert 'href="/guide/uno#b"' in lit
    assert "](/guide/uno#b)" in shown_units(ONE, section, [ONE])[key].cells[0]
    assert "<mark" not in section_html(ONE, section, [], [ONE])
    assert section_html(ONE, section, [key], [ONE]) == lit


def test_the_same_words_in_two_guides_lead_from_each() -> None:
    """What is kept of the words of a section is not whose they are."""
    section = next(section for section in ONE.sections if section.anchor == "a")
    for guide in (ONE, OTHER, ONE):
        assert f'href="/guide/{guide.slug}#b"' in section_html(guide, section, [], [ONE, OTHER])
        cells = [shown.cells[0] for shown in shown_units(guide, section, [ONE, OTHER]).values()]
        assert any(f"](/guide/{guide.slug}#b)" in cell for cell in cells)
