"""Passages that are near a question and do not answer it: what the encoder must learn to tell."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from eval.training.data import GUIDES, LEADING, ON_GUIDES, PRECEDENTS, Data
from eval.training.tower import Tower

NEAREST = 60  # passages looked at
KEPT = 24
SKIPPED = 3  # of the nearest, where nobody said which other passages answer too
TOGETHER = 64  # texts encoded at a time

Vectors = np.ndarray


def mine(data: Data, tower: Tower, tell: Callable[[int, int], None]) -> None:
    """Give each question its `wrong` passages, by the tower as it is now; questions that have some
    of their own keep them. The short `domande` have enough in the passages of their batch."""
    passages = _encode(lambda n: tower.encode_passages(n, data.passages), len(data.passages), tell)
    queries = [query for query in data.queries if query.source != LEADING]
    texts = [query.text for query in queries]
    asked = _encode(
        lambda n: tower.encode_queries([texts[i] for i in n]), len(texts), lambda a, b: None
    )
    for query, vector in zip(queries, asked, strict=True):
        name = GUIDES if query.source in ON_GUIDES else query.source
        if query.wrong or name not in data.bounds:  # a page of one part has no other
            continue
        first, last = data.bounds[name]
        near = first + np.argsort(-(passages[first:last] @ vector))[:NEAREST]
        fine = {*query.right, *query.partial}
        sections = {data.passages[n].section for n in fine}
        kept = [
            int(n)
            for n in near
            if n not in fine
            and data.passages[n].learnt
            and data.passages[n].section not in sections
        ]
        judged = query.source in ("pratica", "parti", PRECEDENTS)
        query.wrong = tuple(kept[0 if judged else SKIPPED :][:KEPT])


def _encode(
    run: Callable[[list[int]], object], count: int, tell: Callable[[int, int], None]
) -> Vectors:
    found = []
    with torch.no_grad():
        for start in range(0, count, TOGETHER):
            part = list(range(start, min(count, start + TOGETHER)))
            found.append(run(part).pooled.numpy())  # type: ignore[attr-defined]
            tell(part[-1] + 1, count)
    return np.concatenate(found)
