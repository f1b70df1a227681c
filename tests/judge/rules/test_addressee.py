"""What holds for people with another title of stay leaves the answer; what is missing is named."""

from __future__ import annotations

from made_snapshots import WEIGHTS, asked, sheet_of, snapshot_of

from chatbot.judge.consult import consult
from chatbot.judge.ruling import Ruling
from index.network import Network, Title

NETWORK = Network(
    titles=(
        Title("richiedente", "richiedente asilo", phrases={"it": ("richiedent(e|i)",)},
              excludes_others=True),
        Title("rifugiato", "rifugiato", phrases={"it": ("rifugiat(o|i)",)}, excludes_others=True),
    )
)  # fmt: skip
WORK = sheet_of(
    "lavoro",
    "Lavoro",
    "## Un rifugiato può avere la partita IVA? {#iva}\n\nSì, il rifugiato può avere la partita "
    "IVA.\n\n"
    "## Che cosa serve per la patente nautica? {#patente}\n\nPer la patente nautica serve la "
    "visita del medico.\n",
)
SNAPSHOT = snapshot_of([WORK], NETWORK)
VAT = "Un richiedente può avere la partita IVA?"
LICENCE = "Che cosa serve per la patente nautica?"


def ruling_of(text: str) -> Ruling:
    query, vectors = asked(text, SNAPSHOT)
    return consult(query, vectors, SNAPSHOT, WEIGHTS).ruling


def test_the_only_sentences_found_are_for_others() -> None:
    """Near, and no answer."""
    found = ruling_of(VAT)
    assert (found.outcome, list(found.evidence)) == ("related", [])
    assert found.reasons[-1].rule == "persona"


def test_of_two_things_asked_the_one_left_without_sentences_is_named() -> None:
    """First or second: the other is answered, and nobody is left thinking that both were."""
    for text in (f"{VAT} {LICENCE}", f"{LICENCE} {VAT}"):
        found = ruling_of(text)
        assert found.outcome == "answered"
        assert found.silent == (VAT,)
        assert [piece.hit.passage.anchor for piece in found.evidence] == ["patente"]
        assert [reason.rule for reason in found.reasons] == ["giudizio", "persona"]


def test_who_has_the_title_gets_both() -> None:
    """Nothing leaves, and nothing is said of it."""
    found = ruling_of(f"{VAT.replace('richiedente', 'rifugiato')} {LICENCE}")
    assert found.silent == ()
    assert {piece.hit.passage.anchor for piece in found.evidence} == {"iva", "patente"}
    assert [reason.rule for reason in found.reasons] == ["giudizio"]
