"""Rendering: safe HTML, anchors, and the cited units marked."""

from __future__ import annotations

import re

from folders import MADE
from guide_texts import sheet
from marking import marks, unmarked
from pairs import pairs

from index.parse.folder import read_guides
from index.parse.markdown import parse_tokens
from index.parse.render import render_guide, render_markdown
from index.parse.units import extract_units


@pairs("render")
def test_render(given: str, expected: str) -> None:
    """Markdown gives this HTML."""
    assert re.sub(r"\n+", "\n", render_html(given)).strip() == expected


def render_html(markdown: str) -> str:
    """As guides are rendered, headings named."""
    if markdown.startswith("# Prova"):
        return render_guide(sheet(markdown))
    return render_markdown(markdown)


def test_every_unit_of_every_guide_can_be_marked() -> None:
    """For each guide, marking all units shows every unit's text verbatim (rows cell by cell),
    as often as the guide says it: what is cited is what the reader sees."""
    guides, _ = read_guides(MADE)
    assert len(guides) > 15
    assert [line for guide in guides for line in unmarked(guide)] == []


def test_marking_changes_no_word() -> None:
    """With and without marks a guide reads the same."""
    guide = sheet(
        "# Prova\n\nVedi **il [Conto](a.md)**. Poi `x` e\nbasta.\n\n- a: b\n\n| a |\n|-|\n| b |\n"
    )
    keys = frozenset(u.key for s in guide.sections for u in s.units)
    plain, marked = render_guide(guide), render_guide(guide, keys)
    assert re.sub(r"</?mark[^>]*>", "", marked) == plain
    assert marked != plain


def test_only_the_cited_unit_is_marked() -> None:
    """One key, one mark."""
    (first, _) = extract_units(parse_tokens("Il primo. Il secondo.\n"))
    guide = sheet("# Prova\n\nIl primo. Il secondo.\n")
    assert marks(render_guide(guide, frozenset({first.key}))) == ["Il primo."]


def test_md_21_the_same_sentence_is_marked_where_it_is_cited() -> None:
    """Said in two sections, a sentence is marked in the one cited; in both when none is named, or
    one that is no more."""
    text = "# Prova\n\n## A {#a}\n\nPortare il permesso.\n\n## B {#b}\n\nPortare il permesso.\n"
    guide = sheet(text)
    key = guide.sections[-1].units[0].key
    html = render_guide(guide, frozenset({key}), within="b")
    assert marks(html) == ["Portare il permesso."]
    assert html.index("<mark") > html.index('id="b"')
    assert len(marks(render_guide(guide, frozenset({key})))) == 2
    assert len(marks(render_guide(guide, frozenset({key}), within="tolta"))) == 2
