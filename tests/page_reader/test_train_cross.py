"""Training the cross-encoder: what it learns, what is left out, what its weights are."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import torch

from eval.beir import DataError
from eval.page_reader.command import read_scores, write_scores
from eval.page_reader.cross_encoder import CrossEncoder
from eval.page_reader.cross_model import ensure_cross_encoder
from eval.page_reader.cross_net import CrossNet, collate
from eval.page_reader.reading import PageQuestion
from eval.page_reader.train_cross import Recipe, Trained, batches, labelled, predict, train_cross
from index.encode.tokenizer import load_tokenizer

TINY = Recipe(rank=2, practice_epochs=1, epochs=6, folds=2, batch_tokens=256, rate=3e-3)
SUBJECTS = ("permesso", "tirocinio", "scuola", "medico", "casa", "contratto", "visto", "corso")


def page(number: int) -> PageQuestion:
    """The sentence that names the subject answers; the last page has none."""
    subject = SUBJECTS[number]
    sentences = ["Informazioni", f"Il {subject} dura {number + 2} mesi.", "Chiama lo sportello."]
    if number == len(SUBJECTS) - 1:
        return PageQuestion(str(number), f"Quanto dura il {subject}?", (sentences[0],), frozenset())
    question = f"Quanto dura il {subject}?"
    return PageQuestion(str(number), question, tuple(sentences), frozenset({1}))


PAGES = [page(number) for number in range(len(SUBJECTS))]


@pytest.fixture(scope="module")
def trained(model_dir: Path) -> Trained:
    groups = list(range(len(PAGES)))
    return train_cross(PAGES[:2], PAGES, groups, model_dir, TINY)


def test_a_tiny_training_finds_the_sentence_on_pages_it_did_not_see(trained: Trained) -> None:
    """Scores of every page, in order, most of them right."""
    assert [len(found.sentences) for found in trained.left_out] == [len(p.sentences) for p in PAGES]
    right = [int(s.sentences.argmax()) == 1 for s in trained.left_out[:-1]]
    assert sum(right) >= 5


def test_what_is_trained_is_what_is_served(
    trained: Trained, model_dir: Path, tmp_path: Path
) -> None:
    """The weights written, merged, exported and run outside torch give the scores of training."""
    path = tmp_path / "cross.npz"
    np.savez_compressed(path, **trained.net.weights())
    cross = CrossEncoder.load(ensure_cross_encoder(tmp_path, model_dir, path), threads=1)
    examples = list(labelled(load_tokenizer(model_dir), PAGES))
    expected = predict(trained.net, examples, TINY)
    for number, asked in enumerate(PAGES):
        found = cross.read(asked.question, asked.sentences)
        assert np.allclose(found.sentences, expected[number].sentences, atol=0.25)
        assert found.page == pytest.approx(expected[number].page, abs=0.25)


def test_an_untrained_net_says_the_same_of_all(model_dir: Path) -> None:
    """The head starts at nothing; padding does not count."""
    net = CrossNet(model_dir, 2).eval()
    examples = list(labelled(load_tokenizer(model_dir), [PAGES[0], PAGES[-1]]))
    with torch.no_grad():
        logits, _ = net(collate(examples, torch.device("cpu")))
    assert logits[0].tolist() == [0.0, 0.0, 0.0]
    assert logits[1].tolist() == [0.0, -12.0, -12.0]


def test_long_windows_fill_a_batch_alone(model_dir: Path) -> None:
    """Every window once in an epoch, no batch over its tokens."""
    examples = list(labelled(load_tokenizer(model_dir), PAGES * 5))
    found = batches(examples, TINY, random.Random(1))
    assert sorted(e.page for batch in found for e in batch) == list(range(len(PAGES) * 5))
    for batch in found:
        assert len(batch) * max(len(e.window.ids) for e in batch) <= TINY.batch_tokens


def test_scores_are_kept_with_their_pages(trained: Trained, tmp_path: Path) -> None:
    path = tmp_path / "scores.npz"
    write_scores(path, trained.left_out)
    kept = read_scores(path, PAGES)
    assert all(
        np.allclose(a.sentences, b.sentences) and a.page == pytest.approx(b.page)
        for a, b in zip(kept, trained.left_out, strict=True)
    )
    with pytest.raises(DataError, match="altre pagine"):
        read_scores(path, PAGES[::-1])
    with pytest.raises(DataError, match="non leggibili"):
        read_scores(tmp_path / "none.npz", PAGES)
