"""Question and page read together: the windows, the head, the adapter merged into the encoder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eval.page_reader.cross_encoder import (
    END,
    NO_SENTENCE,
    QUESTION_TOKENS,
    SENTENCE_TOKENS,
    WINDOW_TOKENS,
    CrossEncoder,
    CrossEncoderError,
    windows,
)
from eval.page_reader.cross_model import SHIPPED, ensure_cross_encoder, merged_encoder, read_weights
from index.encode.encoder import Encoder
from index.encode.tokenizer import Tokenizer

PAGE = [
    "Permesso per asilo",
    "Il permesso di soggiorno per asilo dura cinque anni ed è rinnovabile.",
    "La domanda di rinnovo si presenta alla questura.",
]


@pytest.fixture(scope="module")
def tokenizer(encoder_of_all: Encoder) -> Tokenizer:
    return encoder_of_all.tokenizer


@pytest.fixture(scope="module")
def cross(model_dir: Path) -> CrossEncoder:
    return CrossEncoder.load(ensure_cross_encoder(model_dir.parent, model_dir))


def test_a_window_is_the_question_then_the_sentences(tokenizer: Tokenizer) -> None:
    """Each sentence with the mark that closes it; the question is of none."""
    (window,) = windows(tokenizer, "Quanto dura?", PAGE)
    assert len(window.ids) == len(window.owners)
    asked = window.owners.count(NO_SENTENCE)
    assert window.owners[:asked] == [NO_SENTENCE] * asked
    assert window.owners[asked:] == sorted(window.owners[asked:])
    assert window.ids.count(END) == 1 + len(PAGE)
    assert [window.ids[window.owners.index(n + 1) - 1] for n in range(2)] == [END, END]


def test_a_long_page_is_cut_between_sentences(tokenizer: Tokenizer) -> None:
    """Every sentence once, in order, no window too long, whatever is asked."""
    units = [f"Il documento {n} si chiede all'ufficio {n * 7} del Comune." for n in range(90)]
    units[5], units[40] = "parola " * 900, ""
    found = list(windows(tokenizer, "perché " * 300, units))
    assert len(found) > 2
    assert [n for w in found for n in range(w.first, w.first + w.size)] == list(range(90))
    assert max(len(w.ids) for w in found) <= WINDOW_TOKENS
    assert {w.owners.count(NO_SENTENCE) for w in found} == {QUESTION_TOKENS + 2}
    assert found[0].owners.count(5) == SENTENCE_TOKENS + 1


def test_the_sentence_that_answers_is_told_from_its_neighbours(cross: CrossEncoder) -> None:
    """Two questions over one page; and the page answers less when what answers is not there."""
    how_long, where = "Quanto dura il permesso per asilo?", "Dove si presenta il rinnovo?"
    assert int(cross.read(how_long, PAGE).sentences.argmax()) == 1
    assert int(cross.read(where, PAGE).sentences.argmax()) == 2
    assert cross.read(how_long, PAGE).page > cross.read(how_long, [PAGE[0], PAGE[2]]).page


def test_a_sentence_alone_or_of_nothing_has_a_score(cross: CrossEncoder) -> None:
    """Empty sentences and other scripts: finite numbers, one for each."""
    for units in ([""], ["Sì."], ["", "مرحبا", "🙂", " "]):
        found = cross.read("", units)
        assert found.sentences.shape == (len(units),)
        assert np.isfinite([*found.sentences, found.page]).all()


def test_the_adapter_changes_what_it_names_and_nothing_else(model_dir: Path) -> None:
    """W + B A in one matrix; a layer without an adapter stays as it was."""
    name = "encoder.layer.3.output.dense"
    a, b = np.full((2, 1536), 0.5, np.float16), np.full((384, 2), 0.25, np.float16)
    plain, changed = (
        merged_encoder(model_dir, arrays) for arrays in ({}, {f"{name}.A": a, f"{name}.B": b})
    )
    moved = changed.get_submodule(name).weight - plain.get_submodule(name).weight
    assert np.allclose(moved.detach().numpy(), 0.25, atol=1e-6)
    other = "encoder.layer.2.output.dense"
    assert changed.get_submodule(other).weight.equal(plain.get_submodule(other).weight)


def test_the_weights_shipped_are_small_and_whole() -> None:
    """Under 10 MB, an adapter for each of the six linear layers of twelve, and a head."""
    assert SHIPPED.stat().st_size < 10_000_000
    arrays = read_weights(SHIPPED)
    assert sum(name.endswith(".A") for name in arrays) == 6 * 12
    assert all(np.isfinite(values).all() for name, values in arrays.items() if name != "base")


def test_it_is_prepared_once_and_shares_the_table(model_dir: Path) -> None:
    """The second call finds the folder; the table of embeddings is one file on the disk."""
    folder = ensure_cross_encoder(model_dir.parent, model_dir)
    made = (folder / "encoder.onnx").stat().st_mtime_ns
    assert ensure_cross_encoder(model_dir.parent, model_dir) == folder
    assert (folder / "encoder.onnx").stat().st_mtime_ns == made
    ours, base = (f / "encoder.onnx.data" for f in (folder, model_dir))
    assert ours.read_bytes() == base.read_bytes()


def test_weights_for_another_encoder_are_refused(model_dir: Path, tmp_path: Path) -> None:
    path = tmp_path / "cross.npz"
    np.savez(path, base=np.array("another"))
    with pytest.raises(CrossEncoderError, match=r"cross\.npz: fatto per another, non per multi"):
        ensure_cross_encoder(tmp_path, model_dir, path)


@pytest.mark.parametrize("content", [None, b"", b"not weights", b"PK\x03\x04 cut short"])
def test_weights_that_cannot_be_read_are_named(
    model_dir: Path, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "cross.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CrossEncoderError, match=r"cross\.npz"):
        ensure_cross_encoder(tmp_path, model_dir, path)


def test_a_folder_that_is_not_prepared_is_named(tmp_path: Path) -> None:
    with pytest.raises(CrossEncoderError, match=tmp_path.name):
        CrossEncoder.load(tmp_path)
