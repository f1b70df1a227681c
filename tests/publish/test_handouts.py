"""Translated boxes in a snapshot: they are there, and nothing that answers knows of them."""

from __future__ import annotations

from pathlib import Path

from folders import MADE

from index.encode.encoder import Encoder
from index.publish.build import build
from index.publish.snapshot import load_current

PATH = "traduzioni/ar/conto-di-base.md"


def test_a_translation_is_published_and_is_no_passage(
    small_copy: Path, encoder_of_all: Encoder
) -> None:
    """It is loaded back as written, counts as no guide, makes no passage; a word of it changed is
    a new snapshot."""
    guides, var = small_copy / "guides", small_copy / "var"
    before = load_current(var)
    text = (MADE / PATH).read_text("utf-8")
    (guides / PATH).parent.mkdir(parents=True)
    (guides / PATH).write_text(text, encoding="utf-8")
    summary = build(guides, var, encoder_of_all)
    after = load_current(var)
    assert [(h.path, h.markdown) for h in after.handouts] == [(PATH, text)]
    assert (before.handouts, summary.encoded) == ((), 0)
    assert after.guides.keys() == before.guides.keys()
    assert [p.embedded for p in after.passages] == [p.embedded for p in before.passages]
    assert build(guides, var, encoder_of_all).snapshot == after.id
    (guides / PATH).write_text(text.replace("عد إلينا", "ارجع إلينا"), encoding="utf-8")
    assert build(guides, var, encoder_of_all).snapshot != after.id
