"""What training changed in the encoder: a small file laid over the base weights.

Only differences travel: of each matrix in int8 with one scale a row, of vectors in float16. The
base weights, the table of embeddings above all, stay where they are.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from index.errors import BussolaError

FILE = Path(__file__).parent.parent / "data" / "adapter.npz"
_VALUES, _SCALES = "q:", "s:"
# what numpy lets through of a file that is no archive, or of one that was cut short or altered
_UNREADABLE = (
    OSError, ValueError, KeyError, EOFError, TypeError, AttributeError, BadZipFile, zlib.error,
    NotImplementedError,
)  # fmt: skip


class AdapterError(BussolaError):
    """An adapter that is missing, altered or of another encoder."""


def differences(
    base: Mapping[str, NDArray[np.float32]], trained: Mapping[str, NDArray[np.float32]]
) -> dict[str, NDArray[Any]]:
    """What to keep of `trained`: tensors of `base` that are still the same are left out."""
    kept: dict[str, NDArray[Any]] = {}
    for name, before in base.items():
        change = trained[name] - before
        if not np.abs(change).max(initial=0) > 0:
            continue
        if change.ndim == 2:
            scales = np.maximum(np.abs(change).max(axis=1, keepdims=True), 1e-12) / 127
            kept[_VALUES + name] = np.rint(change / scales).astype(np.int8)
            kept[_SCALES + name] = scales.astype(np.float32)
        else:
            kept[name] = change.astype(np.float16)
    return kept


def write_adapter(kept: Mapping[str, NDArray[Any]], path: Path = FILE) -> None:
    """Write what `differences` gave."""
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **kept)


def read_adapter(path: Path = FILE) -> dict[str, NDArray[np.float32]]:
    """The change of each tensor, by name. Raises AdapterError."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            names = [n.removeprefix(_VALUES) for n in kept.files if not n.startswith(_SCALES)]
            return {
                name: kept[_VALUES + name].astype(np.float32) * kept[_SCALES + name]
                if _VALUES + name in kept.files
                else kept[name].astype(np.float32)
                for name in names
            }
    except _UNREADABLE as error:
        raise AdapterError(f"{path}: l'adattatore del modello non si legge ({error})") from error


def apply_adapter(bert: Any, path: Path = FILE) -> None:
    """Add the changes of an adapter to a `transformers.BertModel`. Raises AdapterError where it is
    of another encoder."""
    import torch

    state = bert.state_dict()
    for name, change in read_adapter(path).items():
        if name not in state or tuple(state[name].shape) != change.shape:
            raise AdapterError(f"{path}: l'adattatore è di un altro modello («{name}»)")
        state[name] = state[name] + torch.from_numpy(change)
    bert.load_state_dict(state)
