"""A snapshot: one immutable, published build of all that derives from guides and network."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from index.errors import BussolaError
from index.files import file_digest, replace_file, save_array, sync_folder, sync_tree, write_file
from index.guide import Guide, Handout
from index.network import NEUTRAL, Network, from_json, to_json
from index.parse.former import living_names
from index.passage import Passage
from index.precedent import Leads, Precedent
from index.publish.gone import Gone, read_gone
from index.publish.published import GUIDES, GUIDES_FILE, current_id, snapshots_dir
from index.search.lexical import LexicalIndex
from index.search.spoken import spoken_of
from index.search.store import VectorStore
from index.search.tokens import TokenStore

SCHEMA = 10
MAX_FILE_BYTES = 8 * 2**30
_MATRICES = ("vectors", "units", "questions", "signals", "precedent_vectors")
_HANDOUTS = TypeAdapter(tuple[Handout, ...])
_PASSAGES = TypeAdapter(tuple[Passage, ...])
_PRECEDENTS = TypeAdapter(tuple[Precedent, ...])


class SnapshotError(BussolaError):
    """A snapshot is missing, incomplete or altered; the message says what to run."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Everything needed to answer, read-only and safe to share between threads.

    `vectors` is (n, d) float32, one row a passage, in the order of `passages`; `units` (u, d)
    float16 those of their units, one passage after the other; `questions` (q, d)
    are those of the questions that lead to each of them, one passage after the other (a corpus
    without guides has none); `signals` (s, d) those of the danger signals, in the order of
    `signals_of`; `precedent_vectors` (p, d) float16 those of `precedents`. `store` searches
    `vectors`, `asked` searches `questions`.
    """

    id: str
    created: str
    manifest: Mapping[str, Any]
    guides: Mapping[str, Guide]
    passages: tuple[Passage, ...]
    vectors: np.ndarray
    units: np.ndarray
    questions: np.ndarray
    signals: np.ndarray
    precedent_vectors: np.ndarray
    store: VectorStore
    asked: VectorStore
    lexical: LexicalIndex
    tokens: TokenStore
    positions: Mapping[str, int] = field(default_factory=dict)  # passage id -> row
    network: Network = NEUTRAL
    handouts: tuple[Handout, ...] = ()
    precedents: tuple[Precedent, ...] = ()

    @cached_property
    def glossary(self) -> Guide | None:
        return next((g for g in self.guides.values() if g.kind == "glossario"), None)

    @cached_property
    def _former(self) -> Mapping[str, Guide]:
        return living_names(self.guides.values())

    @cached_property
    def gone(self) -> Mapping[str, Gone]:  # by the name that each had
        return read_gone(self.manifest)

    def guide_named(self, name: str) -> Guide | None:
        """The guide that has a name, or had it."""
        return self.guides.get(name) or self._former.get(name)

    @cached_property
    def spoken(self) -> frozenset[str]:
        """Words of the passages, and ways to write the terms, that name nobody: in lower case."""
        return spoken_of(self.passages, self.glossary)

    @cached_property
    def question_bounds(self) -> np.ndarray:
        """Passage i is led to by rows bounds[i]:bounds[i + 1] of `questions`: (n + 1,) int64."""
        counts = [1 + len(p.questions) if p.guide in self.guides else 0 for p in self.passages]
        return np.cumsum([0, *counts], dtype=np.int64)

    @cached_property
    def unit_bounds(self) -> np.ndarray:
        """The units of passage i are rows bounds[i]:bounds[i + 1] of `units`: (n + 1,) int64."""
        return np.cumsum([0, *(len(p.units) for p in self.passages)], dtype=np.int64)

    @cached_property
    def unit_owners(self) -> np.ndarray:
        """The position (u,) of the passage that each row of `units` stands in."""
        return np.repeat(np.arange(len(self.passages)), np.diff(self.unit_bounds))

    @cached_property
    def unit_vectors(self) -> np.ndarray:
        """`units` as float32, in memory: (u, d)."""
        return np.asarray(self.units, dtype=np.float32)

    @cached_property
    def precedent_matrix(self) -> np.ndarray:
        """`precedent_vectors` as float32, in memory: (p, d)."""
        return np.asarray(self.precedent_vectors, dtype=np.float32)

    @cached_property
    def leads(self) -> Leads:
        """Where the precedents lead."""
        return Leads.of(self.precedents, self.passages)

    @cached_property
    def question_owners(self) -> np.ndarray:
        """The position (q,) of the passage that each row of `questions` leads to."""
        return np.repeat(np.arange(len(self.passages)), np.diff(self.question_bounds))


def signals_of(guides: Iterable[Guide]) -> list[tuple[Guide, str]]:
    """The danger signals of the emergency cards, each with its card."""
    return [(g, signal) for g in guides if g.kind == "emergenza" for signal in g.signals]


def load_current(var: Path) -> Snapshot:
    """The published snapshot. Raises SnapshotError."""
    snapshot_id = current_id(var)
    if snapshot_id is None:
        raise SnapshotError(f"Nessuna istantanea pubblicata in {var}. Esegui: bussola index build")
    return load(var, snapshot_id)


def save(snapshot: Snapshot, folder: Path) -> None:
    """Write every file of `snapshot` into the new `folder`; the manifest, with the digests of
    all the others, comes last."""
    folder.mkdir(parents=True)
    write_file(folder / GUIDES_FILE, GUIDES.dump_json(tuple(snapshot.guides.values())))
    write_file(folder / "handouts.json", _HANDOUTS.dump_json(snapshot.handouts))
    write_file(folder / "network.json", to_json(snapshot.network))
    write_file(folder / "passages.json", _PASSAGES.dump_json(snapshot.passages))
    write_file(folder / "precedents.json", _PRECEDENTS.dump_json(snapshot.precedents))
    for name in _MATRICES:
        save_array(folder / f"{name}.npy", getattr(snapshot, name))
    snapshot.tokens.save(folder)
    snapshot.store.save(folder / "faiss.index")
    snapshot.asked.save(folder / "questions.index")
    snapshot.lexical.save(folder / "bm25")
    sync_tree(folder)
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    digests = {p.relative_to(folder).as_posix(): file_digest(p) for p in files}
    manifest = {**snapshot.manifest, "files": digests}
    write_file(folder / "manifest.json", _manifest_bytes(manifest))
    sync_folder(folder)


def read_manifest(var: Path, snapshot_id: str) -> dict[str, Any]:
    """The manifest of a snapshot. Raises SnapshotError."""
    return _manifest(_folder(var, snapshot_id), snapshot_id)


def _manifest(folder: Path, snapshot_id: str) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
    except FileNotFoundError:
        raise _broken(snapshot_id, "manca il manifesto") from None
    except ValueError:
        raise _broken(snapshot_id, "il manifesto non si legge") from None
    if not isinstance(manifest, dict) or manifest.get("schema") != SCHEMA:
        raise _broken(snapshot_id, "è stata fatta con un'altra versione di Bussola")
    return manifest


def is_draft(var: Path, snapshot_id: str) -> bool:
    """Whether the snapshot was built without publishing it, and not published since."""
    try:
        return bool(read_manifest(var, snapshot_id).get("draft"))
    except SnapshotError:
        return False


def note_publication(var: Path, snapshot_id: str, note: Mapping[str, str] | None = None) -> None:
    """The snapshot is a draft no more; a `note` of who published it, when and why is added to its
    manifest. Raises SnapshotError."""
    manifest = read_manifest(var, snapshot_id)
    if not manifest.pop("draft", False) and not note:
        return
    if note:
        manifest["publications"] = [*manifest.get("publications", []), dict(note)]
    replace_file(_folder(var, snapshot_id) / "manifest.json", _manifest_bytes(manifest))


def _manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    return json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()


def load(var: Path, snapshot_id: str) -> Snapshot:
    """Load a snapshot after checking the digest of every file. Raises SnapshotError."""
    return load_folder(_folder(var, snapshot_id), snapshot_id)


def load_folder(folder: Path, snapshot_id: str) -> Snapshot:
    """As `load`, from a folder of any name. Raises SnapshotError."""
    manifest = _manifest(folder, snapshot_id)
    _verify(folder, manifest, snapshot_id)
    try:
        guides = GUIDES.validate_json((folder / GUIDES_FILE).read_bytes())
        handouts = _HANDOUTS.validate_json((folder / "handouts.json").read_bytes())
        network = from_json((folder / "network.json").read_bytes())
        passages = _PASSAGES.validate_json((folder / "passages.json").read_bytes())
        precedents = _PRECEDENTS.validate_json((folder / "precedents.json").read_bytes())
        matrices = {
            name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            for name in _MATRICES
        }
        store = VectorStore.load(folder / "faiss.index", len(passages))
        asked = VectorStore.load(folder / "questions.index", len(matrices["questions"]))
        lexical = LexicalIndex.load(folder / "bm25", len(passages))
        tokens = TokenStore.load(folder)
    except (OSError, ValueError, ValidationError, KeyError, RuntimeError) as error:
        raise _broken(snapshot_id, f"un file non si legge ({type(error).__name__})") from error
    snapshot = Snapshot(
        id=snapshot_id,
        created=str(manifest["created"]),
        manifest=manifest,
        guides={guide.slug: guide for guide in guides},
        passages=passages,
        **matrices,
        store=store,
        asked=asked,
        lexical=lexical,
        tokens=tokens,
        positions={passage.id: row for row, passage in enumerate(passages)},
        network=network,
        handouts=handouts,
        precedents=precedents,
    )
    if not _coherent(snapshot):
        raise _broken(snapshot_id, "i file non vanno d'accordo fra loro")
    return snapshot


def _coherent(snapshot: Snapshot) -> bool:
    """Whether every array has the rows that passages and guides ask for."""
    signals = signals_of(snapshot.guides.values())
    return (
        len(snapshot.vectors) == len(snapshot.tokens.bounds) - 1 == len(snapshot.passages)
        and len(snapshot.units) == snapshot.unit_bounds[-1]
        and len(snapshot.questions) == snapshot.question_bounds[-1]
        and len(snapshot.signals) == len(signals)
        and len(snapshot.precedent_vectors) == len(snapshot.precedents)
    )


def is_snapshot_name(text: str) -> bool:
    """Whether a text may be the id of a snapshot, and so the name of a folder or file."""
    return set(text) <= _ID_CHARACTERS and 0 < len(text) <= MAX_ID


def _folder(var: Path, snapshot_id: str) -> Path:
    if not is_snapshot_name(snapshot_id):
        raise SnapshotError(f"«{snapshot_id:.60}» non è il nome di un'istantanea")
    return snapshots_dir(var) / snapshot_id


MAX_ID = 100  # characters: longer is no file name
_ID_CHARACTERS = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")


def _verify(folder: Path, manifest: Mapping[str, Any], snapshot_id: str) -> None:
    expected = manifest.get("files")
    if not isinstance(expected, dict) or not expected:
        raise _broken(snapshot_id, "il manifesto non elenca i file")
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    if found != set(expected) | {"manifest.json"}:
        different = sorted(found ^ (set(expected) | {"manifest.json"}))
        raise _broken(snapshot_id, f"file mancanti o di troppo: {', '.join(different[:3])}")
    for name, digest in expected.items():
        path = folder / name
        if path.is_symlink() or path.stat().st_size > MAX_FILE_BYTES:
            raise _broken(snapshot_id, f"«{name}» non è un file ammesso")
        if file_digest(path) != digest:
            raise _broken(snapshot_id, f"«{name}» è stato alterato")


def _broken(snapshot_id: str, what: str) -> SnapshotError:
    return SnapshotError(
        f"L'istantanea {snapshot_id} non è utilizzabile: {what}. "
        "Esegui: bussola index build (oppure: bussola index rollback)"
    )
