"""Which verdicts hang on the arithmetic of the machine.

The encoder computes in int8: another version of it, or of onnxruntime, gives the same question a
vector a little different. A case whose verdict turns when the vectors move by as much says nothing
about the program, so losing it must not be called a regression.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

import numpy as np

from chatbot.bot import Bot
from chatbot.library import Library
from chatbot.read.reader import AnyReader
from chatbot.settings import Settings
from eval.runs.baseline import BaselineError
from eval.runs.result import Run
from eval.runs.run import ask, judge
from eval.suite.case import Case
from index.encode.encoder import Encoder, QueryTokens, Vectors
from index.publish.manifest import SnapshotError
from index.publish.snapshot import Snapshot, load

# Cosine between the vector of a text and the shaken one: twice as far as float32 is from int8, and
# as far as another choice of scales (see docs/adr/0015-fixed-scales.md).
COSINE = 0.998
DRAWS = 3


class ShakenEncoder(Encoder):
    """An encoder whose vectors of questions are off by seeded noise, each at cosine COSINE."""

    def __init__(self, encoder: Encoder, seed: int) -> None:
        self.__dict__.update(vars(encoder))  # the same model, already in memory
        self._seed = seed

    def encode_query_tokens(self, text: str) -> QueryTokens:
        found = super().encode_query_tokens(text)
        dice = np.random.default_rng([self._seed, zlib.crc32(text.encode())])
        return found._replace(vector=_shake(found.vector, dice), tokens=_shake(found.tokens, dice))


def unsteady_cases(
    run: Run, encoder: Encoder, snapshot: Snapshot, draws: int = DRAWS,
    reader: AnyReader | None = None, progress: Callable[[int, int], None] | None = None,
) -> tuple[str, ...]:  # fmt: skip
    """Ids of the important cases that `run` passed and that fail in one of `draws` draws."""
    important = [r.case for r in run.results if r.passed and r.case.severity == "alta"]
    bots = [Bot(ShakenEncoder(encoder, seed), reader=reader) for seed in range(draws)]
    found = []
    for done, case in enumerate(important, start=1):
        if any(_fails(bot, case, snapshot) for bot in bots):
            found.append(case.id)
        if progress:
            progress(done, len(important))
    return tuple(found)


def shaken(
    settings: Settings, run: Run, progress: Callable[[int, int], None] | None = None
) -> tuple[str, ...]:
    """`unsteady_cases` of `run`, asked of the snapshot that it asked. Raises BussolaError, in
    words that say what to run, when that snapshot is gone."""
    library = Library.open(settings)
    snapshot = library.snapshot
    if snapshot.id != run.snapshot:
        try:
            snapshot = load(settings.var, run.snapshot)
        except SnapshotError as error:
            raise BaselineError(
                f"l'istantanea {run.snapshot}, a cui sono stati posti i casi, non c'è più: "
                "rifai «bussola eval run»"
            ) from error
    bot = library.bot
    return unsteady_cases(run, bot.encoder, snapshot, reader=bot.reader, progress=progress)


def _fails(bot: Bot, case: Case, snapshot: Snapshot) -> bool:
    return not judge(case, ask(bot, snapshot, case), snapshot).passed


def _shake(vectors: Vectors, dice: np.random.Generator) -> Vectors:
    """Unit vectors (…, d) moved to cosine COSINE: noise of norm √(1/COSINE² − 1) across them."""
    noise = dice.standard_normal(vectors.shape)
    noise -= (noise * vectors).sum(-1, keepdims=True) * vectors
    noise *= np.sqrt(1 / COSINE**2 - 1) / np.linalg.norm(noise, axis=-1, keepdims=True)
    moved = vectors + noise
    return np.asarray(moved / np.linalg.norm(moved, axis=-1, keepdims=True), dtype=np.float32)
