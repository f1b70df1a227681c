"""The Markdown files of a folder, whoever filled it: which are read as guides, which are told.

A guide is a file `.md` or `.markdown`, in any case and at any depth. Hidden files and folders are
left out, and so is a README, which speaks to who keeps the folder; an `index` is a guide, and bears
the name of its folder. What stands in `traduzioni/` are translations of boxes (`handouts.py`).
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from index.finding import Finding
from index.parse.markdown import slugify

SUFFIXES = (".md", ".markdown")
INDEX, NOT_A_GUIDE = "index", "readme"
TRANSLATIONS = "traduzioni"
MAX_BYTES = 2_000_000  # a book of 300,000 words
LONGEST_SLUG = 80
RULE = "file"
# Files that somebody may take for guides.
_OTHER_MARKDOWN = re.compile(
    r"\.(?:md|markdown)\.\w+$|\.(?:mdx|mdown|mkdn?|mdwn|mdtext|rmd|qmd)$", re.I
)
_DOCUMENT = re.compile(r"\.(?:docx?|odt|rtf)$", re.I)


def is_guide_name(name: str) -> bool:
    """Whether a file of this name is read as a guide."""
    path = PurePosixPath(name)
    markdown = path.suffix.lower() in SUFFIXES and not name.startswith(".")
    return markdown and path.stem.lower() != NOT_A_GUIDE


def guide_files(folder: Path) -> tuple[list[str], list[Finding]]:
    """The paths of the guides under `folder`, sorted, relative to it and with forward slashes; and
    a finding for each file or folder that cannot be one."""
    return _files(folder, translations=False)


def translation_files(folder: Path) -> tuple[list[str], list[Finding]]:
    """As `guide_files`, of the translations."""
    return _files(folder, translations=True)


def _files(folder: Path, translations: bool) -> tuple[list[str], list[Finding]]:
    found, findings = _markdown_files(folder)

    def wanted(path: str) -> bool:
        return (PurePosixPath(path).parts[:1] == (TRANSLATIONS,)) == translations

    return [p for p in found if wanted(p)], [f for f in findings if wanted(f.path)]


def _markdown_files(folder: Path) -> tuple[list[str], list[Finding]]:
    found: list[str] = []
    findings: list[Finding] = []

    def unreadable(error: OSError) -> None:
        path = Path(error.filename).relative_to(folder).as_posix()
        findings.append(_told(path, f"la cartella non si legge: {error.strerror}"))

    for place, folders, names in os.walk(folder, onerror=unreadable):
        here = Path(place)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        linked = [name for name in folders if (here / name).is_symlink()]
        findings += _passed_over(here.relative_to(folder), names)
        for name in [*linked, *filter(is_guide_name, names)]:
            path = (here / name).relative_to(folder).as_posix()
            problem = _problem(here / name, path, folder)
            if problem:
                findings.append(_told(path, problem))
            else:
                found.append(path)
    return sorted(found), findings


def _passed_over(place: Path, names: Iterable[str]) -> Iterator[Finding]:
    """Files that are not read, and whose names say that they were meant to be."""
    for name in sorted(names):
        if _OTHER_MARKDOWN.search(name) and not name.startswith("."):
            message = "il file non si legge: una guida ha un nome che finisce con .md o .markdown"
        elif _DOCUMENT.search(name) and not name.startswith((".", "~")):
            message = "il file non si legge: le guide sono file di Markdown (.md)"
        else:
            continue
        yield replace(_told((place / name).as_posix(), message), severity="warning")


def _problem(file: Path, path: str, folder: Path) -> str | None:
    """Why a file cannot be a guide, or None."""
    if not path.isprintable():
        return "il nome ha caratteri che non si leggono: rinominalo"
    try:
        # what is no link stands where it was found: links to folders are not followed
        if file.is_symlink() and not file.resolve().is_relative_to(folder.resolve()):
            return "è un collegamento a qualcosa fuori dalla cartella delle guide: copialo qui"
        facts = file.stat()
    except (OSError, RuntimeError) as error:  # a link that leads to itself is a RuntimeError
        reason = getattr(error, "strerror", None) or "è un collegamento che torna su se stesso"
        return f"il file non si legge: {reason}"
    if stat.S_ISDIR(facts.st_mode):
        return "è un collegamento a una cartella, e qui non si seguono: copiala qui"
    if not stat.S_ISREG(facts.st_mode):
        return "non è un file di testo: toglilo"
    if facts.st_size > MAX_BYTES:
        size, most = facts.st_size / 1e6, MAX_BYTES / 1e6
        return f"il file è di {size:.0f} MB e una guida al massimo di {most:.0f}: dividilo"
    return None


def _told(path: str, message: str) -> Finding:
    """A finding whose path can be printed, whatever bytes the name is of."""
    shown = os.fsencode(path).decode("utf-8", "backslashreplace")
    return Finding(shown, 1, message, RULE)


def slugs_of(paths: Iterable[str]) -> Mapping[str, str]:
    """The name of each guide in addresses: that of its file, and where several files have the same,
    of its folders too."""
    short = {path: slug_of(path) for path in paths}
    owners = Counter(short.values())
    return {path: own if owners[own] == 1 else _long(path) for path, own in short.items()}


def slug_of(path: str) -> str:
    """The name of a file of guides as it stands in an address, folders left out."""
    return _slug(guide_name(path))


def guide_name(path: str) -> str:
    """What a file is called without its ending; an `index` is called as its folder."""
    file = PurePosixPath(path)
    return file.stem if file.stem.lower() != INDEX else file.parent.name or "indice"


def _long(path: str) -> str:
    folders = PurePosixPath(path).parent.parts
    name = guide_name(path)
    return _slug(" ".join(folders if folders and folders[-1] == name else (*folders, name)))


def _slug(name: str) -> str:
    """ASCII letters and digits joined by hyphens; a name that has others ends with its digest."""
    whole = slugify(name)
    plain = "-".join(re.findall("[a-z0-9]+", whole))[:LONGEST_SLUG].strip("-")
    if plain == whole:
        return plain or "guida"
    return f"{plain or 'guida'}-{hashlib.blake2s(name.encode(), digest_size=4).hexdigest()}"
