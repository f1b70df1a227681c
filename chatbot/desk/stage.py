"""A copy of the guides with some files as they will be, for a build to look at."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from index.files import replace_file

STAGE = ".stage-"
Files = Mapping[str, str | None]  # path to text as it is in the file; None: there is no file


@contextmanager
def staged(guides: Path, files: Files, place: Path) -> Iterator[Path]:
    """The copy, in a folder of its own in `place`, which goes with it."""
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=STAGE, dir=place) as stage:
        copy = Path(stage) / "guides"
        shutil.copytree(guides, copy, symlinks=True, ignore=_hidden, copy_function=_linked)
        for path, text in files.items():
            put(copy / path, text)
        yield copy


def put(path: Path, text: str | None) -> None:
    """The file is as it is to be: replaced, never written into; gone where there is no text."""
    if text is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, text.encode())


def remove_stages(place: Path) -> None:
    """What a killed server left."""
    for left in place.glob(f"{STAGE}*"):
        shutil.rmtree(left, ignore_errors=True)


def _hidden(folder: str, names: list[str]) -> list[str]:
    """Neither the history of the guides nor what another program left there is copied."""
    return [name for name in names if name.startswith(".")]


def _linked(source: str, target: str) -> str:
    """A second name of the same file, which nobody writes to: a file is only ever replaced. Copied
    where the two folders cannot share it."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)
    return target
