"""Whatever a document says is read in the draft as it was written, and no more."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from index.intake.document import Block
from index.intake.pieces import Piece, cleaned, markdown_of, words_of
from index.parse.markdown import parse_tokens, visible_text

MARKS = st.sampled_from(
    ["#", "##", "-", "+", "*", "**", "_", "__", "`", "```", "~~", "[", "](", ")", "<", ">", "&amp;",
     "&", "|", "\\", "!", "!!!", "???", ":::", "===", "---", "1.", "2)", "{#a}", "{", "}", "[^1]",
     "[x]", "![", "<!--", "-->", "http://a.b/c_d", "a_b_c", "5*3*2", "\u00ad", "\u202e", "\n", " ",
     "\t", "    ", "art.", "«sì»", "=", "$", "%", "{%", "parola", "è", "。"]
)  # fmt: skip
TEXTS = st.lists(st.one_of(MARKS, st.text(max_size=4)), min_size=1, max_size=12).map("".join)
PIECES = st.lists(
    st.builds(Piece, TEXTS.map(cleaned), st.booleans(), st.booleans(), st.just(False), st.just("")),
    min_size=1,
    max_size=5,
)


def seen(markdown: str) -> tuple[str, set[str]]:
    """What a reader sees, and the kinds of blocks that a parser makes of it."""
    tokens = parse_tokens(f"Prima.\n\n{markdown}\n\nDopo.")
    text = " ".join(visible_text(t.children or []) for t in tokens if t.type == "inline")
    return " ".join(text.split()), {t.type for t in tokens} - {"paragraph_open", "paragraph_close"}


@settings(max_examples=300, deadline=None)
@given(PIECES)
def test_a_paragraph_is_read_as_it_was_written(pieces: list[Piece]) -> None:
    text, kinds = seen(markdown_of(pieces))
    assert text == " ".join(f"Prima. {words_of(pieces)} Dopo.".split())
    assert kinds <= {"inline"}


@settings(max_examples=150, deadline=None)
@given(PIECES)
def test_a_heading_is_read_as_it_was_written(pieces: list[Piece]) -> None:
    words = words_of(pieces)
    if not words:
        return
    block = Block(markdown_of(pieces, one_line=True), words, 2, "a")
    text, kinds = seen(f"## {block.markdown} {{#a}}")
    assert text == f"Prima. {words} Dopo."
    assert kinds == {"heading_open", "heading_close", "inline"}


@settings(max_examples=150, deadline=None)
@given(PIECES, PIECES)
def test_a_cell_is_read_as_it_was_written(one: list[Piece], two: list[Piece]) -> None:
    cells = [markdown_of(cell, one_line=True, cell=True) for cell in (one, two)]
    text, kinds = seen(f"| x | y |\n| --- | --- |\n| a {cells[0]} | {cells[1]} b |")
    expected = f"Prima. x y {_cell('a', one, '')} {_cell('', two, 'b')} Dopo."
    assert re.sub(r"\s", "", text) == re.sub(r"\s", "", expected)
    assert "td_open" in kinds


def _cell(before: str, pieces: list[Piece], after: str) -> str:
    return f"{before}{words_of(pieces)}{after}"
