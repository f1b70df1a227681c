"""The best passages found are read, and put in order by what was read in them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from chatbot.find.match import Reading, bounded
from chatbot.find.rank import Found
from chatbot.question import Query
from chatbot.read.reader import AnyReader
from chatbot.weights import Weights
from index.publish.snapshot import Snapshot

DEPTH = 12  # passages read for a question
LEAST = 6  # and for each of several things asked

# Of a passage for one thing asked: its score before it was read; what the reader says of it, and of
# its best unit: log odds, bounded.
READING_SIGNS = ("score", "page", "unit")


def read_passages(query: Query, found: Found, snapshot: Snapshot, reader: AnyReader) -> Found:
    """The same with what the reader says of the best passages for each thing asked."""
    if not found.matches:
        return replace(found, read=True)
    depth = max(LEAST, DEPTH // len(found.scores))
    read: list[dict[int, Reading]] = []
    for asked, scores in enumerate(found.scores):
        best = np.argsort(-scores, kind="stable")[:depth].tolist()
        rows = [snapshot.positions[found.matches[n].hit.passage.id] for n in best]
        readings = reader.read(query.to_read(asked), rows, snapshot)
        read.append(dict(zip(best, readings, strict=True)))
    matches = [
        replace(match, readings=tuple(own.get(n) for own in read))
        for n, match in enumerate(found.matches)
    ]
    return replace(found, matches=matches, read=True)


def by_reading(found: Found, weights: Weights) -> Found:
    """In order of what was read; what was not read follows, for the thing it was not read for."""
    if not found.matches:
        return found
    scores = np.array([
        [float(reading_signs(found, n, asked) @ weights.vector("reading", READING_SIGNS))
         for n in range(len(found.matches))]
        for asked in range(len(found.scores))
    ], dtype=np.float32)  # fmt: skip
    order = np.argsort(-scores.max(axis=0), kind="stable")
    matches = [
        replace(
            found.matches[n],
            hit=replace(found.matches[n].hit, fused=float(scores[:, n].max())),
        )
        for n in order
    ]
    hits = [match.hit for match in matches] + list(found.hits[len(matches) :])
    return replace(found, hits=hits, matches=matches, scores=scores[:, order])


def reading_signs(found: Found, match: int, asked: int) -> NDArray[np.float32]:
    """(r,) a value for each of READING_SIGNS."""
    reading = found.matches[match].readings[asked]
    page, unit = (reading.page, reading.best) if reading else (Reading.UNREAD, Reading.UNREAD)
    signs = (found.scores[asked][match], bounded(page), bounded(unit))
    return np.array(signs, dtype=np.float32)
