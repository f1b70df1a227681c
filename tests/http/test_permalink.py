"""The link of an answer says which passages, and nothing that a person wrote."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from chatbot.answer import Answer, Citation, Outcome
from chatbot.http.permalink import MOST, Pointer, permalink, read_pointers

WORDS = st.text(st.characters(categories=["Ll", "Nd"], include_characters="-~"), min_size=1)


def cited(n: int, url: str) -> Citation:
    return Citation(n, "conto", "Conto", ("Conto",), url, "Sì.", None, None)


def link_of(*citations: Citation, outcome: Outcome = "answered") -> str:
    rest = dict.fromkeys(("hits", "scripts", "services", "related_questions"), ())
    return permalink(
        Answer(
            id="a", outcome=outcome, answer="", citations=citations, confidence=1.0, language="it",
            snapshot="giorno", timings_ms={}, **rest,
        )
    )  # fmt: skip


@given(guide=st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True), anchor=WORDS,
       keys=st.lists(st.from_regex("[0-9a-f]{8}", fullmatch=True), max_size=4))  # fmt: skip
def test_a_pointer_is_read_as_it_was_written(guide: str, anchor: str, keys: list[str]) -> None:
    """Whatever the anchor is made of."""
    pointer = Pointer(guide, anchor, tuple(keys))
    assert Pointer.parse(str(pointer)) == pointer


@given(st.text())
def test_any_text_is_a_pointer_or_none(text: str) -> None:
    """What comes in an address is never an error."""
    read = Pointer.parse(text)
    assert read is None or str(read).startswith(f"{read.guide}~")


def test_the_link_names_passages_and_no_question() -> None:
    """Units of one section come together; a passage that is only near has no unit lit."""
    citations = (
        cited(1, "/guide/conto?cita=aa-bb#chi-pu%C3%B2"),
        cited(2, "/guide/conto?cita=cc#chi-pu%C3%B2"),
    )
    link = link_of(*citations)
    assert link.startswith("/risposta/giorno?p=")
    pointers = parse_qs(urlsplit(link).query)["p"]
    assert read_pointers(pointers) == [Pointer("conto", "chi-può", ("aa", "bb", "cc"))]
    near = link_of(*citations, outcome="related")
    assert "aa" not in near
    assert link_of() == ""


def test_a_link_has_a_measure() -> None:
    """Nobody makes the server render a hundred passages."""
    assert len(read_pointers(f"guida-{n}~punto~" for n in range(100))) == MOST
