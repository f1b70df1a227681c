"""A file is cut where what stands there says so: what is put into it changes few of its pieces, and
who has the others asks for those alone."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, text

from chatbot.shared.cabinet import open_shared
from chatbot.shared.editions import EditionError, Editions
from chatbot.shared.pieces import LEAST, MOST, cut
from index.files import file_digest
from index.publish.manifest import MANIFEST

ROWS = 8_000
DRAWN = np.random.default_rng(3).standard_normal((ROWS + 1, 384), dtype=np.float32)
WRITTEN = json.dumps([f"Passaggio {n}: {row.tobytes().hex()}" for n, row in enumerate(DRAWN[:900])])
FILE = "vectors.npy"


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = open_shared(database)
    yield engine
    engine.dispose()


def pieces_of(folder: Path, data: bytes) -> list[tuple[str, bytes]]:
    (file := folder / "file").write_bytes(data)
    return list(cut(file))


@pytest.mark.parametrize(
    "data",
    [b"", b"e", DRAWN.tobytes(), WRITTEN.encode(), bytes(3 * MOST), b"e" * 3 * MOST, b"ab" * MOST],
    ids=["nothing", "a byte", "numbers", "text", "zeros", "one letter", "two letters"],
)
def test_the_pieces_are_the_file(data: bytes, tmp_path: Path) -> None:
    """One after the other; none is larger than what is let, and only the last is smaller."""
    pieces = [piece for _, piece in pieces_of(tmp_path, data)]
    assert b"".join(pieces) == data
    assert all(LEAST <= len(piece) <= MOST for piece in pieces[:-1])
    assert len(pieces[-1]) <= MOST


@pytest.mark.parametrize("row", [0, ROWS // 2, ROWS])
def test_a_row_more_changes_few_pieces(row: int, tmp_path: Path) -> None:
    """Wherever it is put."""
    before = pieces_of(tmp_path, DRAWN[:ROWS].tobytes())
    after = pieces_of(tmp_path, np.insert(DRAWN[:ROWS], row, DRAWN[ROWS], axis=0).tobytes())
    assert len(before) > 20
    assert len(dict(after).keys() - dict(before).keys()) <= 2


def test_a_sentence_more_changes_few_pieces(tmp_path: Path) -> None:
    before = pieces_of(tmp_path, WRITTEN.encode())
    after = pieces_of(tmp_path, WRITTEN.replace("Passaggio 5:", "Con una frase: ").encode())
    assert len(before) > 10
    assert len(dict(after).keys() - dict(before).keys()) <= 2


def snapshot(folder: Path, rows: np.ndarray) -> Path:
    """A folder with one file of rows, and a manifest that says so."""
    folder.mkdir(parents=True)
    (folder / FILE).write_bytes(rows.tobytes())
    listed = {"files": {FILE: file_digest(folder / FILE)}}
    (folder / MANIFEST).write_text(json.dumps(listed), encoding="utf-8")
    return folder


@pytest.fixture
def published(engine: Engine, tmp_path: Path) -> tuple[Editions, Path, Path]:
    """The editions, a snapshot that a server has, and one with a row more that it has not."""
    editions, texts = Editions(engine), tmp_path / "guide"
    texts.mkdir()
    (texts / "una.md").write_text("# Una\n", encoding="utf-8")
    old = snapshot(tmp_path / "var/prima", DRAWN[:ROWS])
    editions.put(old.name, old, texts, 0, "prove")
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT digest FROM pieces")).scalars().all()
    new = snapshot(tmp_path / "altrove/dopo", np.insert(DRAWN[:ROWS], 3, DRAWN[ROWS], axis=0))
    editions.put(new.name, new, texts, 1, "prove")
    with engine.begin() as connection:  # whoever asks for what was there already is told another
        other = "UPDATE pieces SET data = decode(repeat('00', length(data)), 'hex')"
        connection.execute(text(f"{other} WHERE digest = ANY(:kept)"), {"kept": list(kept)})
    return editions, old, new


def test_only_pieces_that_are_not_here_are_asked_for(
    published: tuple[Editions, Path, Path], tmp_path: Path
) -> None:
    editions, old, new = published
    editions.fetch(new.name, tmp_path / "arrivata", [old])
    assert (tmp_path / "arrivata" / FILE).read_bytes() == (new / FILE).read_bytes()
    with pytest.raises(EditionError, match="rotto"):
        editions.fetch(new.name, tmp_path / "daccapo", [])


def test_a_file_here_that_is_not_what_it_was_is_not_trusted(
    published: tuple[Editions, Path, Path], tmp_path: Path
) -> None:
    """Then all its pieces are asked for."""
    editions, old, new = published
    with editions.engine.begin() as connection:
        for digest, piece in cut(new / FILE):
            values = {"data": piece, "digest": digest}
            connection.execute(
                text("UPDATE pieces SET data = :data WHERE digest = :digest"), values
            )
    with (old / FILE).open("r+b") as file:
        file.seek(-4, os.SEEK_END)
        file.write(b"!!!!")
    editions.fetch(new.name, tmp_path / "arrivata", [old])
    assert (tmp_path / "arrivata" / FILE).read_bytes() == (new / FILE).read_bytes()
