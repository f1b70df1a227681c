"""Numbers that contradict each other between sections, and pairs that only look so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from guide_texts import sheet
from networks import NETWORK
from pairs import pairs

from index.check.contradictions import contradictions
from index.check.measured import differ, measured, same_thing
from index.finding import Finding
from index.network import NEUTRAL, Network
from index.passage import Passage


@pairs("contradictions")
def test_what_is_told_of_two_sentences(given: str, expected: str) -> None:
    """Two sentences, a line each: the kinds of number in which they contradict each other; `=`
    and the kind where they give the same; nothing where they are not of one thing."""
    first, second = (
        sheet(f"# Prova\n\n{line}\n").sections[0].units[0] for line in given.split("\n")
    )
    one, other = measured(first, (), NETWORK), measured(second, (), NETWORK)
    assert one is not None
    assert other is not None
    told = [
        kind if differ(one, other, kind) else f"= {kind}" for kind in sorted(same_thing(one, other))
    ]
    assert told == (expected.split("\n") if expected else [])


def test_a_unit_without_numbers_measures_nothing() -> None:
    """Neither an article of law nor a year is a number of something."""
    unit = sheet("# Prova\n\nLo dice la legge (d.lgs. 142/2015, art. 22), dal 2026.\n").sections[0]
    assert measured(unit.units[0], (), NETWORK) is None


def told(
    *sections: tuple[str, str], near: float = 1.0, network: Network = NEUTRAL
) -> list[Finding]:
    """The findings of sections, each (guide, body), whose units have all one cosine."""
    guides, passages = [], []
    for n, (name, body) in enumerate(sections):
        guide = replace(sheet(f"# Prova\n\n{body}\n", f"schede/{name}.md"), slug=name)
        units = guide.sections[0].units
        guides.append(guide)
        passages.append(
            Passage(f"{name}#s{n}:0", name, f"s{n}", 0, "body", ("Prova",), body, body, units, 1, 9)
        )
    count = sum(len(passage.units) for passage in passages)
    vectors = np.full((count, count + 1), 0.0, dtype=np.float32)
    vectors[:, 0] = near**0.5
    vectors[np.arange(count), np.arange(count) + 1] = (1 - near) ** 0.5
    return list(contradictions(guides, passages, vectors, network))


TEN = "La domanda si presenta entro dieci giorni dalla notifica."
SIXTY = "La domanda si presenta entro 60 giorni dalla notifica."


def test_both_places_are_told() -> None:
    """At the later, with file and line of the earlier and the words of both; one finding for a
    sentence that many contradict."""
    (finding,) = told(("a", TEN), ("b", TEN), ("c", SIXTY))
    assert (finding.path, finding.rule, finding.severity) == ("schede/c.md", "compare", "warning")
    assert "schede/a.md:" in finding.message
    assert "schede/b.md:" in finding.message
    assert f"qui «{SIXTY}», là «{TEN}»" in finding.message


@pytest.mark.parametrize(
    ("sections", "near"),
    [
        ((("a", TEN), ("b", TEN)), 1.0),
        ((("a", TEN), ("b", SIXTY)), 0.5),
        ((("a", f"{TEN} {SIXTY}"),), 1.0),
        ((("a", f"{TEN} {SIXTY}"), ("b", SIXTY)), 1.0),
        ((("a", TEN), ("b", "Il corso dura 60 giorni in aula con il docente.")), 1.0),
    ],
    ids=["same number", "far", "one section", "a section that tells cases apart", "other words"],
)
def test_what_is_no_contradiction(sections: tuple[tuple[str, str], ...], near: float) -> None:
    assert told(*sections, near=near) == []
