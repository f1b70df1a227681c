"""The scale benchmark measures the index that serves, on real passages and declared copies."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import faiss
import numpy as np
import pytest
from made_encoder import made_encoder

from chatbot.find.retrieve import DEPTH
from eval.benchmarks.distractors import cut, read_distractors
from eval.benchmarks.scale import WORDS, Corpus, grow, growth_svg, measure, recall
from eval.plain import snapshot_of_texts
from index.encode.encoder import Encoder
from index.search.store import FLAT_BELOW, VectorStore


def unit_vectors(n: int, seed: int = 1) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(n, 16)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def corpus() -> Any:
    """Five passages: what `grow` looks at of a corpus."""
    texts = [f"{word} " * 80 for word in ("uno", "due", "tre", "quattro", "cinque")]
    return SimpleNamespace(texts=texts, vectors=unit_vectors(5))


def test_copies_come_after_the_real_ones_and_differ(corpus: Any) -> None:
    """Real passages first, as they are; copies are unit vectors between two of them."""
    vectors, texts = grow(corpus, 50)
    assert np.allclose(vectors[:5], corpus.vectors, atol=1e-6)
    assert texts[:5] == corpus.texts
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert all(len(text.split()) == WORDS for text in texts[5:])
    assert max(len(set(text.split())) for text in texts[5:]) == 2


def test_growth_is_the_same_at_each_run(corpus: Any) -> None:
    """Figures of two runs may be compared."""
    assert grow(corpus, 30)[1] == grow(corpus, 30)[1]


def test_exact_search_recalls_everything() -> None:
    """Under the threshold the index is exact, and the measure says so."""
    vectors = unit_vectors(DEPTH * 3)
    store = VectorStore.build(vectors)
    assert store.kind == "IndexFlatIP"
    assert recall(store, vectors, vectors[:20]) == 1.0
    assert len(vectors) < FLAT_BELOW


def test_a_size_is_measured_through_what_answers() -> None:
    """Each way of searching has its times; what is exact finds everything."""
    words = ("conto", "banca", "permesso", "questura", "scuola")
    told = [f"Il {word} si chiede." for word in words]
    base, asked = snapshot_of_texts(words, words, told, made_encoder()), ["Chi apre un conto?"]
    texts = [passage.embedded for passage in base.passages]
    real = Corpus(base, texts, np.array(base.vectors), asked, made_encoder().encode_queries(asked))
    found = measure(real, 3 * len(texts))
    assert found["recall@10"] == 1.0
    assert all(found[name]["p95_ms"] > 0 for name in ("dense", "lexical", "both"))
    assert found["copies"] == 2 * len(texts)


def test_growth_is_drawn() -> None:
    """One line for each way of searching."""
    row = {name: {"p95_ms": 1.0} for name in ("dense", "lexical", "both")}
    drawn = growth_svg({"100": row, "1000": row})
    assert drawn.count('id="line2d_') >= 3


def test_one_question_is_searched_by_one_thread() -> None:
    """Threads that wait for each other took 40 ms of a half-millisecond search under load."""
    vectors = unit_vectors(100)
    VectorStore.build(vectors).nearest(vectors[0], 10)
    assert faiss.omp_get_max_threads() == 1


def crowded(n: int) -> np.ndarray:
    """Unit vectors around a few hundred points, as passages of guides are."""
    dice = np.random.default_rng(3)
    points = unit_vectors(300)[dice.integers(0, 300, n)]
    vectors = points + 0.15 * dice.normal(size=points.shape).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_lists_find_nearly_all_that_exact_search_finds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Above the threshold, and from the disk as well as fresh from the build."""
    monkeypatch.setattr("index.search.store.FLAT_BELOW", 1_000)
    monkeypatch.setattr("index.search.store.LISTS_SEARCHED", 16)
    vectors = crowded(20_000)
    store = VectorStore.build(vectors)
    store.save(tmp_path / "faiss.index")
    loaded = VectorStore.load(tmp_path / "faiss.index", len(vectors))
    assert store.kind == loaded.kind == "IndexIVFScalarQuantizer"
    assert recall(loaded, vectors, vectors[::200]) == recall(store, vectors, vectors[::200]) > 0.95
    assert store.nbytes / len(vectors) < 2 * vectors.shape[1]


def test_lists_are_the_same_at_each_build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The same guides give the same index."""
    monkeypatch.setattr("index.search.store.FLAT_BELOW", 1_000)
    for name in ("one", "other"):
        VectorStore.build(crowded(5_000)).save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_distractors_are_cut_at_the_end_of_sentences() -> None:
    """Each passage stands under its title and holds what the budget holds; one sentence longer
    than that stands alone."""
    long = "Una frase che non finisce " + "mai " * 20 + "qui."
    text = f"La prima. La seconda frase.\n1)\nLa terza.\n{long}\nLa quarta."
    passages = list(cut("Titolo", text, lambda words: len(words.split()), budget=8))
    assert [passage.split("\n")[0] for passage in passages] == ["Titolo"] * len(passages)
    assert passages[0] == "Titolo\nLa prima. La seconda frase. 1)"
    assert f"Titolo\n{long}" in passages
    bodies = " ".join(passage.split("\n")[1] for passage in passages)
    assert bodies.split() == text.split()


def test_distractors_are_encoded_once(tmp_path: Path, encoder_of_all: Encoder) -> None:
    """A second run reads the vectors that the first one kept."""
    source = tmp_path / "articles.jsonl"
    source.write_text(
        '{"_id": "1", "title": "Art. 1", "text": "Il richiedente lavora."}\n', "utf-8"
    )
    told: list[int] = []
    runs = [
        read_distractors(source, encoder_of_all, tmp_path, lambda done, _: told.append(done))
        for _ in range(2)
    ]
    assert told == [1]
    assert np.array_equal(runs[0].vectors, runs[1].vectors)
    assert runs[0].texts == ("Art. 1\nIl richiedente lavora.",)
