"""Fixed scales for the activations of an int8 encoder (build time only).

onnxruntime's dynamic int8 takes the scale of an activation from all that one run is given, so that
the vector of a text would depend on the texts that share its batch. Here every scale is fixed when
the model is prepared. Its range is the usual one, the median over sample texts of what dynamic
quantisation takes: an encoder's ranges differ little from text to text, and what lies outside
saturates. How near to float32 vectors come: docs/adr/0015.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.encode.onnx_watch import watch

LEVELS = 255  # of an unsigned byte
DYNAMIC = "DynamicQuantizeLinear"


class Scales(NamedTuple):
    """Per activation: `scale` (n,) and `zero` (n,), the level that stands for 0."""

    scale: NDArray[np.float32]
    zero: NDArray[np.uint8]


def fix_scales(source: Path, target: Path, samples: Sequence[Sequence[int]]) -> None:
    """Write to `target` the model in `source` (as `quantize_dynamic` leaves it) with the scales
    that `samples`, token ids of texts, usually have."""
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load(str(source))
    graph = model.graph
    dynamic = [node for node in graph.node if node.op_type == DYNAMIC]
    scales = _usual(_observed(model, dynamic, samples))
    for node, scale, zero in zip(dynamic, *scales, strict=True):
        _, scale_name, zero_name = node.output
        graph.initializer.append(numpy_helper.from_array(np.array(scale), scale_name))
        graph.initializer.append(numpy_helper.from_array(np.array(zero), zero_name))
        fixed = helper.make_node("QuantizeLinear", [node.input[0], scale_name, zero_name],
                                 [node.output[0]], name=node.name)  # fmt: skip
        node.CopyFrom(fixed)
    _fuse_products(graph)
    onnx.save(model, str(target))


def _observed(model: Any, dynamic: Sequence[Any], samples: Sequence[Sequence[int]]) -> Any:
    """(samples, activations, 2): the lowest and the highest value, as dynamic scales have them."""
    from onnx import TensorProto

    values: dict[str, int] = {}
    for node in dynamic:
        _, scale, zero = node.output
        values |= {scale: TensorProto.FLOAT, zero: TensorProto.UINT8}
    found = []
    for seen in watch(model, values, samples):
        scales, zeros = np.array(seen[0::2], float), np.array(seen[1::2], float)
        found.append(np.stack([-scales * zeros, scales * (LEVELS - zeros)], axis=-1))
    return np.array(found)


def _usual(observed: Any) -> Scales:
    lowest, highest = np.median(observed, axis=0).T
    scale = np.maximum((highest - lowest) / LEVELS, np.finfo(np.float32).tiny)
    return Scales(scale.astype(np.float32), np.rint(-lowest / scale).astype(np.uint8))


def _fuse_products(graph: Any) -> None:
    """Each integer product, its cast and its two scales into one node: onnxruntime does so with
    dynamic scales alone, and unfused they take as long as float32."""
    from onnx import helper

    made_by = {name: node for node in graph.node for name in node.output}
    users: dict[str, list[Any]] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    fused: dict[str, Any] = {}
    dropped: set[str] = set()
    for product in [node for node in graph.node if node.op_type == "MatMulInteger"]:
        (cast,) = users[product.output[0]]
        (scaled,) = users[cast.output[0]]
        (by,) = [name for name in scaled.input if name != cast.output[0]]
        left, right, left_zero, right_zero = product.input
        left_scale, right_scale = made_by[by].input
        fused[scaled.output[0]] = helper.make_node(
            "MatMulIntegerToFloat", [left, right, left_scale, right_scale, left_zero, right_zero],
            [scaled.output[0]], domain="com.microsoft",
        )  # fmt: skip
        dropped |= {product.output[0], cast.output[0], by}
    kept = [fused.get(n.output[0], n) for n in graph.node if n.output[0] not in dropped]
    del graph.node[:]
    graph.node.extend(kept)
