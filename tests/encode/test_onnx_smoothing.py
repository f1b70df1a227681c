"""Evening activations out changes nothing in float32, and makes one scale for all channels do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from index.encode.onnx_scales import fix_scales
from index.encode.onnx_smoothing import smooth

TOKENS, CHANNELS, OUT = 50, 16, 8
LOUD = 3  # the channel that is a hundred times as large
SAMPLES = [[1, 2, 3], [4, 5, 6, 7], [8, 9]]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Token ids to embeddings with one loud channel, then a linear layer, biased."""
    random = np.random.default_rng(0)
    table = random.normal(size=(TOKENS, CHANNELS)).astype(np.float32)
    table[:, LOUD] *= 100
    weight = random.normal(size=(CHANNELS, OUT)).astype(np.float32)
    weight[LOUD] /= 100
    bias = random.normal(size=OUT).astype(np.float32)
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["x"]),
        helper.make_node("MatMul", ["x", "weight"], ["y"]),
        helper.make_node("Add", ["y", "bias"], ["token_vectors"]),
        helper.make_node("Identity", ["attention_mask"], ["seen"]),
    ]
    shape = ["batch", "tokens"]
    graph = helper.make_graph(
        nodes, "tiny",
        [helper.make_tensor_value_info(n, TensorProto.INT64, shape)
         for n in ("input_ids", "attention_mask")],
        [helper.make_tensor_value_info("token_vectors", TensorProto.FLOAT, [*shape, OUT]),
         helper.make_tensor_value_info("seen", TensorProto.INT64, shape)],
        [numpy_helper.from_array(values, name)
         for name, values in (("table", table), ("weight", weight), ("bias", bias))],
    )  # fmt: skip
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    path = tmp_path / "source.onnx"
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=10), str(path))
    return path


def run(path: Path, ids: list[list[int]]) -> NDArray[np.float32]:
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    rows = np.array(ids, dtype=np.int64)
    given = session.run(["token_vectors"], {"input_ids": rows, "attention_mask": rows * 0 + 1})
    return np.asarray(given[0])


def quantised(source: Path) -> Path:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    dynamic, fixed = source.with_suffix(".dynamic"), source.with_suffix(".fixed")
    quantize_dynamic(
        source, dynamic, per_channel=True, weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul"], extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )  # fmt: skip
    fix_scales(dynamic, fixed, SAMPLES)
    return fixed


def test_in_float32_nothing_changes(source: Path, tmp_path: Path) -> None:
    smooth(source, tmp_path / "even.onnx", SAMPLES)
    ids = [[1, 20, 33, 49]]
    assert np.allclose(run(source, ids), run(tmp_path / "even.onnx", ids), rtol=1e-4, atol=1e-4)


def test_in_int8_more_is_kept(source: Path, tmp_path: Path) -> None:
    smooth(source, tmp_path / "even.onnx", SAMPLES)
    ids = [list(range(1, 10))]
    exact = run(source, ids)
    before = np.abs(run(quantised(source), ids) - exact).mean()
    after = np.abs(run(quantised(tmp_path / "even.onnx"), ids) - exact).mean()
    assert after < before / 3


def test_fixed_scales_do_not_depend_on_who_shares_the_batch(source: Path) -> None:
    fixed = quantised(source)
    alone = run(fixed, [[5, 6]])
    assert np.array_equal(run(fixed, [[5, 6], [40, 41]])[:1], alone)
    kinds = {node.op_type for node in onnx.load(str(fixed)).graph.node}
    assert {"QuantizeLinear", "MatMulIntegerToFloat"} <= kinds
    assert "DynamicQuantizeLinear" not in kinds
