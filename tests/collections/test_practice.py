"""Practice is no copy of dev: what is measured there was not learnt by heart."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from eval.collections.item import FOLDER, Item, read_collection
from index.search.lexical import words

STEM = 6  # letters that words are cut to
NEAR_COPY = 0.55  # cosine of one question with another when a third of its words are changed
ALIKE = 0.4


def stems(text: str) -> list[str]:
    return [word[:STEM] for word in words(text)]


def whole(item: Item) -> str:
    return " ".join(item.turns)


@pytest.fixture(scope="module")
def nearest() -> np.ndarray:
    """Of each practice item the highest TF-IDF cosine with any dev item, whole dialogues."""
    dev = [whole(item) for item in read_collection(FOLDER / "dev-people.jsonl")]
    practice = [whole(item) for item in read_collection(FOLDER / "practice.jsonl")]
    table = TfidfVectorizer(analyzer=stems, sublinear_tf=True).fit([*dev, *practice])
    cosines = table.transform(practice) @ table.transform(dev).T
    found: np.ndarray = cosines.max(axis=1).toarray().ravel()
    return found


def test_no_practice_question_is_a_near_copy_of_a_dev_question(
    nearest: np.ndarray, record_property: Callable[[str, object], None]
) -> None:
    """The nearest of all stays well below a copy with a few words changed; the distribution is told
    with the report of the tests, and with the failure."""
    quantiles = {f"{q:.0%}": round(float(np.quantile(nearest, q)), 3) for q in (0.5, 0.9, 0.99, 1)}
    record_property("practice against dev, highest cosine", quantiles)
    print("highest cosine of practice with dev, quantiles:", quantiles)
    assert nearest.max() < NEAR_COPY, quantiles


def test_hardly_any_practice_question_is_much_like_one_of_dev(nearest: np.ndarray) -> None:
    """Both speak of the same lives: half of them share a little, a few in a thousand a good
    deal."""
    assert np.median(nearest) < 0.2
    assert (nearest > ALIKE).mean() < 0.005


def test_a_copy_would_be_seen() -> None:
    """The measure itself: the same words, two of ten changed, all others."""
    text = "vorrei aprire un conto in banca ma non ho la residenza"
    near = "vorrei aprire un libretto in posta ma non ho la residenza"
    other = "quanto dura il tirocinio nelle officine meccaniche"
    table = TfidfVectorizer(analyzer=stems, sublinear_tf=True).fit([text, near, other])
    own = table.transform([text])
    copy, close, far = (float((own @ table.transform([t]).T)[0, 0]) for t in (text, near, other))
    assert copy == pytest.approx(1)
    assert close > 0.6
    assert far < 0.2
