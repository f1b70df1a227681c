"""What the reader looks at in each sentence of a page, and in the page as a whole.

Late interaction of the question with the sentence, with its neighbours and with its section; the
words they share; where it stands; whether it has the form of the answer asked for. The same code
feeds training and serving.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chatbot.words.forms import KINDS, Forms
from chatbot.words.pack import packs, read_pack
from eval.page_reader.words import word_signs
from index.encode.encoder import QueryTokens

Array = NDArray[np.float32]
FORMS = (
    "amount", "duration", "age", "hours", "address", "phone", "email", "documents", "definition",
    "yes_no", "when",
)  # fmt: skip
# of the languages of questions and of German, in which it was trained too
SHAPES = Forms.of((*packs(), read_pack(Path(__file__).parent / "de.yaml")))
SHORT_TOKEN, SHORT = 3, 0.3  # a piece of so few letters says little: its weight
RARE = 0.5  # a question token that meets a sentence so well is in it
WINDOWS = ((-1, 1), (-2, 2), (0, 3), (-4, 0), (0, 6))  # sentences before and after, read as one
NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
NOBODY = -0.5  # what stands where there is no neighbour
FAR = 15  # sentences beyond which a distance says no more
TOP = 3
_WORD = re.compile(r"\w+")
_HEADING_WORDS = 8


@dataclass(frozen=True)
class Page:
    """A question over n sentences, as vectors.

    `best` (n, q): the best centred cosine of each question token with a token of the sentence;
    `nearness` (n,): the centred cosine of the sentence's mean vector with the question's vector;
    `tokens` (q,): how telling each question token is.
    """

    best: Array
    nearness: Array
    tokens: Array


def page_of(asked: QueryTokens, vectors: Array, owner: NDArray[np.int64], n: int, mean: Array
            ) -> Page:  # fmt: skip
    """`vectors` (t, d) are the tokens of all the sentences, `owner` (t,) says whose each is;
    `mean` (d,) is the common lean of the encoder's token vectors, taken away from all."""
    cosines = _unit(vectors - mean) @ _unit(asked.last - mean).T
    best = np.full((n, cosines.shape[1]), -1.0, dtype=np.float32)
    np.maximum.at(best, owner, cosines)
    sums = np.zeros((n, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, owner, vectors)
    counts = np.maximum(np.bincount(owner, minlength=n), 1).astype(np.float32)
    nearness = _unit(sums / counts[:, None] - mean) @ _unit(asked.vector - mean)
    telling = [1.0 if len(token) > SHORT_TOKEN else SHORT for token in asked.strings]
    return Page(best, nearness.astype(np.float32), np.array(telling, dtype=np.float32))


def unit_signs(question: str, units: Sequence[str], page: Page) -> Array:
    """(n, f): the signs of each sentence."""
    plain, telling = page.best.mean(axis=1), _weighted(page.best, page.tokens)
    rare = _weighted(page.best, _rarity(page))
    columns = [*_standing(plain), *_standing(telling), *_standing(rare), *_standing(page.nearness)]
    columns += _least_and_most(page.best)
    columns += _around(page, telling)
    columns += _in_section(units, page, telling, rare)
    columns += [np.full(len(units), value) for value in page_signs(page)]
    table = np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)
    signs = np.concatenate([table, word_signs(question, units), _forms(question, units)], axis=1)
    return np.asarray(signs, dtype=np.float32)


def page_signs(page: Page) -> list[float]:
    """How well the page as a whole, and its best sentences, meet the question."""
    telling, rare = _weighted(page.best, page.tokens), _weighted(page.best, _rarity(page))
    whole = page.best.max(axis=0)
    return [
        float(whole @ page.tokens / page.tokens.sum()),
        float(whole.min()),
        float(telling.max()),
        float(rare.max()),
        float(page.nearness.max()),
        float(np.sort(telling)[-TOP:].mean()),
        float(telling.std()),
        float(np.sort(page.nearness)[-TOP:].mean()),
        len(page.tokens) / 20,
        float(telling.max() - np.median(telling)),
        float(page.nearness.max() - np.median(page.nearness)),
        float(len(telling)),
    ]


def _standing(scores: Array) -> list[Array]:
    """A score, how far it is from the page's best and from its mean, its rank in 0..1."""
    ranks = np.argsort(np.argsort(-scores)) / max(len(scores) - 1, 1)
    return [scores, scores - scores.max(), scores - scores.mean(), ranks.astype(np.float32)]


def _least_and_most(best: Array) -> list[Array]:
    """Means over the third of the question's tokens that the sentence meets worst, and best."""
    ordered = np.sort(best, axis=1)
    third = max(1, best.shape[1] // 3)
    return [ordered[:, :third].mean(axis=1), ordered[:, -third:].mean(axis=1)]


def _around(page: Page, telling: Array) -> list[Array]:
    """The sentence read with its neighbours, the neighbours alone, both scores smoothed."""
    columns: list[Array] = []
    for first, last in WINDOWS:
        joined = page.best
        for step in range(first, last + 1):
            joined = np.maximum(joined, _shifted(page.best, -step, -1.0))
        together = _weighted(joined, page.tokens)
        columns += [together, together - together.max()]
    for step in NEIGHBOURS:
        columns.append(_shifted(telling - telling.max(), step, NOBODY))
        columns.append(_shifted(page.nearness - page.nearness.max(), step, NOBODY))
    for scores in (telling, page.nearness):
        smooth = np.convolve(np.pad(scores, 2), np.full(5, 0.2), "valid")
        columns.append(smooth - smooth.max())
    return columns


def _in_section(units: Sequence[str], page: Page, telling: Array, rare: Array) -> list[Array]:
    """The heading and the section a sentence stands in, and how far it is from the best ones."""
    heads = np.array([_is_heading(unit) for unit in units])
    section = np.cumsum(heads & ~np.concatenate([[False], heads[:-1]]))
    starts = np.flatnonzero(np.diff(section, prepend=-1))
    lengths = np.diff(np.append(starts, len(units)))
    whole = _weighted(np.maximum.reduceat(page.best, starts, axis=0), page.tokens)
    of = np.repeat(np.arange(len(starts)), lengths)
    place = np.arange(len(units))
    heading, near_heading = telling[starts][of], page.nearness[starts][of]
    columns = [
        heading, heading - heading.max(), whole[of], whole[of] - whole.max(),
        place - starts[of], lengths[of], near_heading - near_heading.max(), heads,
    ]  # fmt: skip
    for best in (int(rare.argmax()), int(page.nearness.argmax())):
        columns += [np.clip(place - best, -FAR, FAR), section == section[best]]
    columns.append(np.minimum(np.abs(place - int(rare.argmax())), FAR))
    return [np.asarray(column, dtype=np.float32) for column in columns]


def _is_heading(unit: str) -> bool:
    return len(_WORD.findall(unit)) < _HEADING_WORDS and unit.rstrip()[-1:] not in set(".!?;,")


def _forms(question: str, units: Sequence[str]) -> Array:
    """What forms each sentence has, what the question asks for, and where the two meet."""
    asked_for = SHAPES.expected(question)
    held = np.array(
        [[SHAPES.holds(form, unit) for form in FORMS] for unit in units], dtype=np.float32
    )
    asked = np.array([form in asked_for for form in FORMS], dtype=np.float32)
    kinds = np.array([kind in asked_for for kind in KINDS], dtype=np.float32)
    meets = (held * asked).max(axis=1) if asked.any() else np.full(len(units), 0.5)
    parts = [held, np.tile(kinds, (len(units), 1)), held * asked, meets[:, None]]
    return np.asarray(np.concatenate(parts, axis=1), dtype=np.float32)


def _rarity(page: Page) -> Array:
    """Weights of the question's tokens: less for those that many sentences of the page meet."""
    spread = (page.best > RARE).mean(axis=0)
    return np.asarray(np.clip(1 - spread, 0.05, 1) * page.tokens, dtype=np.float32)


def _weighted(best: Array, weights: Array) -> Array:
    return np.asarray(best @ weights / weights.sum(), dtype=np.float32)


def _shifted(values: Array, step: int, fill: float) -> Array:
    """Row n holds what row n - step held; `fill` where there is none."""
    moved = np.full_like(values, fill)
    if 0 < step < len(values):
        moved[step:] = values[:-step]
    elif -len(values) < step < 0:
        moved[:step] = values[-step:]
    elif step == 0:
        return values
    return moved


def _unit(vectors: Array) -> Array:
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-6), dtype=np.float32)
