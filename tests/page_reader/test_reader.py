"""The reader: what it looks at in a page, how it chooses, and what the weights shipped give."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from eval.page_reader.cross_encoder import CrossEncoder, Scores
from eval.page_reader.cross_model import ensure_cross_encoder
from eval.page_reader.reader import (
    SHIPPED,
    Choice,
    PageReader,
    PageReaderError,
    choose,
    look,
    smooth,
)
from eval.page_reader.reading import PageQuestion
from eval.page_reader.signs import page_signs, unit_signs
from eval.page_reader.train_reader import page_groups, train
from index.encode.encoder import Encoder

PERMIT = [
    "Permesso per asilo",
    "Il permesso di soggiorno per asilo dura cinque anni ed è rinnovabile.",
    "La domanda di rinnovo si presenta alla questura.",
    "Con il permesso per asilo si può lavorare senza limiti.",
    "Per le pratiche serve il codice fiscale.",
]
SURE = Choice(precision=0.6, power=1.0, answerable=0.5)


@pytest.fixture(scope="module")
def encoder(model_dir: Path) -> Encoder:
    return Encoder.load(model_dir)


@pytest.fixture(scope="module")
def cross(model_dir: Path) -> CrossEncoder:
    return CrossEncoder.load(ensure_cross_encoder(model_dir.parent, model_dir))


@pytest.fixture(scope="module")
def reader(encoder: Encoder, cross: CrossEncoder) -> PageReader:
    return PageReader.load(encoder, cross)


def test_the_sentence_that_answers_is_the_most_probable(reader: PageReader) -> None:
    """Two questions over the same page, each with its own sentence."""
    for question, place in (
        ("Quanto dura il permesso di soggiorno per asilo?", 1),
        ("Dove si presenta la domanda di rinnovo?", 2),
    ):
        reading = reader.read(question, PERMIT)
        assert int(reading.scores.argmax()) == place
        assert reading.scores.min() >= 0
        assert reading.scores.max() <= 1


def test_a_page_on_the_subject_answers_more_than_another(reader: PageReader) -> None:
    """The probability that the page answers falls when what answers is taken away, and with a
    question on something else."""
    asked = "Quanto dura il permesso di soggiorno per asilo?"
    whole = reader.read(asked, PERMIT).answerable
    assert whole > reader.read(asked, PERMIT[:1] + PERMIT[2:]).answerable
    assert whole > reader.read("Che tempo fa domani a Torino?", PERMIT).answerable


def test_a_context_is_read_and_not_scored(reader: PageReader) -> None:
    """With a heading before them, the units keep their places."""
    reading = reader.read("Quanto dura?", PERMIT[1:], context=PERMIT[0])
    assert len(reading.scores) == len(PERMIT) - 1
    assert all(0 <= at < len(PERMIT) - 1 for at in reading.chosen)


def test_pages_of_any_kind_are_read(reader: PageReader) -> None:
    """Nothing, one sentence, blanks, other scripts, many sentences: a reading, never an error."""
    assert reader.read("Quanto dura?", []).chosen == ()
    long_page = [f"Frase numero {n} di una pagina lunga." for n in range(120)]
    for units in (["Sì."], ["", " ", "\n"], ["مرحبا", "Слава", "🙂"], long_page):
        for question in ("Quanto dura?", "", "🙂", "a " * 400):
            reading = reader.read(question, units)
            assert reading.scores.shape == (len(units),)
            assert np.isfinite(reading.scores).all()


def test_a_page_longer_than_a_window_keeps_the_places_of_its_sentences(encoder: Encoder) -> None:
    """Each sentence meets itself best, in whichever window it is encoded."""
    units = [f"Il documento {n} si chiede all'ufficio {n * 7} del Comune." for n in range(40)]
    mean = np.zeros(encoder.dimension, dtype=np.float32)
    page = look(encoder, units[33], units, mean)
    assert page.best.shape[0] == 40
    assert int(page.best.mean(axis=1).argmax()) == 33
    assert unit_signs(units[33], units, page).shape[0] == 40
    assert len(page_signs(page)) == 12


@pytest.mark.parametrize(
    ("scores", "chosen"),
    [
        ([0.9, 0.85, 0.02, 0.01], (0, 1)),
        ([0.02, 0.9, 0.01], (1,)),
        ([0.3, 0.3, 0.3], (0, 1, 2)),
        ([0.0, 0.0], (0, 1)),
    ],
)
def test_sentences_are_chosen_by_expected_precision_and_recall(
    scores: list[float], chosen: tuple[int, ...]
) -> None:
    """Those that stand out, all where none does."""
    assert choose(np.array(scores, dtype=np.float32), SURE) == chosen


def test_neighbours_lend_each_other_probability() -> None:
    """The sum stays, what is between two probable sentences gains."""
    found = smooth(np.array([0.0, 1.0, 0.0, 1.0, 0.0], dtype=np.float32))
    assert found[2] == pytest.approx(0.3)
    assert found[1] == pytest.approx(0.7)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"mean": [1, 2], "unit": 3}'])
def test_bad_weights_are_named(
    encoder: Encoder, cross: CrossEncoder, tmp_path: Path, text: str
) -> None:
    """A file that is not one of weights is refused with its path."""
    path = tmp_path / "reader.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PageReaderError, match=r"reader\.json"):
        PageReader.load(encoder, cross, path)


def test_weights_for_another_model_are_refused(
    encoder: Encoder, cross: CrossEncoder, tmp_path: Path
) -> None:
    """The common lean has one number for each dimension of the encoder."""
    saved = json.loads(SHIPPED.read_text(encoding="utf-8"))
    path = tmp_path / "reader.json"
    path.write_text(json.dumps(saved | {"mean": [0.0, 1.0]}), encoding="utf-8")
    with pytest.raises(PageReaderError, match="train-reader"):
        PageReader.load(encoder, cross, path)


def test_what_is_trained_can_be_loaded_and_read_with(
    encoder: Encoder, cross: CrossEncoder, tmp_path: Path
) -> None:
    """On a handful of pages, in one language: weights of the right shape, the same each time."""
    asked: list[PageQuestion] = []
    for n in range(12):
        page = (f"Pagina {n}", *PERMIT[1:], f"La sala {n} è al piano {n}.")
        asked += [
            PageQuestion(str(n), "Quanto dura il permesso?", page, frozenset({1})),
            PageQuestion(f"x{n}", "Che tempo fa a Cuneo?", page, frozenset()),
        ]
    scores = [cross.read(q.question, q.sentences) for q in asked]
    weights, figures = train([asked], scores, encoder)
    assert train([asked], scores, encoder)[0] == weights
    assert figures["unanswerable F"] > 0.9
    path = tmp_path / "reader.json"
    path.write_text(json.dumps(weights), encoding="utf-8")
    reading = PageReader.load(encoder, cross, path).read(asked[0].question, asked[0].sentences)
    assert 1 in reading.chosen


def test_what_the_cross_encoder_says_counts(encoder: Encoder, cross: CrossEncoder) -> None:
    """Another sentence said to answer becomes more probable; a page said to be silent, less."""

    class Told(CrossEncoder):
        def __init__(self, sentences: list[float], page: float) -> None:
            self._told = Scores(np.array(sentences, dtype=np.float32), page)

        def read(self, question: str, units: Sequence[str]) -> Scores:
            return self._told

    asked = "Quanto dura?"
    second, last = ([-3.0, 3, -3, -3, -3], [-3.0, -3, -3, -3, 3])
    found = [
        PageReader.load(encoder, Told(s, 2)).read(asked, PERMIT).scores for s in (second, last)
    ]
    assert found[1][4] > found[0][4]
    sure, silent = (PageReader.load(encoder, Told(second, p)).read(asked, PERMIT) for p in (2, -4))
    assert sure.answerable > silent.answerable


def test_questions_of_one_page_are_of_one_group_in_every_language() -> None:
    first = [PageQuestion(str(n), "?", ("Titel", f"Seite {n // 2}"), frozenset()) for n in range(4)]
    second = [PageQuestion(str(n), "?", ("Title", f"Page {n // 2}"), frozenset()) for n in range(4)]
    groups = page_groups([first, second])
    assert groups[0] == groups[1] == groups[4] == groups[5]
    assert groups[2] == groups[3] == groups[6] != groups[0]
