"""Units are read where they stand, and what was encoded once is not encoded again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_encoder import DIMENSION, MadeEncoder

from index.encode.encoder import TokenVectors
from index.encode.vectors import BATCH, Encoded, Text, VectorCache, encode_texts
from index.errors import BussolaError
from index.search.tokens import HEADING

TEXT = Text("Titolo\nIl tirocinio dura sei mesi. Si proroga una volta.", (7, 36))


def unit(*values: float) -> np.ndarray:
    vector = np.array(values, dtype=np.float32)
    return vector / np.linalg.norm(vector)


def vectors(last: list[np.ndarray], begins: list[int]) -> TokenVectors:
    """Tokens that begin at these characters; the layers are alike."""
    found = np.array(last, dtype=np.float32)
    offsets = np.array([(at, at + 1) for at in begins], dtype=np.int32)
    return TokenVectors(found.mean(axis=0), found, found, offsets)


def test_a_unit_is_the_mean_of_its_tokens() -> None:
    """Of length 1, each token given to the unit that it stands in, those before to the heading."""
    tokens = [unit(0, 0, 1), unit(1, 0, 0), unit(0, 1, 0), unit(1, 1, 1)]
    found = Encoded.of(Text("T\nuno due. tre", (2, 11)), vectors(tokens, [0, 2, 6, 11]))
    assert found.owners.tolist() == [HEADING, 0, 0, 1]
    assert np.allclose(found.units[0], unit(1, 1, 0), atol=1e-3)
    assert np.allclose(found.units[1], unit(1, 1, 1), atol=1e-3)


def test_a_unit_that_the_encoder_did_not_reach_is_nothing() -> None:
    """A long passage is cut: what was cut away is near no question."""
    found = Encoded.of(Text("uno. due. tre", (0, 5, 10)), vectors([unit(1, 0)], [0]))
    assert found.units.tolist() == [[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]]


@pytest.mark.parametrize("text", [Text(""), Text("solo un titolo"), Text("", (0,))])
def test_a_text_without_units_or_without_words_has_its_rows(text: Text) -> None:
    """As many units as begin in it, whatever the encoder found there."""
    (found,) = encode_texts(MadeEncoder(), [text])  # type: ignore[arg-type]
    assert found.units.shape == (len(text.starts), DIMENSION)
    assert np.isfinite(found.units).all()


def same(one: Encoded, other: Encoded) -> bool:
    names = ("vector", "tokens", "scales", "owners", "units")
    return all(np.array_equal(getattr(one, n), getattr(other, n)) for n in names)


def cache(folder: Path, encoder: MadeEncoder) -> VectorCache:
    return VectorCache(folder, encoder)  # type: ignore[arg-type]


def test_what_was_encoded_once_is_not_encoded_again(tmp_path: Path) -> None:
    """To the bit, in another process too: the second cache is opened anew."""
    encoder = MadeEncoder()
    texts = [TEXT, Text("La banca apre il conto.", (0,)), TEXT]
    first, fresh = cache(tmp_path, encoder).encode(texts)
    assert fresh == 2
    encoder.runs.clear()
    again, fresh = cache(tmp_path, encoder).encode(texts[::-1])
    assert (fresh, encoder.runs) == (0, [])
    assert all(same(a, b) for a, b in zip(first, again[::-1], strict=True))
    assert same(first[0], encode_texts(encoder, [TEXT])[0])  # type: ignore[arg-type]


def test_other_units_in_the_same_text_are_another_entry(tmp_path: Path) -> None:
    """An editor who splits a sentence gets units anew."""
    kept = cache(tmp_path, MadeEncoder())
    kept.encode([TEXT])
    (found,), fresh = kept.encode([Text(TEXT.text, (7, 20, 36))])
    assert (fresh, len(found.units)) == (1, 3)


def test_another_encoder_has_its_own_file(tmp_path: Path) -> None:
    """Vectors of two models are never taken one for the other."""
    cache(tmp_path, MadeEncoder("a" * 64)).encode([TEXT])
    assert cache(tmp_path, MadeEncoder("b" * 64)).encode([TEXT])[1] == 1
    assert len(list(tmp_path.glob("*.sqlite"))) == 2


def test_a_damaged_cache_is_filled_again(tmp_path: Path) -> None:
    """Losing it costs only time: bytes that are no database, and a row of the wrong length."""
    cache(tmp_path, MadeEncoder()).encode([TEXT])
    (path,) = tmp_path.glob("*.sqlite")
    path.write_bytes(b"no database " * 500)
    found, fresh = cache(tmp_path, MadeEncoder()).encode([TEXT])
    assert fresh == 1
    kept = cache(tmp_path, MadeEncoder())
    with kept._connect() as connection:
        connection.execute("UPDATE passages SET units = x'0102'")
    again, fresh = kept.encode([TEXT])
    assert fresh == 1
    assert same(found[0], again[0])


def test_questions_are_kept_too(tmp_path: Path) -> None:
    """Headings, `domande` and signals, in the order given, repeated or not."""
    encoder = MadeEncoder()
    kept = cache(tmp_path, encoder)
    first = kept.encode_questions(["Quanto dura?", "Chi paga?", "Quanto dura?"])
    encoder.runs.clear()
    assert np.array_equal(kept.encode_questions(["Chi paga?", "Quanto dura?"]), first[[1, 0]])
    assert encoder.runs == []
    assert np.array_equal(first[0], first[2])
    assert kept.encode_questions([]).shape == (0, DIMENSION)


def test_progress_counts_what_is_encoded(tmp_path: Path) -> None:
    """Not what was there already; what a kill can cost is one batch."""
    texts = [Text(f"La regola numero {n}.", (0,)) for n in range(BATCH + 3)]
    told: list[tuple[int, int]] = []
    kept = cache(tmp_path, MadeEncoder())
    kept.encode(texts[:2])
    kept.encode(texts, lambda done, total: told.append((done, total)))
    assert told == [(BATCH, BATCH + 1), (BATCH + 1, BATCH + 1)]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """In words, with its path."""
    (tmp_path / f"{MadeEncoder().digest[:16]}.sqlite").mkdir()
    with pytest.raises(BussolaError, match="Non riesco a scrivere"):
        cache(tmp_path, MadeEncoder())
