"""The check of translations: one whose Italian has changed is told, with its line and its fix."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from guide_texts import BODY, PLAIN, SHEET, sheet

from index.check.rules import check_folder, check_guides
from index.finding import Finding
from index.guide import Handout
from index.network import NEUTRAL
from index.parse.handouts import fingerprint, plain_box

TODAY = date(2026, 11, 23)
ITALIAN = PLAIN.replace("Porta il permesso", "Chiama il 112")
BOX = plain_box(sheet(BODY + ITALIAN))
assert BOX is not None
TEXT = f"""---
titolo: Essai
lingua: fr
impronta: "{fingerprint(BOX)}"
stato: tradotto, non riletto da madrelingua
---

Tu peux ouvrir un compte. Appelle le 112.
"""


def told(folder: Path, italian: str = ITALIAN, text: str = TEXT) -> list[Finding]:
    """The findings of a folder with one sheet and its translation."""
    for path, content in (
        ("schede/prova.md", SHEET + BODY + italian), ("traduzioni/fr/prova.md", text),
    ):  # fmt: skip
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, encoding="utf-8")
    return check_folder(folder, TODAY)[1]


def test_a_translation_of_today_has_nothing_to_say(tmp_path: Path) -> None:
    """Neither has one of a box whose sheet has changed elsewhere."""
    assert told(tmp_path) == []
    assert (
        told(tmp_path, "\n## Altro? {#altro}\n\nUna sezione che non c'era prima.\n" + ITALIAN) == []
    )


def test_italian_changed_since(tmp_path: Path) -> None:
    """A warning at the fingerprint, with the place of the box and the fingerprint to write."""
    italian = ITALIAN.replace("un conto", "un conto in banca")
    (found,) = told(tmp_path, italian)
    assert (found.path, found.line) == ("traduzioni/fr/prova.md", 4)
    assert (found.rule, found.severity) == ("translation", "warning")
    assert "schede/prova.md:" in found.message
    box = plain_box(sheet(BODY + italian))
    assert box is not None
    assert f'«impronta: "{fingerprint(box)}"»' in found.message
    assert told(tmp_path, italian, TEXT.replace(fingerprint(BOX), fingerprint(box))) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("number", ["113", "cent douze"])
def test_other_numbers(tmp_path: Path, number: str) -> None:
    """A number that is not the Italian one, or is missing, is told."""
    (found,) = told(tmp_path, text=TEXT.replace("112", number))
    assert (found.rule, found.line) == ("translation", 1)
    assert "(112)" in found.message


def test_a_sheet_that_is_no_more() -> None:
    """A translation of nothing is told; where the rule is off nothing is."""
    handout = Handout("prova", "fr", "traduzioni/fr/prova.md", "Essai", TEXT, "0" * 12, False)
    (found,) = check_guides([], TODAY, handouts=[handout])
    assert "non c'è una guida «prova»" in found.message
    silent = replace(NEUTRAL, levels={"translation": "no"})
    assert check_guides([], TODAY, network=silent, handouts=[handout]) == []
