"""Guides that get another name or go: the files that go along, who names them, what they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from chatbot.desk.draft_guide import DraftGuide
from chatbot.desk.network_files import ABOUT, PREFIX, slug_of_file
from chatbot.desk.yaml_form import data_of, with_data
from index.errors import BussolaError
from index.guide import Guide
from index.parse.former import renamed_target
from index.parse.header import fields_of, joined, split_text, with_fields
from index.parse.links import meant_path
from index.parse.precedents import FOLDER as PRECEDENTS
from index.parse.walk import TRANSLATIONS, guide_name, slug_of
from index.publish.snapshot import Snapshot

KEY = "nomi_precedenti"
# The files of the network that name guides, and under which key.
NAMING = {"risposte.yaml": "sezione", "avvisi.yaml": "guide", "compiti.yaml": "guide"}


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a guide is named: a page of the desk with its title, and the line of its file."""

    title: str
    page: str
    line: int


def mentions(guide: Guide, snapshot: Snapshot) -> list[Mention]:
    """The other guides that link to it, and the files of the network that name it."""
    known = {one.path for one in snapshot.guides.values()}
    former = dict.fromkeys(guide.former_names, guide)
    found = [
        Mention(other.title, f"/redazione/guida/{other.slug}", link.line)
        for other in sorted(snapshot.guides.values(), key=lambda one: one.title)
        if other.path != guide.path
        for link in other.links
        if not link.image and _leads_to(link.target, other, guide, known, former)
    ]
    network = snapshot.network
    named: list[tuple[str, int, tuple[str, ...]]]
    named = [("risposte.yaml", one.line, (one.section,)) for one in network.decisions]
    named += [("avvisi.yaml", one.line, one.guides) for one in network.notices]
    named += [("compiti.yaml", one.line, one.guides) for one in network.tasks]
    return found + [
        Mention(ABOUT[file][0], f"/redazione/rete/{slug_of_file(file)}", line)
        for file, line, places in named
        if any(place.partition("#")[0] == guide.slug for place in places)
    ]


def _leads_to(
    target: str, other: Guide, guide: Guide, known: set[str], former: Mapping[str, Guide]
) -> bool:
    path = unquote(target.partition("#")[0])
    if ":" in path or not any(name in path for name in (guide_name(guide.path), *former)):
        return False  # most links of a thousand guides
    meant = meant_path(path, other, known)
    return meant == guide.path if meant else renamed_target(path, former) is not None


def companions(folder: Path, slug: str) -> list[str]:
    """What goes where a guide goes: its translations, the questions that people put before."""
    found = [*folder.glob(f"{TRANSLATIONS}/*/{slug}.md"), folder / PRECEDENTS / f"{slug}.csv"]
    return sorted(file.relative_to(folder).as_posix() for file in found if file.is_file())


def files_of(one: DraftGuide, text: str, folder: Path) -> dict[str, str | None]:
    """The files that a guide of a draft changes, as they will be (`text` is its own). Raises
    BussolaError where the name it is to have is taken."""
    if not (one.removed or one.will):
        return {one.path: text}
    beside = companions(folder, slug_of(one.path))
    files: dict[str, str | None] = dict.fromkeys((one.path, *beside))
    if one.removed:
        return files
    new = slug_of(one.will)
    for path in (one.will, *(_named(path, new) for path in beside)):
        if (folder / path).exists():
            raise BussolaError(f"C'è già un file «{path}»: scegli un altro nome.")
    files[one.will] = text
    return files | {_named(p, new): (folder / p).read_bytes().decode() for p in beside}


def _named(path: str, name: str) -> str:
    file = PurePosixPath(path)
    return file.with_name(f"{name}{file.suffix}").as_posix()


def renamed(one: DraftGuide, name: str, keep: bool) -> dict[str, Any]:
    """What changes in a guide of a draft that is to be called `name`; where it is to `keep` its old
    addresses they are written in its front matter. Raises BussolaError."""
    path = _named(one.path, name)
    if not one.base:  # nobody knows it yet by another name
        return {"slug": name, "path": path, "removed": False}
    head, body = split_text(one.text)
    former = [old for old in (fields_of(head) or {}).get(KEY, []) if old not in (name, one.slug)]
    if keep and name != one.slug:
        former.append(one.slug)
    try:
        text = joined(with_fields(head, {KEY: former}), body)
    except ValueError:
        raise BussolaError("L'intestazione non si legge: correggila come testo.") from None
    return {"text": text, "will": path if path != one.path else "", "removed": False}


def network_renamed(file: str, one: DraftGuide, old: str, new: str) -> str:
    """The text of a file of the network that names the guide `new` where it named `old`: as it is
    where it did not, as it began where it says that again. Raises BussolaError where it cannot be
    read."""
    key, data = NAMING[file], _plain(file, one.text)
    changed = [{**item, key: _renamed(item[key], old, new)} for item in data]
    if changed == data:
        return one.text
    return one.base if changed == _plain(file, one.base) else with_data(file, one.text, changed)


def _plain(file: str, text: str) -> list[dict[str, Any]]:
    return [item.model_dump(mode="json") for item in data_of(file, text)]


def _renamed(value: Any, old: str, new: str) -> Any:
    if isinstance(value, list):
        return [_renamed(one, old, new) for one in value]
    name, mark, anchor = str(value or "").partition("#")
    return f"{new}{mark}{anchor}" if name == old else value


def as_named(snapshot: Snapshot, names: Mapping[str, str]) -> Snapshot:
    """`snapshot` with what leads to the guides called by the keys of `names` leading to those
    called by their values: translations and precedents."""
    if not names:
        return snapshot
    precedents = tuple(
        replace(p, leads=tuple(replace(x, guide=names.get(x.guide, x.guide)) for x in p.leads))
        for p in snapshot.precedents
    )
    handouts = tuple(replace(h, guide=names.get(h.guide, h.guide)) for h in snapshot.handouts)
    return replace(snapshot, precedents=precedents, handouts=handouts)


def naming_paths() -> list[tuple[str, str]]:
    """The files of the network that name guides: (name, path)."""
    return [(file, f"{PREFIX}{file}") for file in NAMING]
