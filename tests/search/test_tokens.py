"""Token vectors in a third of the room still tell the same tokens apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.search.tokens import KEPT, TokenStore, quantise

WIDE = 384


def vectors(count: int, seed: int = 0, dimension: int = WIDE) -> np.ndarray:
    """(count, dimension) of length 1 that lean one way and vary more along some directions, as an
    encoder's do."""
    dice = np.random.default_rng(seed)
    spread = dice.normal(size=(count, dimension)) * np.geomspace(3, 0.05, dimension) + 1
    return (spread / np.linalg.norm(spread, axis=1, keepdims=True)).astype(np.float32)


def store_of(*passages: np.ndarray, dimension: int = WIDE) -> TokenStore:
    columns = [(*quantise(p), np.zeros(len(p), dtype=np.int16)) for p in passages]
    return TokenStore.join(columns, dimension)


def exact(tokens: np.ndarray, question: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """(t, q): centred cosines in all dimensions, in floats."""
    left, right = tokens - mean, question - mean
    left /= np.linalg.norm(left, axis=1, keepdims=True)
    right /= np.linalg.norm(right, axis=1, keepdims=True)
    return left @ right.T


def test_cosines_are_nearly_those_of_all_dimensions() -> None:
    tokens, question = vectors(900), vectors(12, seed=1)
    store = store_of(tokens[:400], tokens[400:])
    found, rows = store.cosines(store.turned(question), [1, 0])
    assert rows.tolist() == [*range(400, 900), *range(400)]
    wanted = exact(tokens, question, store.mean)[rows]
    assert np.abs(found - wanted).max() < 0.08
    assert np.corrcoef(found.ravel(), wanted.ravel())[0, 1] > 0.995


def test_a_token_meets_itself_with_a_cosine_of_about_one() -> None:
    tokens = vectors(300)
    store = store_of(tokens)
    found, _ = store.cosines(store.turned(tokens), [0])
    assert (found.diagonal() > 0.98).all()
    assert (found.argmax(axis=1) == np.arange(300)).all()


def test_the_room_taken_is_what_is_promised() -> None:
    store = store_of(vectors(100))
    assert store.axes.shape == (WIDE, KEPT)
    assert store.values.nbytes == 100 * KEPT // 2
    assert np.allclose(store.axes.T @ store.axes, np.eye(KEPT), atol=1e-5)


def test_the_same_vectors_make_the_same_store() -> None:
    first, second = store_of(vectors(200)), store_of(vectors(200))
    assert (first.values == second.values).all()
    assert (first.axes == second.axes).all()


def test_a_passage_more_or_less_moves_the_others_by_next_to_nothing() -> None:
    """Else an edited sentence would change what is at the limit in all guides."""
    passages = [vectors(60, seed) for seed in range(200)]
    whole, less = store_of(*passages), store_of(*passages[1:])
    assert np.abs(whole.axes - less.axes).max() < 0.02
    first = int(whole.bounds[1])
    assert np.mean(whole.values[first:] != less.values) < 0.1


def test_a_store_is_saved_and_mapped_as_it_was(tmp_path: Path) -> None:
    store = store_of(vectors(50), vectors(30, seed=2))
    store.save(tmp_path)
    loaded = TokenStore.load(tmp_path)
    question = store.turned(vectors(3, seed=3))
    assert (loaded.cosines(question, [1])[0] == store.cosines(question, [1])[0]).all()


@pytest.mark.parametrize("dimension", [2, 32, 255])
def test_a_small_encoder_keeps_all_it_has(dimension: int) -> None:
    """An odd number of dimensions leaves the one that varies least: two values share a byte."""
    tokens = vectors(40, dimension=dimension)
    store = store_of(tokens, dimension=dimension)
    assert store.axes.shape == (dimension, dimension // 2 * 2)
    found, _ = store.cosines(store.turned(tokens), [0])
    assert (found.diagonal() > 0.9).all()


@pytest.mark.parametrize("lengths", [(), (0,), (0, 3), (1,)])
def test_few_tokens_or_none_break_nothing(lengths: tuple[int, ...]) -> None:
    """A token that is all there is has nothing left once the mean is taken away."""
    store = store_of(*[vectors(n) for n in lengths])
    question = store.turned(vectors(2, seed=1))
    found, rows = store.cosines(question, range(len(lengths)))
    assert found.shape == (sum(lengths), 2)
    assert len(rows) == sum(lengths)
    assert np.isfinite(found).all()
