"""Prepare the cross-encoder once, at build time: the adapter that the project ships, merged into
the encoder's checkpoint and exported.

Linear layers stay in float32: in int8 the logits move by half a unit, and a page is read in 100 ms
instead of 140.

The adapter is low-rank (Hu et al. 2021, LoRA): for each linear layer W it holds A (r, in) and
B (out, r) with the scale already in B, and the cross-encoder's layer is W + B A.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from eval.page_reader.cross_encoder import ENCODER_FILE, HEAD_FILE, MANIFEST_FILE, CrossEncoderError
from index.encode.model import publish_folder
from index.encode.tokenizer import HUB_FILE, PIECES_FILE

SHIPPED = Path(__file__).parent / "models" / "cross.npz"
HEAD, BASE = "head.", "base"  # in the file: the head's arrays, the name of the encoder

Arrays = Mapping[str, NDArray[Any]]
Report = Callable[[str], None]


def ensure_cross_encoder(
    models_dir: Path, base_dir: Path, shipped: Path = SHIPPED, progress: Report | None = None
) -> Path:
    """The folder `cross-DIGEST` under `models_dir`, made on the first call (half a minute).

    `base_dir` is the prepared encoder that the adapter was trained on (`ensure_model`).
    The folder appears whole or not at all. Raises CrossEncoderError when the weights are missing
    or made for another encoder.
    """
    arrays = read_weights(shipped)
    base = json.loads((base_dir / MANIFEST_FILE).read_text(encoding="utf-8"))
    if str(arrays[BASE]) != base["name"]:
        raise CrossEncoderError(f"{shipped}: fatto per {arrays[BASE]}, non per {base['name']}")
    digest = hashlib.sha256(shipped.read_bytes() + base["digest"].encode()).hexdigest()
    target = models_dir / f"cross-{digest[:12]}"
    if (target / MANIFEST_FILE).is_file():
        return target
    if progress:
        progress("preparing the cross-encoder")
    draft = Path(tempfile.mkdtemp(prefix=".cross-", dir=models_dir))
    try:
        _export(arrays, base_dir, draft)
        manifest = {"digest": digest, "base": base["name"]}
        (draft / MANIFEST_FILE).write_text(json.dumps(manifest) + "\n", encoding="utf-8")
        publish_folder(draft, target, MANIFEST_FILE)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def read_weights(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a file of weights. Raises CrossEncoderError."""
    try:
        with np.load(path) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (OSError, EOFError, ValueError, BadZipFile) as error:
        raise CrossEncoderError(f"{path}: pesi del lettore non leggibili ({error})") from error


def _export(arrays: Arrays, base_dir: Path, draft: Path) -> None:
    from index.encode.onnx_export import data_file, export_encoder

    head = {name: values for name, values in arrays.items() if name.startswith(HEAD)}
    np.savez(draft / HEAD_FILE, allow_pickle=False, **head)
    encoder = merged_encoder(base_dir, arrays)
    export_encoder(encoder, draft / ENCODER_FILE)
    table = data_file(Path(ENCODER_FILE)).name
    for name in (table, PIECES_FILE, HUB_FILE):
        if (base_dir / name).is_file():
            _share(base_dir / name, draft / name)


def merged_encoder(base_dir: Path, arrays: Arrays) -> Any:
    """The Hugging Face encoder of `base_dir` with B A added to the weights the adapter names."""
    import torch
    from transformers import AutoModel

    encoder = AutoModel.from_pretrained(
        base_dir, add_pooling_layer=False, attn_implementation="eager"
    )
    with torch.no_grad():
        for name in sorted({key[:-2] for key in arrays if key.endswith(".A")}):
            a, b = (arrays[f"{name}.{part}"].astype(np.float32) for part in "AB")
            encoder.get_submodule(name).weight += torch.from_numpy(b @ a)
    return encoder


def _share(base: Path, ours: Path) -> None:
    """A hard link to the encoder's file, a copy where links fail.

    The embedding table is not adapted: as one file, memory holds its pages once for both models.
    """
    ours.unlink(missing_ok=True)
    try:
        os.link(base, ours)
    except OSError:
        shutil.copyfile(base, ours)
