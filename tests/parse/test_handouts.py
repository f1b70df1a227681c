"""Translations of plain-words boxes: what is read of them, and that they are no guides."""

from __future__ import annotations

from pathlib import Path

import pytest
from guide_texts import BODY, PLAIN, SHEET, sheet

from chatbot.pages.texts import LANGUAGES
from index.network import ITALIAN
from index.parse.folder import read_guides
from index.parse.handouts import HandoutModel, fingerprint, parse_handout, plain_box, read_handouts

TEXT = """---
titolo: Essai
lingua: fr
impronta: "0123456789ab"
stato: tradotto, non riletto da madrelingua
---

Tu peux ouvrir un compte.
"""
PATH = "traduzioni/fr/prova.md"


def test_a_translation_is_read() -> None:
    """Its sheet is told by the name of the file; the words are kept as they are."""
    handout, findings = parse_handout(TEXT.encode(), PATH)
    assert handout is not None, findings
    assert (handout.guide, handout.language, handout.title) == ("prova", "fr", "Essai")
    assert (handout.made_from, handout.proofread) == ("0123456789ab", False)
    assert handout.markdown == TEXT
    read, _ = parse_handout(TEXT.replace("non riletto", "riletto").encode(), PATH)
    assert read is not None
    assert read.proofread


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("---\ntitolo", "titolo", 1, "manca l'intestazione"),
        ("lingua: fr", "lingua: de", 3, "«lingua»: valore non ammesso"),
        ("lingua: fr", "lingua: es", 3, "sta in traduzioni/es/prova.md"),
        ('"0123456789ab"', '"0123"', 4, "«impronta» non ha la forma giusta"),
        ("tradotto, non", "forse, non", 5, "«stato»: valore non ammesso"),
        ("stato", "stati", 5, "chiave sconosciuta «stati»"),
        ("Tu peux ouvrir un compte.\n", "", 1, "manca la traduzione"),
    ],
)
def test_each_fault_is_told_at_its_line(old: str, new: str, line: int, words: str) -> None:
    """A translation that cannot be read becomes findings."""
    handout, findings = parse_handout(TEXT.replace(old, new).encode(), PATH)
    assert handout is None
    assert any(f.line == line and words in f.message for f in findings), findings


def test_the_languages_are_those_of_the_pages() -> None:
    """The words around a handout are there in each language that a translation may have."""
    for language in set(LANGUAGES) - {ITALIAN}:
        text = TEXT.replace("lingua: fr", f"lingua: {language}")
        handout, findings = parse_handout(text.encode(), f"traduzioni/{language}/prova.md")
        assert handout is not None, findings
    named = HandoutModel.model_json_schema()["properties"]["lingua"]["enum"]
    assert {*named, ITALIAN} == set(LANGUAGES)


def test_a_translation_is_no_guide(tmp_path: Path) -> None:
    """The folder gives one guide and one handout, each from its own files."""
    for path, text in (("schede/prova.md", SHEET + BODY + PLAIN), (PATH, TEXT)):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    (guide,), findings = read_guides(tmp_path)
    (handout,), told = read_handouts(tmp_path)
    assert (guide.path, handout.path, findings, told) == ("schede/prova.md", PATH, [], [])


def test_the_fingerprint_is_of_the_words() -> None:
    """Blanks, and what stands elsewhere in the sheet, count for nothing; a word does."""
    boxes = [
        plain_box(sheet(text))
        for text in (
            BODY + PLAIN, BODY + "\nAltro.\n" + PLAIN.replace(". P", ".\nP"),
            BODY + PLAIN.replace("un conto", "due conti"),
        )
    ]  # fmt: skip
    first, moved, changed = (fingerprint(box) for box in boxes if box)
    assert first == moved != changed
    assert plain_box(sheet(BODY)) is None
