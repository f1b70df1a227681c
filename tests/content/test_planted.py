"""No text of the guides is taken for one that is meant for a program."""

from __future__ import annotations

from folders import GUIDES, ROOT

from index.parse.folder import read_all
from index.parse.planted import planted


def test_no_unit_of_real_guides_is_taken_for_one() -> None:
    """The guides of the repository, and those of another body, are for people to the last word."""
    for folder in (GUIDES, ROOT / "docs/esempi/pa-digitale"):
        guides, _ = read_all(folder)
        assert len(guides) >= 20
        for guide in guides:
            assert [u.text for s in guide.sections for u in planted(s.units)] == []
