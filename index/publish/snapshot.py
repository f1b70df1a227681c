"""A snapshot: one immutable, published build of all that derives from guides and network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from index.files import file_digest, save_array, sync_folder, sync_tree, write_file
from index.guide import Guide, Handout
from index.network import NEUTRAL, Network, from_json, to_json
from index.parse.former import living_names
from index.passage import Passage
from index.precedent import Leads, Precedent
from index.publish.gone import Gone, read_gone
from index.publish.manifest import SnapshotError, broken, folder_of, manifest_bytes, manifest_in
from index.publish.published import GUIDES, GUIDES_FILE, current_id
from index.search.lexical import LexicalIndex
from index.search.spoken import spoken_of
from index.search.store import Store, VectorStore
from index.search.tokens import TokenStore

MAX_FILE_BYTES = 8 * 2**30
_MATRICES = ("vectors", "units", "questions", "signals", "precedent_vectors")
_HANDOUTS = TypeAdapter(tuple[Handout, ...])
_PASSAGES = TypeAdapter(tuple[Passage, ...])
_PRECEDENTS = TypeAdapter(tuple[Precedent, ...])
_WHOLE: Mapping[str, Callable[[bytes], Any]] = {
    "handouts": _HANDOUTS.validate_json,
    "network": from_json,
    "precedents": _PRECEDENTS.validate_json,
}


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Everything needed to answer, read-only and safe to share between threads.

    `vectors` is (n, d) float32, one row a passage, in the order of `passages`; `units` (u, d)
    float16 those of their units, one passage after the other; `questions` (q, d)
    are those of the questions that lead to each of them, one passage after the other (a corpus
    without guides has none); `signals` (s, d) those of the danger signals, in the order of
    `signals_of`; `precedent_vectors` (p, d) float16 those of `precedents`. `store` searches
    `vectors`, `asked` searches `questions`; `near_units` searches `units` where not all of them are
    compared with each question.
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
    store: Store
    asked: Store
    lexical: LexicalIndex
    tokens: TokenStore
    positions: Mapping[str, int] = field(default_factory=dict)  # passage id -> row
    network: Network = NEUTRAL
    handouts: tuple[Handout, ...] = ()
    precedents: tuple[Precedent, ...] = ()
    near_units: Store | None = None

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
    for name, store in (("faiss.index", snapshot.store), ("questions.index", snapshot.asked)):
        assert isinstance(store, VectorStore)  # what was just built is in memory
        store.save(folder / name)
    snapshot.lexical.save(folder / "bm25")
    sync_tree(folder)
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    digests = {p.relative_to(folder).as_posix(): file_digest(p) for p in files}
    manifest = {**snapshot.manifest, "files": digests}
    write_file(folder / "manifest.json", manifest_bytes(manifest))
    sync_folder(folder)


def load(var: Path, snapshot_id: str, like: Snapshot | None = None) -> Snapshot:
    """Load a snapshot after checking the digest of every file; what is the same in the one that is
    `like` it, already in memory, is shared with it. Raises SnapshotError."""
    return load_folder(folder_of(var, snapshot_id), snapshot_id, like)


def load_folder(folder: Path, snapshot_id: str, like: Snapshot | None = None) -> Snapshot:
    """As `load`, from a folder of any name. Raises SnapshotError."""
    manifest = manifest_in(folder, snapshot_id)
    _verify(folder, manifest, snapshot_id)
    try:
        guides = GUIDES.validate_json((folder / GUIDES_FILE).read_bytes())
        passages = _PASSAGES.validate_json((folder / "passages.json").read_bytes())
        known = _same_files(manifest, like)
        handouts, network, precedents = (
            known.get(name) or read((folder / f"{name}.json").read_bytes())
            for name, read in _WHOLE.items()
        )
        if like and _made_alike(manifest, network, like):
            guides, passages = _shared(guides, passages, like)
        matrices = _matrices(folder)
        store = VectorStore.load(folder / "faiss.index", len(passages))
        asked = VectorStore.load(folder / "questions.index", len(matrices["questions"]))
        lexical = LexicalIndex.load(folder / "bm25", len(passages))
        tokens = TokenStore.load(folder)
    except (OSError, ValueError, ValidationError, KeyError, RuntimeError) as error:
        raise broken(snapshot_id, f"un file non si legge ({type(error).__name__})") from error
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
        near_units=None,
    )
    if not _coherent(snapshot):
        raise broken(snapshot_id, "i file non vanno d'accordo fra loro")
    return snapshot


def _matrices(folder: Path) -> dict[str, np.ndarray]:
    """The vectors by name, read from the disk as they are wanted."""
    return {
        name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
        for name in _MATRICES
    }


def _same_files(manifest: Mapping[str, Any], like: Snapshot | None) -> dict[str, Any]:
    """What is in memory of the files that an editor seldom changes, where they are the same."""
    if like is None:
        return {}
    files, kept = manifest["files"], like.manifest.get("files", {})
    names = [name for name in _WHOLE if files[f"{name}.json"] == kept.get(f"{name}.json")]
    return {name: getattr(like, name) for name in names}


def _made_alike(manifest: Mapping[str, Any], network: Network, like: Snapshot) -> bool:
    """Whether the same bytes were made into the same guides and passages."""
    recipes = (manifest["recipe"], like.manifest["recipe"])
    return recipes[0] == recipes[1] and network.digest == like.network.digest


def _shared(
    guides: tuple[Guide, ...], passages: tuple[Passage, ...], like: Snapshot
) -> tuple[tuple[Guide, ...], tuple[Passage, ...]]:
    """The very guides of `like`, and the passages that come of them, in place of those of the same
    files: by one recipe the same bytes give the same."""
    same = {
        guide.slug: old for guide in guides
        if (old := like.guides.get(guide.slug))
        and (old.digest, old.path) == (guide.digest, guide.path)
    }  # fmt: skip
    return (
        tuple(same.get(guide.slug, guide) for guide in guides),
        tuple(
            like.passages[like.positions[p.id]] if p.guide in same and p.id in like.positions else p
            for p in passages
        ),
    )


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


def _verify(folder: Path, manifest: Mapping[str, Any], snapshot_id: str) -> None:
    expected = manifest.get("files")
    if not isinstance(expected, dict) or not expected:
        raise broken(snapshot_id, "il manifesto non elenca i file")
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    if found != set(expected) | {"manifest.json"}:
        different = sorted(found ^ (set(expected) | {"manifest.json"}))
        raise broken(snapshot_id, f"file mancanti o di troppo: {', '.join(different[:3])}")
    for name, digest in expected.items():
        path = folder / name
        if path.is_symlink() or path.stat().st_size > MAX_FILE_BYTES:
            raise broken(snapshot_id, f"«{name}» non è un file ammesso")
        if file_digest(path) != digest:
            raise broken(snapshot_id, f"«{name}» è stato alterato")
