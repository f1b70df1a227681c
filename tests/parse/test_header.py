"""A front matter goes through a form and comes back as it was, but for what was changed."""

from __future__ import annotations

import pytest
from folders import MADE
from guide_texts import SERVICE

from index.parse.guide_file import parse_guide
from index.parse.header import (
    fields_of,
    first_line_of,
    joined,
    key_at,
    split_text,
    with_fields,
)

HEAD = """titolo: "Conto: come"   # a mano
tipo: scheda
bisogni: [denaro]
# chi lo sa
verificato_il: 2026-11-22
domande:
  inizio:
    - come si apre?
  chi: uno solo?
fonti:
  - titolo: TUB
"""


@pytest.mark.parametrize("path", sorted(MADE.rglob("*.md")), ids=lambda path: path.stem)
def test_the_same_fields_change_nothing(path: object) -> None:
    """Every guide made for the tests, byte for byte."""
    text = path.read_text("utf-8")  # type: ignore[attr-defined]
    head, body = split_text(text)
    fields = fields_of(head)
    assert fields is not None
    assert joined(with_fields(head, fields), body) == text
    assert first_line_of(text) == (head.count("\n") + 2 if head else 0)


def test_what_is_changed_is_written_in_its_place() -> None:
    """Text with a colon, days, a tree and a list; comments and all else stay."""
    changed = {
        "titolo": "Conto: perché «no»", "bisogni": ["denaro", "lavoro"],
        "verificato_il": "2026-11-30", "domande": {"inizio": ["come si apre?", "no: si può?"]},
    }  # fmt: skip
    new = with_fields(HEAD, {**(fields_of(HEAD) or {}), **changed})
    assert new == (
        "titolo: 'Conto: perché «no»'\ntipo: scheda\nbisogni: [denaro, lavoro]\n# chi lo sa\n"
        "verificato_il: 2026-11-30\ndomande:\n  inizio:\n    - come si apre?\n"
        "    - 'no: si può?'\nfonti:\n  - titolo: TUB\n"
    )
    again = fields_of(new)
    assert again is not None
    assert again["domande"] == changed["domande"]


def test_empty_takes_out_and_new_goes_to_the_end() -> None:
    """An empty value is no key; a key that was not there is added."""
    new = with_fields(HEAD, {"domande": {}, "responsabile": "redazione", "territorio": ""})
    assert "domande" not in new
    assert "territorio" not in new
    assert new.endswith("fonti:\n  - titolo: TUB\nresponsabile: redazione\n")


def test_lines_know_their_key() -> None:
    """A finding is shown beside the field it is of."""
    assert [key_at(HEAD, n) for n in (1, 4, 5, 8, 9, 11)] == [
        "titolo", "bisogni", "verificato_il", "domande", "domande", "fonti",
    ]  # fmt: skip


@pytest.mark.parametrize("head", ["titolo: [\n", "- a\n", "a: b: c\n", "\tx: y\n"])
def test_what_cannot_be_read_has_no_form(head: str) -> None:
    """It is corrected as text; nothing is guessed."""
    assert fields_of(head) is None
    with pytest.raises(ValueError, match="front matter"):
        with_fields(head, {"titolo": "x"})


def test_a_service_goes_through() -> None:
    """Contacts with one value or many, and what a form adds, are read by the parser."""
    head, body = split_text(SERVICE + "# Prova\n\nUno sportello.\n")
    new = with_fields(head, {
        "contatti": {"telefono": ["1522", "+39 011 1"], "sito": ["https://esempio.it"]},
        "orari": "lun: 9-12", "lingue": ["italiano", "l'arabo: sì"],
    })  # fmt: skip
    guide, findings = parse_guide(joined(new, body).encode(), "servizi/prova.md")
    assert findings == []
    assert guide is not None
    assert guide.service is not None
    assert [c.value for c in guide.service.contacts] == ["1522", "+39 011 1", "https://esempio.it"]
    assert guide.service.languages == ("italiano", "l'arabo: sì")
    assert fields_of(new)["lingue"] == ["italiano", "l'arabo: sì"]  # type: ignore[index]


def test_a_text_without_front_matter() -> None:
    """All of it is body."""
    assert split_text("# Titolo\n\n---\n") == ("", "# Titolo\n\n---\n")
    assert joined("", "# T\n") == "# T\n"
