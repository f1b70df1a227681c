"""What is published near a draft: the needs of those guides, and how operators ask there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.encode.encoder import Encoder
from index.encode.model import DEFAULT_MODEL, folder_name
from index.errors import BussolaError
from index.guide import Guide
from index.intake.chapters import Chapter
from index.intake.questions import ChapterSection, sections_of
from index.network import Network, in_language
from index.publish.published import current_id
from index.publish.snapshot import Snapshot, load_current

READ_PARTS = 12  # sections that say what a document is about
READ_WORDS = 80  # of each
NEIGHBOURS = 12  # passages near each of them
MOST_NEEDS = 2
ENOUGH = 0.3  # of the votes: a need with fewer is not proposed
CLOSE = 0.87  # cosine of a section and of a question that may lead to it
MOST_ASKED = 2


class Nearness:
    """The encoder and what is published, if anything is."""

    def __init__(self, encoder: Encoder, snapshot: Snapshot | None) -> None:
        self._encoder = encoder
        self._snapshot = snapshot

    @classmethod
    def load(cls, var: Path) -> Nearness | None:
        """None where the model was not prepared yet: that takes minutes, and a draft can do
        without."""
        folder = var / "models" / folder_name(DEFAULT_MODEL)
        try:
            encoder = Encoder.load(folder, many=True)
            return cls(encoder, load_current(var) if current_id(var) else None)
        except BussolaError:
            return None

    def needs_of(self, chapter: Chapter, network: Network) -> list[str]:
        """The needs, of those of the network where it lists any, that the guides nearest to a
        chapter are about; where nothing is published, those whose name is nearest."""
        vectors = self._vectors(sections_of(chapter)[:READ_PARTS], chapter.title)
        votes = self._votes(vectors)
        if not votes and network.needs:
            names = [in_language(need.names, network.language, need.id) for need in network.needs]
            nearest = self._encoder.encode_queries(names) @ vectors.mean(axis=0)
            return [network.needs[int(np.argmax(nearest))].id]
        known = network.needs_shown or votes
        total = sum(votes.values())
        likely = [need for need, count in votes.most_common() if count >= ENOUGH * total]
        return [need for need in likely if need in known][:MOST_NEEDS]

    def asked_near(self, section: ChapterSection, title: str) -> list[str]:
        """What operators ask of what is nearest to a section, in their words."""
        if self._snapshot is None or not self._snapshot.asked.size:
            return []
        rows, likeness = self._snapshot.asked.nearest(self._vectors([section], title)[0], 8)
        near = [
            self._question(int(row)) for row, c in zip(rows, likeness, strict=True) if c >= CLOSE
        ]
        return list(dict.fromkeys(filter(None, near)))[:MOST_ASKED]

    def _vectors(self, sections: Sequence[ChapterSection], title: str) -> np.ndarray:
        """(n, d) of the beginning of each section; of the title where there is none."""
        texts = [
            f"{title}: {section.heading}\n{' '.join(section.words.split()[:READ_WORDS])}"
            for section in sections
        ]
        return self._encoder.encode_passages(texts or [title])

    def _votes(self, vectors: np.ndarray) -> Counter[str]:
        votes: Counter[str] = Counter()
        if self._snapshot is None:
            return votes
        for vector in vectors:
            rows, _ = self._snapshot.store.nearest(vector, NEIGHBOURS)
            for row in rows:
                guide: Guide | None = self._snapshot.guides.get(
                    self._snapshot.passages[int(row)].guide
                )
                votes.update(guide.needs if guide else ())
        return votes

    def _question(self, row: int) -> str:
        """The question of editors at a row of `questions`; empty where it is a heading."""
        assert self._snapshot is not None
        owner = int(self._snapshot.question_owners[row])
        at = row - int(self._snapshot.question_bounds[owner])
        return self._snapshot.passages[owner].questions[at - 1] if at else ""
