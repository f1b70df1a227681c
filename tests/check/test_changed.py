"""What is looked for by itself when the guides are checked."""

from __future__ import annotations

from dataclasses import replace

from guide_texts import BODY, SHEET, guide

from index.check.changed import about, changed_since
from index.finding import Finding


def test_what_changed_alone_is_compared_without_being_asked() -> None:
    """Copies and numbers of guides that are as published were told when they were."""
    same = guide(SHEET + BODY, "schede/a.md")
    changed = guide(SHEET + BODY.replace("Prova", "Prova nuova"), "schede/b.md")
    known = {"a": same, "b": replace(changed, digest="0" * 64)}
    assert changed_since([same, changed], {}) == []
    assert changed_since([same, changed], known) == ["schede/b.md"]
    own = Finding("schede/b.md", 3, "quasi uguale a schede/a.md:3", "copy", "warning")
    named = Finding("schede/a.md", 9, "da confrontare con schede/b.md:9", "number", "warning")
    other = Finding("schede/a.md", 5, "da confrontare con schede/c.md:5", "number", "warning")
    assert about([own, named, other], ["schede/b.md"]) == [own, named]
