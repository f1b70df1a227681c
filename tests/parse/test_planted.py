"""What is written into a guide for a program is told, and is in no passage."""

from __future__ import annotations

import re

from pairs import pairs

from index.check.rules import check_guides
from index.parse.chunk import chunk_guide
from index.parse.guide_file import parse_guide
from index.parse.planted import planted
from index.parse.render import render_guide


@pairs("planted")
def test_passages_are_for_who_reads(given: str, expected: str) -> None:
    """What is expected are the units of the passages, a line each; each of the others is told at
    its line, and stays on the page of the guide."""
    guide, _ = parse_guide(f"# Prova\n\n{given}\n".encode(), "prova.md")
    assert guide is not None
    passages = chunk_guide(guide, len, 10_000)
    assert [unit.text for p in passages for unit in p.units] == expected.split("\n")
    aside = [unit for section in guide.sections for unit in planted(section.units)]
    told = [f for f in check_guides([guide]) if f.rule == "planted"]
    assert [(f.line, f.severity) for f in told] == [(unit.line, "warning") for unit in aside]
    shown = "".join(f"{p.text}{p.embedded}" for p in passages)
    page = _words(render_guide(guide))
    for unit in aside:
        assert unit.text not in shown
        assert _words(unit.text) <= page


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{4,}", text))
