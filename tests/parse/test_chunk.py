"""Chunking: sections whole when they fit, cut between units when they do not."""

from __future__ import annotations

import pytest
from guide_texts import sheet
from hypothesis import given as inputs
from hypothesis import strategies as st
from pairs import pairs

from index.guide import Guide
from index.parse.chunk import chunk_guide
from index.passage import Passage


def count(text: str) -> int:
    """A token a word, so that the pairs can be counted by hand."""
    return len(text.split())


def chunk(guide: Guide, budget: int = 20) -> list[Passage]:
    return chunk_guide(guide, count, budget)


@pairs("chunk")
def test_chunks(given: str, expected: str) -> None:
    """With 20 words a passage, the sections after the first give these passages."""
    passages = [p for p in chunk(sheet(given)) if p.anchor != "prova"]
    assert "\n---\n".join(f"{p.id}\n{p.text}" for p in passages) == expected


def test_an_inserted_section_changes_no_other_id() -> None:
    """What is written elsewhere in the file changes neither id nor embedded text of a passage."""
    before = chunk(sheet("# Prova\n\nInizio.\n\n## B {#b}\n\nDopo.\n"))
    after = chunk(sheet("# Prova\n\nInizio.\n\n## A {#a}\n\nNuovo.\n\n## B {#b}\n\nDopo.\n"))
    kept = {p.id: p.embedded for p in after}
    assert {p.id: p.embedded for p in before}.items() <= kept.items()


def test_roles() -> None:
    """The plain-words box is told apart: it is a handout and no evidence."""
    passages = chunk(sheet("# Prova\n\nA.\n\n## In parole semplici {#parole-semplici}\n\nB.\n"))
    assert [p.role for p in passages] == ["body", "plain"]


@pytest.mark.parametrize("budget", [1, 5, 12, 40, 1000])
@inputs(
    st.lists(st.sampled_from(["Frase uno.", "- voce", "| a | b |", "", "Elenco:"]), max_size=14)
)
def test_parts_join_to_the_whole(budget: int, lines: list[str]) -> None:
    """However small the budget, the parts of a section hold all its units, once, in order."""
    guide = sheet("# Prova\n\n" + "\n".join(lines) + "\n")
    passages = chunk(guide, budget)
    units = [unit for section in guide.sections for unit in section.units]
    assert [unit for p in passages for unit in p.units] == units
    assert len({p.id for p in passages}) == len(passages)
