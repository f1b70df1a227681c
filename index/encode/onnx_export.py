"""A transformer's encoder as a small int8 ONNX file (build time only).

Two quantisations, because the two halves of the weights behave differently:

- Linear layers: int8 with one scale per output channel, activations with fixed scales
  (`index.encode.onnx_scales`).
- Word embeddings (82 % of the weights): int8 with one scale per *row*, written into the graph as
  Gather, Cast, Mul. onnxruntime's own Gather has one scale for the whole table, which the largest
  of 250,000 rows decides; per row the table costs the same memory and nearly nothing in precision.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.encode.onnx_scales import fix_scales
from index.encode.onnx_smoothing import smooth

OPSET = 17
_TABLE_BYTES = 16_000_000  # larger than any linear layer, smaller than any embedding table


def export_encoder(
    transformer: Any, target: Path, samples: Sequence[Sequence[int]] | None = None
) -> None:
    """Write `transformer` (a Hugging Face encoder, `torch.nn.Module`) to `target`: traced, what
    BERT shares fused, quantised. `samples`, token ids of texts, say how large activations usually
    are; without them only the table of embeddings is quantised.

    Inputs `input_ids`, `attention_mask`: int64 (batch, tokens). Outputs, float32 (batch,
    tokens, hidden): `token_vectors`, the last hidden state, and `inner_vectors`, the one before;
    pooling is the caller's. The module is left with its embeddings replaced: pass one that is not
    needed afterwards.
    """
    import torch

    class TokenVectors(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            found = self.transformer(
                input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True
            )
            return found[0], found.hidden_states[-2]

    transformer.set_input_embeddings(_row_quantised(transformer.get_input_embeddings()))
    sample = torch.tensor(
        [[0, 3, 4, 3, 2], [0, 3, 4, 2, 1]]
    )  # small, so that any vocabulary has them
    axes = {0: "batch", 1: "tokens"}
    names, outputs = ["input_ids", "attention_mask"], ["token_vectors", "inner_vectors"]
    with tempfile.TemporaryDirectory() as folder, torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns about every shape it freezes
        traced = Path(folder) / "traced.onnx"
        torch.onnx.export(
            TokenVectors().eval(), (sample, (sample != 1).long()), str(traced), dynamo=False,
            input_names=names, output_names=outputs, opset_version=OPSET,
            dynamic_axes=dict.fromkeys(names + outputs, axes),
        )  # fmt: skip
        fused = _fused(traced, transformer.config)
        _save_with_mapped_table(_quantised(fused, samples) if samples else fused, target)


def _row_quantised(embedding: Any) -> Any:
    """An embedding with the same weights in int8 and one float32 scale for each row."""
    import torch

    class RowQuantised(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            weight = embedding.weight.detach()
            self.scale: Any = weight.abs().amax(dim=1, keepdim=True).clamp(min=1e-12) / 127.0
            self.levels: Any = (weight / self.scale).round().to(torch.int8)

        def forward(self, ids: Any) -> Any:
            return self.levels[ids].to(torch.float32) * self.scale[ids]

    return RowQuantised()


def _fused(traced: Path, config: Any) -> Path:
    """Fuse attention, layer norms and GELU: a tenth faster. What does not match stays as it is."""
    from onnxruntime.transformers import optimizer

    fused = traced.with_name("fused.onnx")
    model = optimizer.optimize_model(
        str(traced), model_type="bert",
        num_heads=config.num_attention_heads, hidden_size=config.hidden_size,
    )  # fmt: skip
    model.save_model_to_file(str(fused))
    return fused


def _quantised(source: Path, samples: Sequence[Sequence[int]]) -> Path:
    """Linear layers to int8, activations with the scales that `samples` usually have.

    Seven bits for the weights (`reduce_range`), because eight overflow on processors without VNNI:
    vectors are the same everywhere.
    """
    from onnx import TensorProto
    from onnxruntime.quantization import QuantType, quantize_dynamic

    smoothed = source.with_name("smoothed.onnx")
    smooth(source, smoothed, samples)
    dynamic = source.with_name("dynamic.onnx")
    quantised = source.with_name("quantised.onnx")
    quantize_dynamic(
        smoothed, dynamic, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Attention"],
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )  # fmt: skip
    fix_scales(dynamic, quantised, samples)
    return quantised


def _save_with_mapped_table(source: Path, target: Path) -> None:
    """Keep the embedding table in a file of its own, `TARGET.data`.

    onnxruntime maps such a file instead of reading it: 90 MB of 118 then cost only the pages that
    are used, and processes share them.
    """
    import onnx

    onnx.save_model(
        onnx.load(str(source)), str(target), save_as_external_data=True,
        location=data_file(target).name, size_threshold=_TABLE_BYTES, convert_attribute=False,
    )  # fmt: skip


def data_file(target: Path) -> Path:
    """Where the embedding table of an exported model stands."""
    return target.with_name(target.name + ".data")
