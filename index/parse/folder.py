"""The folder of the guides: every file parsed, every problem told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from index.errors import BussolaError
from index.finding import Finding
from index.guide import Guide
from index.network import NEUTRAL, Network
from index.parse.guide_file import parse_guide, source_digest

NOT_GUIDES = {"README.md"}
TRANSLATIONS = "traduzioni"  # of plain-words boxes: handouts.py


def guide_files(folder: Path) -> Iterator[Path]:
    """The files of the guides under `folder`: all of Markdown but the translations."""
    for path in markdown_files(folder):
        if path.relative_to(folder).parts[0] != TRANSLATIONS:
            yield path


def markdown_files(folder: Path) -> Iterator[Path]:
    """Markdown files under `folder`, sorted, hidden ones and READMEs left out."""
    for path in sorted(folder.rglob("*.md")):
        parts = path.relative_to(folder).parts
        if path.name not in NOT_GUIDES and not any(part.startswith(".") for part in parts):
            yield path


def read_guides(
    folder: Path, known: Mapping[str, Guide] | None = None, network: Network = NEUTRAL
) -> tuple[list[Guide], list[Finding]]:
    """Parse all; a file that cannot be parsed becomes findings and does not stop the others.

    A file whose bytes are those of the guide `known` at its path is not parsed again: the very
    same guide is given back. Raises BussolaError when there is no such folder.
    """
    if not folder.is_dir():
        raise BussolaError(f"La cartella delle guide non c'è: {folder}")
    guides: list[Guide] = []
    findings: list[Finding] = []
    paths: dict[str, str] = {}
    for file in guide_files(folder):
        path = file.relative_to(folder).as_posix()
        try:
            guide, problems = _read(file, path, (known or {}).get(path), network)
        except OSError as error:
            guide, problems = None, [Finding(path, 1, f"il file non si legge: {error.strerror}")]
        findings.extend(problems)
        if guide is None:
            continue
        if guide.slug in paths:
            message = f"c'è già una guida con questo nome: {paths[guide.slug]}"
            findings.append(Finding(path, 1, message, "slug"))
            continue
        paths[guide.slug] = path
        guides.append(guide)
    return guides, findings


def _read(
    file: Path, path: str, known: Guide | None, network: Network
) -> tuple[Guide | None, list[Finding]]:
    data = file.read_bytes()
    if known is not None and known.digest == source_digest(data):
        return known, []
    return parse_guide(data, path, network)
