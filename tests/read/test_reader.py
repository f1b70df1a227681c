"""Any cross-encoder reads: here one so small that it has learnt nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_cross_encoder import made_cross_encoder
from made_snapshots import WEIGHTS, sheet_of, snapshot_of

from chatbot.read.reader import Reader, ReaderError
from index.publish.snapshot import Snapshot


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    first = "## Durata {#a}\n\nIl tirocinio dura sei mesi. Poi si firma.\n"
    return snapshot_of([
        sheet_of("uno", "Uno", first), sheet_of("due", "Due", "## Firma {#b}\n\nIl contratto.\n"),
    ])  # fmt: skip


def test_passages_and_units_are_read(tmp_path: Path, snapshot: Snapshot) -> None:
    """Each passage in the order asked for, each of its units, as if it were read alone."""
    reader = Reader.load(made_cross_encoder(tmp_path / "model"))
    text = "Quanto dura il tirocinio?"
    together = reader.read(text, [1, 0], snapshot)
    for row, found in zip([1, 0], together, strict=True):
        (alone,) = reader.read(text, [row], snapshot)
        assert len(found.units) == len(snapshot.passages[row].units)
        assert np.allclose(found.units, alone.units, atol=1e-5)
        assert found.page == pytest.approx(alone.page, abs=1e-5)


def test_another_training_is_another_reader(tmp_path: Path) -> None:
    """Though the name be the same: weights fitted with one say nothing of the other."""
    first = Reader.load(made_cross_encoder(tmp_path / "first"))
    again = Reader.load(made_cross_encoder(tmp_path / "again"))
    other = Reader.load(made_cross_encoder(tmp_path / "other", seed=1))
    assert first.digest == again.digest != other.digest


def test_what_is_no_reader_is_refused(tmp_path: Path) -> None:
    """By name, with what to look at."""
    labels = made_cross_encoder(tmp_path / "three", labels=3)
    with pytest.raises(ReaderError, match=r"three.*BUSSOLA_READER.*3 numeri"):
        Reader.load(labels)
    with pytest.raises(ReaderError, match="non-esiste"):
        Reader.load(str(tmp_path / "non-esiste"))


def test_weights_fitted_without_a_reader_know_none() -> None:
    assert WEIGHTS.reader == ""
