"""What makes all passages anew: the code that makes passages, in any folder, and nothing else."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.publish import reuse

# what the makers of passages import besides each other: it tells, checks or stores
BESIDE = {
    "errors.py", "files.py", "finding.py", "phone.py", "search/postings.py", "search/stems.py",
}  # fmt: skip


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the code of `index/`, which is the one that is hashed."""
    copy = tmp_path / "index"
    for file in reuse.ROOM.rglob("*"):
        if file.suffix in (".py", ".yaml"):
            target = copy / file.relative_to(reuse.ROOM)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)
    monkeypatch.setattr(reuse, "ROOM", copy)
    reuse.code_digest.cache_clear()
    yield copy
    reuse.code_digest.cache_clear()


def changed(room: Path, name: str) -> bool:
    """Whether a line more in a file of the room makes another recipe."""
    before = reuse.code_digest()
    file = room / name
    file.parent.mkdir(exist_ok=True)
    with file.open("a", encoding="utf-8") as text:
        text.write("\n# a line more\n")
    reuse.code_digest.cache_clear()
    return reuse.code_digest() != before


@pytest.mark.parametrize("name", ["__main__.py", "check/rules.py", "publish/build.py"])
def test_a_help_text_rebuilds_nothing(room: Path, name: str) -> None:
    """Nor does a check, nor how a snapshot is published."""
    assert not changed(room, name)


@pytest.mark.parametrize(
    "name", ["parse/units.py", "parse/abbreviations.yaml", "parse/deeper/new.py", "passage.py"]
)
def test_what_makes_passages_rebuilds_all(room: Path, name: str) -> None:
    """Also in a folder that nobody has made yet."""
    assert changed(room, name)


def test_nothing_that_makes_passages_is_left_out() -> None:
    """What the parser imports is hashed too, or is known to make no passage."""
    makers = {path.relative_to(reuse.ROOM) for path in reuse.makers_of_passages(reuse.ROOM)}
    seen: set[Path] = set()
    waiting = [maker for maker in makers if maker.suffix == ".py"]
    while waiting:
        module = waiting.pop()
        if module not in seen:
            seen.add(module)
            waiting += _imported(module)
    assert {path.as_posix() for path in seen - makers} == BESIDE


def _imported(module: Path) -> Iterator[Path]:
    """The modules of `index/` that one of them imports."""
    tree = ast.parse((reuse.ROOM / module).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("index"):
            place = Path(*(node.module or "").split(".")[1:])
            inside = (place / alias.name for alias in node.names)
            for path in (place, *inside):
                if (reuse.ROOM / path.with_suffix(".py")).is_file():
                    yield path.with_suffix(".py")
