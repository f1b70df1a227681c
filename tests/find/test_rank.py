"""Hits in their order: candidates by what is cheap to see, the best of them by all their signs."""

from __future__ import annotations

import numpy as np
from made_snapshots import ENCODER, asked, found_for, sheet_of, snapshot_of, weights

from chatbot.find.rank import TOP, find
from chatbot.find.retrieve import Stages
from index.publish.snapshot import Snapshot

INTERNSHIP = sheet_of(
    "tirocinio",
    "Tirocinio",
    "## Quanto dura? {#durata}\n\nIl tirocinio dura al massimo sei mesi.\n\n"
    "## È pagato? {#paga}\n\nSì, il tirocinante riceve 600 euro al mese.\n",
)
HOUSE = sheet_of(
    "casa", "Casa", "## Come si cerca? {#cerca}\n\nLa casa si cerca con il Comune di Asti.\n"
)
BOTH = "Quanto dura il tirocinio nella ditta? Come si cerca la casa del Comune?"


def small() -> Snapshot:
    return snapshot_of([INTERNSHIP, HOUSE])


def large() -> Snapshot:
    """More passages than are looked at."""
    sections = "".join(
        f"## Sezione {n} {{#s{n}}}\n\nIl tirocinio ha la regola numero {n}.\n\n"
        for n in range(TOP + 12)
    )
    return snapshot_of([sheet_of("regole", "Regole", sections), HOUSE])


def test_the_best_score_for_any_thing_asked_decides() -> None:
    """Two things asked, each answered elsewhere: both come before what answers neither."""
    query, found = found_for(BOTH, small())
    assert len(query.asks) == 2
    assert {hit.passage.id for hit in found.hits[:2]} == {"tirocinio#durata:0", "casa#cerca:0"}
    best = {a: found.matches[int(found.scores[a].argmax())].hit.passage.id for a in range(2)}
    assert best == {0: "tirocinio#durata:0", 1: "casa#cerca:0"}
    assert np.allclose([h.fused for h in found.hits], found.scores.max(axis=0))


def test_scores_go_with_matches_and_matches_with_hits() -> None:
    """A row for each thing asked, a column for each match, best first."""
    query, found = found_for(BOTH, large())
    assert len(found.matches) == TOP < len(found.hits)
    assert found.scores.shape == (2, TOP)
    assert [m.hit for m in found.matches] == list(found.hits[:TOP])
    best = found.scores.max(axis=0)
    assert (np.diff(best) <= 0).all()
    names = [hit.passage.id for hit in found.hits]
    assert len(set(names)) == len(names)
    assert query.asks


def test_the_weights_decide_the_order() -> None:
    """Counted against itself, the nearest passage comes last."""
    text = "Quanto dura il tirocinio?"
    _, near = found_for(text, small(), weights("passages", dense=1.0))
    _, far = found_for(text, small(), weights("passages", dense=-1.0))
    assert [h.passage.id for h in near.hits] == [h.passage.id for h in far.hits][::-1]
    assert near.hits[0].passage.id == "tirocinio#durata:0"


def test_without_weights_the_first_order_stays() -> None:
    """Equal scores change no places: the first order is by nearness."""
    _, found = found_for("Quanto dura il tirocinio?", small(), weights("passages"))
    assert found.hits[0].passage.id == "tirocinio#durata:0"
    assert not found.scores.any()


def test_the_words_of_another_language_are_not_searched() -> None:
    """Its hits have no score by words."""
    query, found = found_for("¿Cuánto tiempo dura el período de prácticas?", small())
    assert query.language == "es"
    assert {hit.lexical for hit in found.hits} == {None}
    assert all(hit.dense is not None for hit in found.hits)


def test_a_stage_that_is_off_leaves_no_score() -> None:
    """As benchmarks run them, one by one."""
    snapshot = small()
    query, vectors = asked("Quanto dura il tirocinio?", snapshot)
    for stages, empty in ((Stages(dense=False), "dense"), (Stages(lexical=False), "lexical")):
        found = find(query, vectors, snapshot, weights(), stages)
        assert {getattr(hit, empty) for hit in found.hits} == {None}
        assert found.hits[0].passage.id == "tirocinio#durata:0"
    plain = find(query, vectors, snapshot, weights(), Stages(late=False))
    assert (plain.matches, plain.scores.shape) == ((), (1, 0))
    assert plain.hits[0].passage.id == "tirocinio#durata:0"


def test_only_what_may_be_shown_is_found() -> None:
    """And nothing, where nothing may be."""
    snapshot = small()
    query, vectors = asked("Quanto dura il tirocinio?", snapshot)
    found = find(query, vectors, snapshot, weights(), admit=lambda p: p.guide == "casa")
    assert [hit.passage.id for hit in found.hits] == ["casa#cerca:0"]
    nothing = find(query, vectors, snapshot, weights(), admit=lambda p: False)
    assert (list(nothing.hits), list(nothing.matches)) == ([], [])
    assert nothing.scores.shape == (1, 0)


def test_a_passage_is_found_by_one_of_its_units() -> None:
    """A long section on many things, of which one sentence answers."""
    long = "".join(f"La regola {n} parla di moduli, timbri e sportelli. " for n in range(20))
    body = f"## Altre cose {{#altre}}\n\n{long}Il gatto dorme sul tetto rosso.\n"
    snapshot = snapshot_of([sheet_of("varie", "Varie", body), INTERNSHIP, HOUSE])
    query, vectors = asked("Dorme il gatto sul tetto rosso?", snapshot)
    found = find(query, vectors, snapshot, weights("passages", unit=1.0), Stages(lexical=False))
    assert found.hits[0].passage.guide == "varie"
    assert ENCODER.dimension == vectors.all.shape[1]
