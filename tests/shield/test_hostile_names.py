"""Hostile paths, slugs, pointers and files: none leads outside its folder."""

from __future__ import annotations

import http.client
import re
import shutil
from pathlib import Path

import pytest
from hostile import HEAD

from index.errors import BussolaError
from index.parse.guide_file import parse_guide
from index.publish.manifest import SnapshotError
from index.publish.snapshot import load_current


@pytest.mark.parametrize(
    "path",
    ["/guide/..%2f..%2fserver.py", "/guide/%2e%2e", "/web/..%2fsettings.py", "/web/../settings.py",
     "/web/%2e%2e/%2e%2e/pyproject.toml", "/web//etc/passwd", "/stampa/..%5c..%5cx",
     "/copione/%00", "/guide/a%0d%0aSet-Cookie:%20x=1", "/api/guides/..%2f..%2fx",
     "/api/conversations/..%2f..%2fx", "/lingua?da=//evil.example", "/lingua?da=/%5cevil.example",
     "/lingua?da=https://evil.example", "/lingua?lingua=../../x", "/invio/../../x"],
)  # fmt: skip
def test_paths_do_not_leave_their_folders(site: str, path: str) -> None:
    """No slug, language or file name reaches a file outside, another site or a header."""
    connection = http.client.HTTPConnection(site.removeprefix("http://"), timeout=10)
    connection.request("GET", path)
    response = connection.getresponse()
    text = response.read().decode("utf-8", "replace")
    connection.close()
    assert response.status in (303, 400, 404, 422), path
    assert response.getheader("Location", "/").replace("%5C", "\\")[1:2] not in ("/", "\\")
    assert response.getheader("Location", "/").startswith("/")
    assert "root:" not in text
    assert "[project]" not in text
    assert "class Settings" not in text


@pytest.mark.parametrize("slug", ["..", "../x", "a/b", "A", "à", "a b", "a%2f", ".nascosta", "-"])
def test_a_slug_is_a_plain_word(slug: str) -> None:
    """A file whose name is not a plain slug does not become a guide."""
    text = HEAD.format(title="Prova", kind="scheda", more="") + "Una frase.\n"
    guide, _ = parse_guide(text.encode(), f"schede/{slug}.md")
    assert guide is None or re.fullmatch("[a-z0-9-]+", guide.slug)


def test_a_tampered_snapshot_is_refused(hostile_var: Path, tmp_path: Path) -> None:
    """One changed, added or removed byte or file, and the snapshot does not load; nothing in it is
    a pickle."""

    def copy() -> Path:
        var = tmp_path / f"v{len(list(tmp_path.iterdir()))}"
        shutil.copytree(hostile_var / "snapshots", var / "snapshots")
        shutil.copy(hostile_var / "CURRENT", var / "CURRENT")
        return var

    folder = next((hostile_var / "snapshots").iterdir())
    files = sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
    assert [f for f in files if (folder / f).read_bytes()[:2] in (b"\x80\x04", b"\x80\x05")] == []
    for file in files:
        var = copy()
        target = var / "snapshots" / folder.name / file
        data = bytearray(target.read_bytes())
        data[len(data) // 2] ^= 1
        target.write_bytes(data)
        with pytest.raises(SnapshotError):
            load_current(var)
        shutil.rmtree(var)
    var = copy()
    (var / "snapshots" / folder.name / "extra.pkl").write_bytes(b"\x80\x04.")
    with pytest.raises(SnapshotError):
        load_current(var)


@pytest.mark.parametrize("pointer", ["../../etc", "..", "/etc", "a/b", "", "\0", "x" * 5000])
def test_the_pointer_cannot_leave_its_folder(tmp_path: Path, pointer: str) -> None:
    """A CURRENT that names a path is an error, not a path."""
    (tmp_path / "CURRENT").write_text(pointer)
    with pytest.raises(BussolaError):
        load_current(tmp_path)
