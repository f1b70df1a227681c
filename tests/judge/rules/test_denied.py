"""Who asks what is not so is answered with what says so, or not at all."""

from __future__ import annotations

import pytest
from made_snapshots import WEIGHTS, asked, sheet_of, snapshot_of

from chatbot.judge.consult import consult
from chatbot.judge.rules.denied import denied, how_denied

GUIDE = sheet_of(
    "corso",
    "Corso",
    "## Quali documenti servono per il corso? {#servono}\n\nPer il corso serve il permesso di "
    "soggiorno.\n\n"
    "## Quali documenti non servono per il corso? {#non}\n\nPer il corso non serve la "
    "residenza.\n",
)
WITHOUT = sheet_of(
    "mensa",
    "Mensa",
    "## Chi ha diritto alla mensa? {#chi}\n\nAlla mensa ha diritto ogni iscritto al corso.\n\n"
    "## Chi può entrare in cucina? {#cucina}\n\nIn cucina può entrare il cuoco.\n",
)


def evidence(text: str, *guides: object) -> tuple[str, list[str]]:
    """The outcome, and the sentences left, with this rule alone."""
    snapshot = snapshot_of(list(guides))  # type: ignore[arg-type]
    query, vectors = asked(text, snapshot)
    ruling = consult(query, vectors, snapshot, WEIGHTS, rules=(denied,)).ruling
    return ruling.outcome, [piece.unit.text for piece in ruling.evidence]


def test_what_denies_is_what_is_left() -> None:
    """The list of what is needed stands as near the question, and goes."""
    outcome, said = evidence("Quali documenti non servono per il corso?", GUIDE)
    assert (outcome, said) == ("answered", ["Per il corso non serve la residenza."])
    assert "Per il corso serve il permesso di soggiorno." in evidence(
        "Quali documenti servono per il corso?", GUIDE
    )[1]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["Chi non ha diritto alla mensa?", "E chi non può entrare in cucina?",
     "Chi NON può entrare in cucina?"],
)  # fmt: skip
def test_where_nothing_denies_it_is_only_near(text: str) -> None:
    """«Ogni iscritto» is no answer to who has no right."""
    assert evidence(text, WITHOUT) == ("related", [])


@pytest.mark.parametrize(
    ("text", "asks"),
    [("Chi non ha diritto alla mensa?", True), ("e a chi non spetta l'assegno", True),
     ("Quando non serve il permesso?", True), ("Che cosa non si può firmare?", True),
     ("Chi non è obbligato a iscriversi?", True), ("quali carte non occorrono?", True),
     ("Chi non ha la residenza ha diritto alla mensa?", False),
     ("Chi non può pagare ha diritto alla mensa?", False),
     ("Chi non deve rinnovare può lavorare?", False), ("Se non si iscrive chi paga?", False),
     ("Perché non ha diritto?", False), ("Che cosa fa chi non ha il permesso?", False),
     ("Che si fa quando la banca non risponde?", False)],
)  # fmt: skip
def test_a_not_inside_asks_no_denial(text: str, asks: bool) -> None:
    """There it says of whom, or when: what is so may answer."""
    assert (how_denied(text) is not None) == asks
