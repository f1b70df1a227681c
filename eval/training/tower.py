"""The encoder while it learns: lower layers frozen, bfloat16 products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)

from eval.training.data import PracticeText

MOST = 160  # tokens of a passage
MOST_ASKED = 128  # and of a question
BUCKET = 24  # texts that are run together, of like length
QUERY, PASSAGE = "query: ", "passage: "
PREFIX = 3  # tokens before the text: the first, and two of the prompt

Spans = list[tuple[int, int] | None]


@dataclass(frozen=True)
class Encoded:
    """Texts (n, t, d): the `last` layer, the one before it (`inner`), and the `mask` (n, t) of
    their tokens."""

    last: torch.Tensor
    inner: torch.Tensor
    mask: torch.Tensor

    @property
    def pooled(self) -> torch.Tensor:
        """(n, d): the mean of the tokens of each, of length 1."""
        weights = self.mask[..., None].float()
        return F.normalize((self.last * weights).sum(1) / weights.sum(1), dim=-1)

    def tokens(self, share: float) -> tuple[torch.Tensor, torch.Tensor]:
        """Token vectors (n, t, d), the layer before the last with a `share` of the last, of length
        1; and which of them stand in the text (n, t)."""
        mixed = F.normalize(self.inner, dim=-1) + share * F.normalize(self.last, dim=-1)
        inside = self.mask.clone()
        inside[:, :PREFIX] = False
        inside[torch.arange(len(inside)), self.mask.sum(1) - 1] = False
        return F.normalize(mixed, dim=-1), inside


class Tower:
    """A BERT encoder of which the layers from `frozen` up learn."""

    def __init__(self, model: Any, tokenizer: Any, frozen: int = 4) -> None:
        self.model = model.eval()  # dropout costs a third of the time and gains nothing here
        self.tokenizer = tokenizer
        self.frozen = frozen
        self._known: dict[int, tuple[list[int], Spans]] = {}
        for name, parameter in model.named_parameters():
            layer = name.removeprefix("encoder.layer.").split(".")[0]
            parameter.requires_grad = layer.isdigit() and int(layer) >= frozen

    def trainable(self) -> list[torch.nn.Parameter]:
        return [p for p in self.model.parameters() if p.requires_grad]

    def encode_queries(self, texts: Sequence[str]) -> Encoded:
        kept = self.tokenizer(
            [QUERY + text for text in texts], truncation=True, max_length=MOST_ASKED
        )
        return self._run(kept["input_ids"])

    def encode_passages(
        self, positions: Sequence[int], passages: Sequence[PracticeText]
    ) -> Encoded:
        return self._run([self._tokens(n, passages[n])[0] for n in positions])

    def units(
        self, positions: Sequence[int], passages: Sequence[PracticeText], found: Encoded
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Vectors (u, d) of the units of the passages `found`, the row of its passage (u,) and its
        ordinal there (u,)."""
        vectors, owners, ordinals = [], [], []
        for row, position in enumerate(positions):
            spans = self._tokens(position, passages[position])[1]
            kept = [(n, span) for n, span in enumerate(spans) if span]
            means = torch.zeros(len(kept), found.last.shape[1])
            for n, (_, (begin, end)) in enumerate(kept):
                means[n, begin:end] = 1 / (end - begin)
            vectors.append(means @ found.last[row])
            owners += [row] * len(kept)
            ordinals += [n for n, _ in kept]
        return F.normalize(torch.cat(vectors), dim=-1), torch.tensor(owners), torch.tensor(ordinals)

    def _tokens(self, position: int, passage: PracticeText) -> tuple[list[int], Spans]:
        """Token ids of a passage, and the tokens of each of its units."""
        if position not in self._known:
            kept = self.tokenizer(
                PASSAGE + passage.text, truncation=True, max_length=MOST,
                return_offsets_mapping=True,
            )  # fmt: skip
            places = [(a - len(PASSAGE), b - len(PASSAGE)) for a, b in kept["offset_mapping"]]
            spans = [_span(places, *unit) for unit in passage.units]
            self._known[position] = (kept["input_ids"], spans)
        return self._known[position]

    def _run(self, ids: Sequence[Sequence[int]]) -> Encoded:
        """Texts of like length together, then all in the order given, padded to the longest."""
        order = sorted(range(len(ids)), key=lambda n: len(ids[n]))
        longest = max(map(len, ids))
        parts = [
            self._layers([ids[n] for n in order[start : start + BUCKET]], longest)
            for start in range(0, len(order), BUCKET)
        ]
        back = torch.argsort(torch.tensor(order))
        last, inner, mask = (torch.cat(column)[back] for column in zip(*parts, strict=True))
        return Encoded(last, inner, mask)

    def _layers(self, ids: Sequence[Sequence[int]], longest: int) -> tuple[torch.Tensor, ...]:
        width = max(map(len, ids))
        tokens = torch.full((len(ids), width), self.model.config.pad_token_id)
        mask = torch.zeros(len(ids), width, dtype=torch.bool)
        for row, own in enumerate(ids):
            tokens[row, : len(own)] = torch.tensor(own)
            mask[row, : len(own)] = True
        with torch.autocast("cpu", dtype=torch.bfloat16):
            with torch.no_grad():
                hidden = self.model.embeddings(input_ids=tokens)
                hiding = (1.0 - mask[:, None, None, :].to(hidden.dtype)) * -1e4
                for layer in self.model.encoder.layer[: self.frozen]:
                    hidden = _first(layer(hidden, hiding))
            inner = hidden
            for layer in self.model.encoder.layer[self.frozen :]:
                inner, hidden = hidden, _first(layer(hidden, hiding))
        room = (0, 0, 0, longest - width)
        return F.pad(hidden, room).float(), F.pad(inner, room).float(), F.pad(mask, room[2:])


def _first(output: Any) -> Any:
    return output[0] if isinstance(output, tuple) else output


def _span(places: Sequence[tuple[int, int]], begin: int, end: int) -> tuple[int, int] | None:
    """The tokens that stand between two characters; None where the text was cut before."""
    inside = [n for n, (a, b) in enumerate(places) if b > a >= begin - 1 and b <= end + 1 and b > 0]
    return (inside[0], inside[-1] + 1) if inside else None
