"""Questions put before: a question like one of them finds what answered it, and the rest of the
guides is as if they were not there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from made_snapshots import ENCODER, WEIGHTS, found_for, matches_for, sheet_of, snapshot_of, weights

from chatbot.find.match import SIGNS
from chatbot.judge.judgement import ANSWER_SIGNS, answer_signs
from chatbot.read.evidence import UNIT_SIGNS, read, weigh
from index.guide import Guide
from index.precedent import Lead, Leads, Precedent
from index.publish.snapshot import Snapshot

BANK = sheet_of(
    "conto", "Conto", "## Chi può? {#chi}\n\nChi ha un permesso apre il conto. Porta la ricevuta.\n"
)
HOUSE = sheet_of("casa", "Casa", "## Come? {#come}\n\nLa casa si cerca con il Comune di Asti.\n")
STORY = "il padrone mi vuole pagare ma dice che senza iban niente stipendio"


def with_precedents(guides: list[Guide], *precedents: Precedent) -> Snapshot:
    vectors = ENCODER.encode_queries([p.text for p in precedents]).astype(np.float16)
    return replace(snapshot_of(guides), precedents=precedents, precedent_vectors=vectors)


def key_of(guide: Guide, position: int) -> str:
    (section,) = [s for s in guide.sections if s.units]
    return section.units[position].key


def sign(snapshot: Snapshot, slug: str, name: str, text: str = STORY) -> float:
    _, matches = matches_for(text, snapshot)
    (match,) = [m for m in matches.values() if m.hit.passage.guide == slug]
    return float(match.signs[0, SIGNS.index(name)])


def test_a_question_like_it_finds_its_section() -> None:
    """No word of the story is in the guide; the precedent alone leads there."""
    bare = snapshot_of([BANK, HOUSE])
    led = with_precedents([BANK, HOUSE], Precedent(STORY, (Lead("conto", "chi"),)))
    assert sign(bare, "conto", "precedent") == 0
    assert sign(led, "conto", "precedent") > 0.45
    assert sign(led, "casa", "precedent") == 0
    _, found = found_for(STORY, led, weights("passages", precedent=10.0))
    first = found.hits[0]
    assert first.passage.guide == "conto"


def test_it_tells_the_unit_that_answers() -> None:
    """The unit that a precedent names, and not its neighbour."""
    lead = Lead("conto", "chi", key_of(BANK, 1))
    snapshot = with_precedents([BANK, HOUSE], Precedent(STORY, (lead,)))
    query, found = found_for(STORY, snapshot)
    weighed = weigh(query, 0, found, snapshot)
    near = {
        hit.passage.units[at].text: float(row[UNIT_SIGNS.index("precedent")])
        for hit, at, row in zip(weighed.hits, weighed.positions, weighed.signs, strict=True)
    }
    assert near["Porta la ricevuta."] > 0.45
    assert near["Chi ha un permesso apre il conto."] == 0


def test_one_that_nothing_answers_speaks_for_silence() -> None:
    """It leads to no passage and is a sign of the judgement."""
    snapshot = with_precedents([BANK, HOUSE], Precedent(STORY))
    query, found = found_for(STORY, snapshot)
    evidence = read(query, found, snapshot, weights())
    signs = answer_signs(query, 0, found, evidence, snapshot, WEIGHTS)
    assert signs is not None
    told = dict(zip(ANSWER_SIGNS, signs.tolist(), strict=True))
    assert told["unanswered"] > 0.45
    assert told["precedent"] == 0


def test_a_part_of_a_long_section_that_has_the_unit_is_led_to_alone() -> None:
    """And where no part has it, all are."""
    (passage,) = [p for p in snapshot_of([BANK]).passages if p.anchor == "chi"]
    first, second = (
        replace(passage, units=passage.units[:1]),
        replace(passage, units=passage.units[1:]),
    )
    named = Precedent("a", (Lead("conto", "chi", passage.units[1].key),))
    whole = Precedent("b", (Lead("conto", "chi", "gone"),))
    gone = Precedent("c", (Lead("conto", "altrove"),))
    leads = Leads.of((named, whole, gone, Precedent("d")), (first, second))
    assert leads.bounds.tolist() == [0, 1, 3]
    columns = (leads.rows, leads.questions, leads.units)
    assert [column.tolist() for column in columns] == [[0, 1, 1], [1, 0, 1], [-1, 0, -1]]
    assert leads.unanswered.tolist() == [False, False, False, True]
