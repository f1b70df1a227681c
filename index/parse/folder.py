"""The folder of the guides: every file parsed, every problem told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from index.errors import BussolaError
from index.finding import Finding
from index.guide import Guide
from index.network import NEUTRAL, Network
from index.parse.guide_file import parse_guide, source_digest
from index.parse.walk import guide_files, slug_of, slugs_of


def read_guides(
    folder: Path, known: Mapping[str, Guide] | None = None, network: Network = NEUTRAL
) -> tuple[list[Guide], list[Finding]]:
    """The guides to publish, with what is told of all files: as `read_all`, without drafts."""
    guides, findings = read_all(folder, known, network)
    return [guide for guide in guides if not guide.draft], findings


def read_all(
    folder: Path, known: Mapping[str, Guide] | None = None, network: Network = NEUTRAL
) -> tuple[list[Guide], list[Finding]]:
    """Parse all; a file that cannot be parsed becomes findings and does not stop the others.

    A file whose bytes are those of the guide `known` at its path is not parsed again: the very
    same guide is given back. Raises BussolaError when there is no such folder.
    """
    if not folder.is_dir():
        raise BussolaError(f"La cartella delle guide non c'è: {folder}")
    guides: list[Guide] = []
    names: dict[str, str] = {}
    paths, findings = guide_files(folder)
    for path, slug in slugs_of(paths).items():
        if slug in names:
            findings.append(Finding(path, 1, _same_name(names[slug]), "name"))
            continue
        names[slug] = path
        if slug != slug_of(path):
            findings += network.weigh([Finding(path, 1, _renamed(slug), "slug")])
        try:
            guide, problems = _read(folder, path, slug, (known or {}).get(path), network)
        except OSError as error:
            guide, problems = None, [Finding(path, 1, f"il file non si legge: {error.strerror}")]
        findings += problems
        if guide is not None:
            guides.append(guide)
    return guides, findings


def nothing_in(folder: Path) -> str:
    """What is told of a folder without guides."""
    return (
        f"Nessuna guida da pubblicare in {folder}: ci vuole almeno un file .md o .markdown che non "
        "sia una bozza («stato: bozza»)"
    )


def _same_name(other: str) -> str:
    return f"c'è già una guida con questo nome: {other}"


def _renamed(slug: str) -> str:
    return f"un altro file si chiama così, e negli indirizzi questo è «{slug}»: rinominane uno"


def _read(
    folder: Path, path: str, slug: str, known: Guide | None, network: Network
) -> tuple[Guide | None, list[Finding]]:
    data = (folder / path).read_bytes()
    if known is not None and known.digest == source_digest(data) and known.slug == slug:
        return known, []
    return parse_guide(data, path, network, slug)
