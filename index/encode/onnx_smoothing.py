"""Activations evened out before they are quantised (build time only).

A few channels of an encoder's activations are ten or twenty times as large as the others, and one
scale for all leaves the others few levels. Each channel is divided by a factor that the weights it
meets take up, so that in float32 nothing changes: SmoothQuant (Xiao et al., ICML 2023), with its
factors `max|x|^a / max|w|^(1 - a)`, a = 0.65.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encode.onnx_watch import watch

Channels = NDArray[np.float32]

LINEAR = ("MatMul", "Attention")
SHARE = 0.65  # `a`: how much of the unevenness the weights take up; see docs/adr/0015
SMALL = 1e-5


def smooth(source: Path, target: Path, samples: Sequence[Sequence[int]]) -> None:
    """Write to `target` the float32 model in `source` with evened activations before its linear
    layers; `samples`, token ids of texts, say how large each channel usually is."""
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load(str(source))
    graph = model.graph
    weights = {w.name: w for w in graph.initializer}
    linear = [n for n in graph.node if n.op_type in LINEAR and n.input[1] in weights]
    usual = _usual_channels(model, [node.input[0] for node in linear], samples)
    nodes = []
    for at, node in enumerate(graph.node):
        if node in linear:
            weight = weights[node.input[1]]
            values = numpy_helper.to_array(weight)
            factors = _factors(usual[node.input[0]], values)
            inverse, evened = f"evening_{at}", f"evened_{at}"
            graph.initializer.append(numpy_helper.from_array(1 / factors, inverse))
            weight.CopyFrom(numpy_helper.from_array(values * factors[:, None], weight.name))
            nodes.append(helper.make_node("Mul", [node.input[0], inverse], [evened]))
            node.input[0] = evened
        nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.save(model, str(target))


def _factors(channels: Channels, weight: Channels) -> Channels:
    """(d,): what each channel is divided by; `weight` is (d, outputs)."""
    strength = np.maximum(np.abs(weight).max(axis=1), SMALL)
    return np.asarray(channels**SHARE / strength ** (1 - SHARE), dtype=np.float32)


def _usual_channels(
    model: Any, names: Sequence[str], samples: Sequence[Sequence[int]]
) -> dict[str, Channels]:
    """For each activation the largest absolute value of each channel, its median over `samples`."""
    from onnx import TensorProto

    values = dict.fromkeys(names, TensorProto.FLOAT)
    largest = [
        [np.abs(activation[0]).max(axis=0) for activation in seen]
        for seen in watch(model, values, samples)
    ]
    return {
        name: np.maximum(np.median(column, axis=0), SMALL)
        for name, column in zip(values, zip(*largest, strict=True), strict=True)
    }
