"""What a model computes inside, text by text (build time only)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def watch(
    model: Any, values: Mapping[str, int], samples: Sequence[Sequence[int]]
) -> Iterator[list[NDArray[Any]]]:
    """For each of `samples`, token ids of a text, the values inside `model` that `values` names
    (each with its ONNX element type), in their order."""
    import onnx
    import onnxruntime as ort
    from onnx import helper

    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    for name, kind in values.items():
        watched.graph.output.append(helper.make_tensor_value_info(name, kind, None))
    session = ort.InferenceSession(watched.SerializeToString(), providers=["CPUExecutionProvider"])
    for ids in samples:
        row = np.array([ids], dtype=np.int64)
        feed = {"input_ids": row, "attention_mask": np.ones_like(row)}
        yield session.run(list(values), feed)
