"""Snapshots of plain texts, as benchmarks have them: no files, no headings."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from index.encode.encoder import Encoder
from index.encode.passage_text import text_of
from index.encode.vectors import VectorCache, encode_texts
from index.guide import Unit
from index.parse.sentences import split_sentences
from index.parse.units import unit_key
from index.passage import Passage
from index.publish.build import Progress, make_snapshot
from index.publish.snapshot import Snapshot


def snapshot_of_texts(
    ids: Sequence[str],
    titles: Sequence[str],
    texts: Sequence[str],
    encoder: Encoder,
    cache: VectorCache | None = None,
    progress: Progress | None = None,
) -> Snapshot:
    """A snapshot in memory: passage i has id `ids[i]`, its units are its sentences."""
    passages = [_passage(*row) for row in zip(ids, titles, texts, strict=True)]
    texts_of = [text_of(passage) for passage in passages]
    if cache is not None:
        encoded, _ = cache.encode(texts_of, progress)
    else:
        encoded = encode_texts(encoder, texts_of, progress)
    digest = hashlib.sha256("\0".join([*ids, *(t.text for t in texts_of)]).encode()).hexdigest()
    return make_snapshot((), passages, encoded, encoder, digest)


def _passage(passage_id: str, title: str, text: str) -> Passage:
    units = tuple(
        Unit(unit_key(sentence), " ".join(sentence.split()), "sentence", line=1)
        for sentence in split_sentences(text)
    )
    shown = " ".join(unit.text for unit in units)
    return Passage(
        id=passage_id,
        guide=title,
        anchor="",
        part=0,
        role="body",
        heading_path=(title,) if title else (),
        text=shown,
        embedded=f"{title}\n{shown}" if title else shown,
        units=units,
        line=1,
        last_line=1,
    )
