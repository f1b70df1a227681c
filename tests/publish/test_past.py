"""What was in use is read again as it was, and each text is kept once."""

from __future__ import annotations

from pathlib import Path

import pytest
from guide_texts import BODY, sheet
from made_snapshots import sheet_of, snapshot_of

from index.publish.past import PastError, keep_guides, read_day, read_guide


def test_each_text_is_kept_once(tmp_path: Path) -> None:
    """Two snapshots that differ by one guide cost one text more; each reads as its day was."""
    same = sheet_of("uguale", "Uguale", "Un testo.")
    before = snapshot_of([same, sheet_of("altra", "Altra", "Prima.")])
    after = snapshot_of([same, sheet_of("altra", "Altra", "Dopo.")])
    ids = []
    for n, snapshot in enumerate((before, after)):
        object.__setattr__(snapshot, "id", f"giorno-{n}")
        ids.append(keep_guides(tmp_path, snapshot))
    assert ids == [2, 1]
    assert keep_guides(tmp_path, after) == 0
    for name, words in (("giorno-0", "Prima."), ("giorno-1", "Dopo.")):
        day = read_day(tmp_path, name)
        assert day is not None
        read = read_guide(tmp_path, day, "altra")
        assert read is not None
        assert words in read.markdown
        assert read_guide(tmp_path, day, "nessuna") is None


@pytest.mark.parametrize("name", ["", "..", "../CURRENT", "giorno 1", "x" * 200, "mai-pubblicata"])
def test_a_name_leads_to_no_other_file(tmp_path: Path, name: str) -> None:
    """What is no snapshot that was in use is simply not there."""
    assert read_day(tmp_path, name) is None


def test_a_damaged_copy_is_told(tmp_path: Path) -> None:
    """It is not taken for one that was never there."""
    snapshot = snapshot_of([sheet(BODY)])
    keep_guides(tmp_path, snapshot)
    day = read_day(tmp_path, snapshot.id)
    assert day is not None
    (text,) = (tmp_path / "past/guides").iterdir()
    text.write_bytes(b"rotto")
    with pytest.raises(PastError, match="non si legge"):
        read_guide(tmp_path, day, next(iter(day.guides)))
