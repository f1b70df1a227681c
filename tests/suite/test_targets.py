"""Cases against the guides of today: what moved, what says too little."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from guide_texts import sheet
from made_runs import case

from eval.suite.case import Case
from eval.suite.folder import load_suite
from eval.suite.sheet import save_suite
from eval.suite.targets import (
    bare_numbers,
    dead_targets,
    fix_targets,
    with_moved,
)
from index.parse.former import living_names

GUIDE = replace(
    sheet("# Prova\n\nUno.\n\n## A {#documenti-che-servono}\n\nDue.\n\n## B {#costo}\n\nTre.\n"),
    slug="conto-nuovo",
    former_names=("conto",),
)


def snapshot() -> Any:
    """What these functions look at."""
    passages = [SimpleNamespace(guide=GUIDE.slug, anchor=s.anchor) for s in GUIDE.sections]
    guides = {GUIDE.slug: GUIDE}
    former = living_names([GUIDE])
    return SimpleNamespace(
        passages=passages, guide_named=lambda name: guides.get(name) or former.get(name)
    )


def asking(*sections: str, n: int = 1, **changes: Any) -> Case:
    return case(n, **({"passaggi": dict.fromkeys(sections, 2)} | changes))


def test_ev_04_a_passage_that_moved_is_proposed_and_written_everywhere(tmp_path: Path) -> None:
    """Of a guide renamed, of an anchor renamed: proposed in each case, one command writes them;
    what nothing is like stays told."""
    suite = [
        asking("conto#costo", n=1),
        asking("conto-nuovo#documenti-servono", "conto-nuovo#costo", n=2),
        asking("altra#cosa", n=3),
    ]
    save_suite(suite, tmp_path)
    told = [f.message for f in dead_targets(suite, snapshot(), tmp_path)]
    assert "ora è conto-nuovo#costo?" in told[0]
    assert "ora è conto-nuovo#documenti-che-servono?" in told[1]
    assert told[2].endswith("il passaggio altra#cosa non esiste nelle guide")
    assert fix_targets(suite, snapshot(), tmp_path)
    fixed = load_suite(tmp_path)
    assert [list(one.passages) for one in fixed] == [
        ["conto-nuovo#costo"],
        ["conto-nuovo#documenti-che-servono", "conto-nuovo#costo"],
        ["altra#cosa"],
    ]
    assert len(dead_targets(fixed, snapshot(), tmp_path)) == 1
    assert [one.to_plain() | {"passaggi": 0} for one in fixed] == [
        one.to_plain() | {"passaggi": 0} for one in suite
    ]


def test_two_passages_that_became_one_keep_the_higher_grade() -> None:
    (one,) = with_moved([asking(passaggi={"a#x": 1, "a#y": 3})], {"a#x": "a#y"})
    assert dict(one.passages) == {"a#y": 3}


@pytest.mark.parametrize(
    ("facts", "changes", "told"),
    [
        ([["60 giorni"]], {}, True),
        ([["60 giorni", "sessanta giorni e 5"], ["16 €"]], {}, False),
        ([["entro 60 giorni"]], {}, False),
        ([["60 giorni"], ["questura"]], {}, False),
        ([["60 giorni"]], {"mai": ["prima di 60 giorni"]}, False),
    ],
)
def test_ev_01_a_number_alone_says_too_little(
    facts: list[list[str]], changes: dict[str, Any], told: bool, tmp_path: Path
) -> None:
    """«Entro 60 giorni» and «non prima di 60 giorni» both have it; a fact may hold its word."""
    found = bare_numbers([case(1, fatti=facts, **({"mai": []} | changes))], tmp_path)
    assert bool(found) is told
    assert {f.severity for f in found} <= {"warning"}
