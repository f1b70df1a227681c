"""How publishing grows with the guides: 100, 1,000, 10,000 of them, made of real sentences.

Encoding 10,000 guides would take hours and say only that it is linear. So the vectors of the many
are recorded ones: each text gets those of one of SAMPLE real passages, a little moved. All the
rest is real: parsing, checking, cutting, words, FAISS, writing, digests, loading back, the
question asked at the end; and the guide that is changed goes through the model as always.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any

import numpy as np

from index.check.facts import quantities
from index.check.rules import check_folder
from index.encode.encoder import Encoder, Progress, TokenVectors, Vectors
from index.encode.vectors import text_key
from index.publish.build import build
from index.publish.published import current_id
from index.publish.snapshot import Snapshot, load_current
from index.publish.watch import DEBOUNCE_MS, publish_on_change

SAMPLE = 32  # real passages whose vectors are recorded
FEW = 8  # texts that go through the model: those of a changed guide
MOVED = 0.2  # length of the noise that makes recorded vectors differ
WATCH_S = 600.0
WORDS = {
    "check_s": "controllo", "full_s": "prima pubblicazione, senza il modello",
    "unchanged_s": "nulla di cambiato", "one_s": "una guida cambiata",
    "served_s": "una guida, dal server", "watch_s": "dal salvataggio alla pubblicazione",
}  # fmt: skip
Tell = Callable[[str, int, int], None]

_PLAIN = re.compile(r"[A-ZÈ][^\W\d_](?:[^\W\d_]|[’' ,;:()]){40,180}\.")
_HEAD = """---
titolo: {title}
tipo: scheda
bisogni: [denaro]
per_chi: [tutti]
verificato_il: 2024-11-22
rivedere_entro: 2099-02-20
responsabile: redazione giuridica
fonti:
  - titolo: Prova di crescita
---
"""


class RecordedEncoder(Encoder):
    """`real` for FEW texts; for more, vectors it gave to other texts."""

    def __init__(self, real: Encoder, texts: Sequence[str]) -> None:
        vars(self).update(vars(real))  # its session and tokenizer, not a second copy
        start = time.perf_counter()
        self._recorded = real.encode_passage_tokens(texts)
        self.passages_per_s = len(texts) / (time.perf_counter() - start)

    def encode_passage_tokens(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> list[TokenVectors]:
        if len(texts) <= FEW:
            return super().encode_passage_tokens(texts, progress)
        return [self._of(text) for text in texts]

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        if len(texts) <= FEW:
            return super().encode_queries(texts)
        return np.array([self._of(text).vector for text in texts], dtype=np.float32)

    def _of(self, text: str) -> TokenVectors:
        dice = np.random.default_rng(int.from_bytes(text_key(text)[:8], "big"))
        kept = self._recorded[int(dice.integers(len(self._recorded)))]
        noise = dice.standard_normal(self.dimension).astype(np.float32)
        moved = kept.vector + noise * (MOVED / float(np.linalg.norm(noise)))
        return TokenVectors(moved / np.linalg.norm(moved), kept.tokens, kept.last, kept.offsets)


def benchmark(
    snapshot: Snapshot, encoder: Encoder, sizes: Sequence[int], tell: Tell | None = None
) -> dict[str, Any]:
    """Seconds of each operation in `rows`, one for each size, and in `exponents` the k of
    time ~ guides^k over all sizes (least squares of the logarithms; where there are two sizes).

    `full_s` is a first build without the model's share, which is passages / passages_per_s and is
    in `model_s`, computed; `one_s` a build after one guide changed, from the disk; `served_s` the
    same with the snapshot in memory, loaded again as the server does; `watch_s` from the save to
    the new CURRENT, DEBOUNCE_MS of waiting included.
    """
    sentences = plain_sentences(snapshot)
    sample = [passage.embedded for passage in snapshot.passages[:SAMPLE]]
    recorded = RecordedEncoder(encoder, sample)
    rows = []
    for done, size in enumerate(sizes, start=1):
        with tempfile.TemporaryDirectory(prefix="bussola-") as folder:
            rows.append(_measure(Path(folder), size, sentences, recorded))
        if tell:
            tell("crescita", done, len(sizes))
    return {
        "vectors": f"recorded: those of {len(sample)} real passages; a changed guide's are its own",
        "passages_per_s": recorded.passages_per_s,
        "rows": rows,
        "exponents": {name: exponent(rows, name) for name in WORDS} if len(rows) > 1 else {},
    }


def exponent(rows: Sequence[dict[str, float]], name: str) -> float:
    """k of time ~ guides^k: the slope of log(time) over log(guides), by least squares."""
    sizes, times = ([float(row[key]) for row in rows] for key in ("guides", name))
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def plain_sentences(snapshot: Snapshot) -> list[str]:
    """Sentences of the real guides that may stand anywhere: no number, which would want its
    source, no link."""
    found = {unit.text for passage in snapshot.passages for unit in passage.units}
    return sorted(text for text in found if _PLAIN.fullmatch(text) and not quantities(text))


def write_guides(folder: Path, size: int, sentences: Sequence[str]) -> None:
    """`size` guides of three passages, two sentences each."""
    folder.mkdir(parents=True)
    for number in range(size):
        dice = Random(number)
        title = f"Guida di prova {number}"
        first, *rest = (" ".join(dice.sample(sentences, 2)) for _ in range(3))
        body = [f"# {title}", first]
        for place, text in enumerate(rest):
            body += [f"## Che cosa dice la parte {place}? {{#parte-{place}}}", text]
        text = _HEAD.format(title=title) + "\n" + "\n\n".join(body) + "\n"
        (folder / f"guida-{number}.md").write_text(text, encoding="utf-8")


def _measure(
    folder: Path, size: int, sentences: Sequence[str], encoder: RecordedEncoder
) -> dict[str, float]:
    guides, var = folder / "guides", folder / "var"
    write_guides(guides, size, sentences)
    changes = _edits(guides / "guida-0.md")
    row: dict[str, float] = {"guides": size}
    row["check_s"] = _seconds(lambda: check_folder(guides))
    row["full_s"] = _seconds(lambda: build(guides, var, encoder))
    row["unchanged_s"] = _seconds(lambda: build(guides, var, encoder))
    next(changes)
    row["one_s"] = _seconds(lambda: build(guides, var, encoder))
    at_hand = load_current(var)
    next(changes)

    def as_the_server_does() -> None:
        build(guides, var, encoder, published=at_hand)
        load_current(var)

    row["served_s"] = _seconds(as_the_server_does)
    row["watch_s"] = _watched(guides, var, encoder, changes)
    row["passages"] = len(at_hand.passages)
    row["model_s"] = len(at_hand.passages) / encoder.passages_per_s
    return row


def _edits(path: Path) -> Iterator[int]:
    """Each step saves the file with one more sentence at its end."""
    for number in range(10_000):
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\nQuesta frase è la {'nuova ' * (number + 1)}prova.\n")
        yield number


def _watched(guides: Path, var: Path, encoder: Encoder, changes: Iterator[int]) -> float:
    """Seconds from a save to the new CURRENT, with `index watch` at work."""
    stop = Event()
    worker = Thread(
        target=publish_on_change, args=(guides, var, encoder, lambda *_: None, stop), daemon=True
    )
    worker.start()
    time.sleep(DEBOUNCE_MS / 1000 + 1)  # until the folder is looked at
    before, start = current_id(var), time.perf_counter()
    next(changes)
    while current_id(var) == before and time.perf_counter() - start < WATCH_S:
        time.sleep(0.01)
    spent = time.perf_counter() - start
    stop.set()
    worker.join(WATCH_S)
    return spent


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
