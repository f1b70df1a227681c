"""BM25 finds the best passages without scoring them all, and finds the same."""

from __future__ import annotations

from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import index.search.postings
from index.search.lexical import LexicalIndex, terms

WORDS = [f"parola{n}" for n in range(30)]
SEEDS = st.integers(0, 2**32 - 1)


def drawn_texts(dice: np.random.Generator, n: int) -> list[str]:
    """Some words in nearly every text, most in few: as words of a language are."""
    shares = 1 / np.arange(1, len(WORDS) + 1)
    return [
        " ".join(dice.choice(WORDS, size=dice.integers(0, 25), p=shares / shares.sum()))
        for _ in range(n)
    ]


def every_score(texts: list[str], question: list[str]) -> np.ndarray:
    """(n,) as the library gives them."""
    bm25 = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
    bm25.index([terms(text) or ["\x00"] for text in texts], show_progress=False)
    known = [stem for stem in question if stem in bm25.vocab_dict]
    return bm25.get_scores(known) if known else np.zeros(len(texts), dtype=np.float32)


@pytest.mark.parametrize("small", [0, 10_000])
@settings(deadline=None, max_examples=150)
@given(seed=SEEDS, n=st.integers(1, 300), k=st.integers(1, 20), asked=st.integers(0, 8))
def test_the_best_are_those_of_scoring_every_passage(
    small: int, seed: int, n: int, k: int, asked: int
) -> None:
    """Same scores to the last bit, best first; which of equal passages, is not said."""
    dice = np.random.default_rng(seed)
    texts = drawn_texts(dice, n)
    question = terms(" ".join(dice.choice([*WORDS, "ignota"], size=asked)))
    every = every_score(texts, question)
    best = np.sort(every[every > 0])[::-1][:k]
    lexical = LexicalIndex.build(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index.search.postings, "SMALL", small)
        rows, scores = lexical.top(question, k)
        wanted = dice.integers(0, n, 5)
        assert np.array_equal(scores, best)
        assert np.array_equal(every[rows], best)
        assert len(set(rows)) == len(rows)
        assert np.array_equal(lexical.scores_of(question, wanted), every[wanted])


def test_passages_that_cannot_be_among_the_best_are_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of 2,000 passages that share the common word, only those with the rare one are looked at."""
    texts = ["permesso scaduto"] * 5 + ["permesso"] * 1_995
    monkeypatch.setattr(index.search.postings, "SMALL", 0)
    postings = LexicalIndex.build(texts)._postings
    looked_at: list[int] = []
    scores_of = index.search.postings.Postings.scores_of
    monkeypatch.setattr(
        index.search.postings.Postings,
        "scores_of",
        lambda self, ids, rows: (looked_at.append(len(rows)), scores_of(self, ids, rows))[1],
    )
    rows, _ = postings.top([0, 1], 3)
    assert set(rows) <= set(range(5))
    assert max(looked_at) == 5


def test_saved_and_loaded_it_finds_the_same(tmp_path: Path) -> None:
    texts = ["il permesso di soggiorno", "la tessera sanitaria", "il conto corrente", ""]
    built = LexicalIndex.build(texts)
    built.save(tmp_path / "bm25")
    loaded = LexicalIndex.load(tmp_path / "bm25", len(texts))
    question = terms("permesso e tessera")
    for one, other in zip(built.top(question, 3), loaded.top(question, 3), strict=True):
        assert np.array_equal(one, other)
    assert loaded.nbytes == built.nbytes


def test_nothing_is_found_for_words_that_no_passage_has() -> None:
    lexical = LexicalIndex.build(["il permesso di soggiorno"] * 3)
    rows, scores = lexical.top(terms("zucchine"), 10)
    assert len(rows) == len(scores) == 0
    assert lexical.scores_of(terms("zucchine"), np.array([0, 2])).tolist() == [0, 0]


def test_a_number_of_several_parts_is_a_word_too() -> None:
    """Whatever joins them, so that 142/2015 is not any text with a 142 and a 2015."""
    assert "142-2015" in terms("d.lgs. 142/2015")
    assert terms("il 12/06/2026")[-1] == terms("il 12-06-2026")[-1] == "12-06-2026"
    assert {"1", "4", "3", "1-4-3"} <= set(terms("misura 1.4.3"))
    assert terms("misura 14") == ["misur", "14"]
    texts = ["circolare 142 del 2015", "d.lgs. 142/2015, articolo 22", "altro"]
    lexical = LexicalIndex.build(texts)
    assert lexical.top(terms("142/2015"), 3)[0][0] == 1


def test_who_holds_a_stem_is_known() -> None:
    """Of the passages asked about, whatever their order; nobody holds a stem that is unknown."""
    texts = ["la casa e il lavoro", "il lavoro", "la scuola", "casa"]
    lexical = LexicalIndex.build(texts)
    rows = np.array([3, 2, 1, 0])
    for word in ("casa", "lavoro", "scuola", "zucchine"):
        (stem,) = terms(word)
        expected = [stem in terms(texts[row]) for row in rows]
        assert lexical.holds(stem, rows).tolist() == expected
    assert lexical.holds(stem, np.array([], dtype=np.int64)).tolist() == []
