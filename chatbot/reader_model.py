"""Prepare the reader once, at build time: the adapter that the project ships, merged into the
encoder's checkpoint and exported to int8.

The adapter is low-rank (Hu et al. 2021, LoRA): for each linear layer W it holds A (r, in) and
B (out, r) with the scale already in B, and the reader's layer is W + B A.
"""

from __future__ import annotations

import filecmp
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatbot.reader import MANIFEST_FILE, ReaderError
from index.model import ENCODER_FILE, publish_folder
from index.tokenizer import PIECES_FILE

SHIPPED = Path(__file__).parent / "models" / "reader"
ADAPTER_FILE, HEAD_FILE = "adapter.npz", "head.npz"


def ensure_reader(models_dir: Path, base_dir: Path, shipped: Path = SHIPPED) -> Path:
    """The folder `reader-DIGEST` under `models_dir`, made on the first call (half a minute).

    `base_dir` is the prepared encoder the adapter was trained on (`index.model.ensure_model`);
    `shipped` holds the adapter, the head and the manifest. The folder appears whole or not at all.
    Raises ReaderError when the shipped files are missing or made for another encoder.
    """
    manifest = _shipped_manifest(shipped, base_dir)
    manifest["digest"] = _digest(shipped, base_dir)
    target = models_dir / f"reader-{manifest['digest'][:12]}"
    if (target / MANIFEST_FILE).is_file():
        return target
    models_dir.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".reader-", dir=models_dir))
    try:
        _export(shipped, base_dir, draft)
        shutil.copyfile(shipped / HEAD_FILE, draft / HEAD_FILE)
        text = json.dumps(manifest, indent=2) + "\n"
        (draft / MANIFEST_FILE).write_text(text, encoding="utf-8")
        publish_folder(draft, target, MANIFEST_FILE)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _shipped_manifest(shipped: Path, base_dir: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((shipped / MANIFEST_FILE).read_text("utf-8"))
        base = json.loads((base_dir / "manifest.json").read_text("utf-8"))
    except OSError as error:
        raise ReaderError(f"lettore: manca {error.filename}") from error
    if manifest["base"] != base["name"]:
        raise ReaderError(f"lettore: fatto per {manifest['base']}, non per {base['name']}")
    return manifest


def _digest(shipped: Path, base_dir: Path) -> str:
    """sha256 over what decides the scores: the shipped files and the encoder's manifest."""
    digest = hashlib.sha256()
    files = [shipped / name for name in (ADAPTER_FILE, HEAD_FILE, MANIFEST_FILE)]
    for file in [*files, base_dir / "manifest.json"]:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _export(shipped: Path, base_dir: Path, draft: Path) -> None:
    from index.onnx_export import data_file, export_encoder

    with np.load(shipped / ADAPTER_FILE) as arrays:
        adapter = {name: arrays[name] for name in arrays.files}
    export_encoder(merged_encoder(base_dir, adapter), draft / ENCODER_FILE)
    for name in (data_file(Path(ENCODER_FILE)).name, PIECES_FILE):
        _share(base_dir / name, draft / name)


def merged_encoder(base_dir: Path, adapter: Mapping[str, NDArray[np.float16]]) -> Any:
    """The Hugging Face encoder of `base_dir` with B A added to the weights the adapter names."""
    import torch
    from transformers import AutoModel

    encoder = AutoModel.from_pretrained(
        base_dir, add_pooling_layer=False, attn_implementation="eager"
    )
    with torch.no_grad():
        for name in sorted({key.rsplit(".", 1)[0] for key in adapter}):
            weight = encoder.get_submodule(name).weight
            delta = adapter[f"{name}.B"].astype(np.float32) @ adapter[f"{name}.A"].astype(
                np.float32
            )
            weight += torch.from_numpy(delta)
    return encoder


def _share(base: Path, ours: Path) -> None:
    """A hard link to the encoder's file where ours would be the same, a copy where links fail.

    The embedding table is not adapted: as one file, memory holds its pages once for both models.
    """
    if ours.exists() and not filecmp.cmp(base, ours, shallow=False):
        return
    ours.unlink(missing_ok=True)
    try:
        os.link(base, ours)
    except OSError:
        shutil.copyfile(base, ours)
