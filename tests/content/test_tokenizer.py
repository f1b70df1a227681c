"""The tokenizer that serves cuts every guide and every case as the library of its model does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from folders import GUIDES

from eval.suite.case import Case
from index.encode.tokenizer import HUB_FILE, HubTokenizer, PieceTokenizer, load_tokenizer
from index.parse.walk import guide_files


def guides_and_questions(cases: tuple[Case, ...]) -> Iterator[str]:
    for path in guide_files(GUIDES)[0]:
        text = (GUIDES / path).read_text("utf-8")
        yield text
        yield from text.splitlines()
    for case in cases:
        yield case.question


def test_ids_and_offsets_are_those_of_the_tokenizers_library(
    model_dir: Path, cases: tuple[Case, ...]
) -> None:
    """No sign in a guide or a case stands where the two differ."""
    ours, theirs = load_tokenizer(model_dir), HubTokenizer(model_dir / HUB_FILE)
    assert isinstance(ours, PieceTokenizer)
    for text in guides_and_questions(cases):
        mine, expected = ours.encode(text), theirs.encode(text)
        assert list(mine.ids) == list(expected.ids), text
        assert list(mine.offsets) == list(expected.offsets), text
