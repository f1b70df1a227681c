"""What training changed travels in a small file, and fits one encoder alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from index.encode.adapter import (
    AdapterError,
    apply_adapter,
    differences,
    read_adapter,
    write_adapter,
)

State = dict[str, NDArray[np.float32]]
MOST = 15 * 2**20  # bytes of the file of an encoder of twelve layers, eight of them trained
E5 = {"hidden_size": 384, "intermediate_size": 1536, "num_attention_heads": 12}


def bert(seed: int = 0, layers: int = 2, hidden: int = 16, vocabulary: int = 20) -> Any:
    """A small encoder of random weights, always the same."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=vocabulary, hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=2,
        intermediate_size=2 * hidden, max_position_embeddings=16,
    )  # fmt: skip
    return BertModel(config, add_pooling_layer=False)


def state_of(model: Any) -> State:
    return {name: tensor.detach().numpy().copy() for name, tensor in model.state_dict().items()}


def trained(base: State, part: str = "encoder.layer.1.") -> State:
    """`base` after a made-up training of the tensors whose name has `part`."""
    random = np.random.default_rng(1)
    return {
        name: values + random.normal(0, 0.01, values.shape).astype(np.float32)
        if part in name
        else values
        for name, values in base.items()
    }


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An adapter of `bert()`."""
    base = state_of(bert())
    path = tmp_path / "adapter.npz"
    write_adapter(differences(base, trained(base)), path)
    return path


def test_an_encoder_with_its_adapter_is_the_one_that_was_trained(file: Path) -> None:
    """Each value within half a step of its row's scale, and nothing else touched."""
    base = state_of(bert())
    wanted, model = trained(base), bert()
    apply_adapter(model, file)
    for name, found in state_of(model).items():
        change = np.abs(wanted[name] - base[name])
        step = change.max(axis=-1, keepdims=True, initial=0) / 254 + 1e-4 * (change.ndim < 2)
        assert (np.abs(found - wanted[name]) <= step + 1e-6).all(), name


def test_what_training_left_alone_does_not_travel(file: Path) -> None:
    """The table of embeddings above all, which is most of the model."""
    assert all(name.startswith("encoder.layer.1.") for name in read_adapter(file))


def test_nothing_learnt_changes_nothing(tmp_path: Path) -> None:
    """An adapter without a tensor is read, and lays nothing over the weights."""
    base = state_of(bert())
    write_adapter(differences(base, base), tmp_path / "none.npz")
    model = bert()
    apply_adapter(model, tmp_path / "none.npz")
    assert all((found == base[name]).all() for name, found in state_of(model).items())


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """With its path."""
    with pytest.raises(AdapterError, match=r"no\.npz: l'adattatore del modello non si legge"):
        read_adapter(tmp_path / "no.npz")


@pytest.mark.parametrize("part", [0.02, 0.5, 0.98])
def test_a_file_cut_short_is_told(file: Path, part: float) -> None:
    """As a full disk or a broken download leaves it."""
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(AdapterError, match="non si legge"):
        read_adapter(file)


def test_an_altered_byte_is_told(file: Path) -> None:
    """The values of an encoder are not taken on trust."""
    data = bytearray(file.read_bytes())
    at = data.index(b"q:") + 200  # within the first matrix
    data[at] ^= 0xFF
    file.write_bytes(bytes(data))
    with pytest.raises(AdapterError, match="non si legge"):
        read_adapter(file)


def test_a_file_of_another_kind_is_told(tmp_path: Path) -> None:
    """Text, an empty file, a lone array, an archive without its scales."""
    path = tmp_path / "adapter.npz"
    for data in (b"", b"no adapter at all", b"PK\x03\x04"):
        path.write_bytes(data)
        with pytest.raises(AdapterError, match="non si legge"):
            read_adapter(path)
    with path.open("wb") as lone:
        np.save(lone, np.zeros(3))
    with pytest.raises(AdapterError, match="non si legge"):
        read_adapter(path)
    write_adapter({"q:uno": np.zeros((2, 2), dtype=np.int8)}, path)
    with pytest.raises(AdapterError, match="non si legge"):
        read_adapter(path)


@pytest.mark.parametrize(
    "other", [{"hidden": 32}, {"layers": 1}], ids=["other sizes", "fewer layers"]
)
def test_another_encoder_is_told_and_left_as_it_was(file: Path, other: dict[str, int]) -> None:
    """Never laid over weights that it was not trained with."""
    model = bert(**other)
    before = state_of(model)
    with pytest.raises(AdapterError, match="è di un altro modello"):
        apply_adapter(model, file)
    assert all((found == before[name]).all() for name, found in state_of(model).items())


def test_eight_layers_of_the_default_encoder_fit_in_the_repository(tmp_path: Path) -> None:
    """A layer of its size, changed everywhere, takes less than an eighth of 15 MB."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    sizes = BertConfig(vocab_size=2, num_hidden_layers=1, max_position_embeddings=2, **E5)
    base = state_of(BertModel(sizes, add_pooling_layer=False))
    path = tmp_path / "one.npz"
    write_adapter(differences(base, trained(base, "encoder.layer.0.")), path)
    assert 8 * path.stat().st_size < MOST
