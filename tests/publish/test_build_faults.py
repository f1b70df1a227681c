"""Crash safety: whatever happens to a build, what is published stays loadable and the next
build works."""

from __future__ import annotations

import errno
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from another_day import here
from faults import Faults, injected
from folders import ROOT, TESTS
from made_encoder import made_encoder
from small import copy_of, edit, small_folder

from index.encode.encoder import Encoder
from index.errors import BussolaError
from index.publish.build import build
from index.publish.manifest import SnapshotError, is_draft
from index.publish.publish import StaleDraft, load_usable, publish, rollback, status
from index.publish.published import current_id, snapshots_dir
from index.publish.shelf import BuildUnderWay, build_lock, snapshot_ids
from index.publish.snapshot import load, load_current


# The commands run with the real encoder; where none is run, words do.
@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return made_encoder()


@pytest.fixture(scope="module")
def built(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few guides and three snapshots of them."""
    folder = tmp_path_factory.mktemp("built")
    guides = small_folder(folder / "guides")
    for words in ("uno", "due", "tre"):
        edit(guides, words)
        build(guides, folder / "var", encoder)
    return folder


@pytest.fixture(scope="module")
def guides(built: Path) -> Path:
    return built / "guides"


@pytest.fixture
def var(built: Path, tmp_path: Path) -> Path:
    """Their generated files for one test."""
    return copy_of(built / "var", tmp_path / "var")


def points_of_a_build(guides: Path, var: Path, encoder: Encoder) -> list[str]:
    edit(guides, "conta")
    with injected(Faults(var)) as faults:
        build(guides, var, encoder)
    return faults.seen


@pytest.mark.parametrize(
    ("number", "step"), [(errno.ENOSPC, 1), (errno.EROFS, 6), (errno.EIO, 6)], ids=lambda n: str(n)
)
def test_an_error_at_every_write_and_rename(
    number: int, step: int, guides: Path, var: Path, encoder: Encoder
) -> None:
    """A full disk at each point of a build, a read-only folder or an I/O error at some: what was
    published, or its successor, loads and the next build publishes. Prints the count."""
    points = points_of_a_build(guides, var, encoder)
    assert {point.split()[0] for point in points} >= {"open", "fsync", "os.rename", "os.mkdir"}
    survived = 0
    for at, point in list(enumerate(points))[::step]:
        edit(guides, f"prova {number} {at}")
        before = current_id(var)
        try:
            with injected(Faults(var, at, number=number)):
                build(guides, var, encoder)
        except (OSError, BussolaError):
            pass  # told to the editor, as `friendly` does
        snapshot, error = load_usable(var)
        assert not error, (at, point, error)
        assert snapshot.id in {before, snapshot_ids(var)[-1]}, (at, point)
        build(guides, var, encoder)
        assert f"prova {number} {at}" in load_current(var).guides["conto-di-base"].markdown
        assert not list(snapshots_dir(var).glob(".*")), (at, point)
        survived += 1
    print(f"\n{survived} faults of {len(points)} survived ({os.strerror(number)})")


def test_kill_9_in_the_middle(guides: Path, var: Path) -> None:
    """SIGKILL at every point of a build, from the first write to the last rename: what is
    published loads, the next build cleans up and publishes. Prints the count."""
    command = [sys.executable, str(TESTS / "publish/build_killed.py"), str(guides), str(var)]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, timeout=550, check=False,
        env=os.environ | here(TESTS, ROOT),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    result = json.loads(done.stdout)
    assert result["broken"] == []
    assert result["killed"] == result["survived"] == result["points"] >= 60
    print(f"\n{result['survived']} kills survived, at every point")


def command_of(folder: Path) -> list[str]:
    places = ["--guides", str(folder / "guides"), "--var", str(folder / "var")]
    return [sys.executable, "-m", "index", "build", *places]


@pytest.mark.parametrize("moment", range(3))
def test_kill_9_at_any_moment(moment: int, small_copy: Path, encoder_of_all: Encoder) -> None:
    """The command itself, killed at a moment of its own choice, leaves all in order."""
    guides, var = small_copy / "guides", small_copy / "var"
    edit(guides, f"momento {moment}")
    before = current_id(var)
    process = subprocess.Popen(command_of(small_copy), cwd=ROOT, stdout=-3, stderr=-3)
    with suppress(subprocess.TimeoutExpired):  # or it has ended before
        process.wait(random.Random(moment).uniform(0.5, 6))
    process.send_signal(signal.SIGKILL)
    process.wait()
    snapshot, error = load_usable(var)
    assert not error
    assert snapshot.id in {before, snapshot_ids(var)[-1]}
    build(guides, var, encoder_of_all)
    assert f"momento {moment}" in load_current(var).guides["conto-di-base"].markdown


@pytest.mark.parametrize("size", [1_000, 60_000])
def test_files_cut_short(size: int, small_copy: Path, encoder_of_all: Encoder) -> None:
    """When the system refuses to let a file grow, whoever writes it (numpy, SQLite, bm25s), the
    build ends with one sentence and the published snapshot stays."""
    guides, var = small_copy / "guides", small_copy / "var"
    edit(guides, f"limite {size}")
    before = current_id(var)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    done = subprocess.run(
        command_of(small_copy), capture_output=True, text=True, cwd=ROOT, timeout=300,
        check=False, preexec_fn=limit,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert current_id(var) == before
    assert load_current(var).id == before
    build(guides, var, encoder_of_all)
    assert current_id(var) != before


def test_two_builds_at_once(guides: Path, var: Path, encoder: Encoder) -> None:
    """The second build is told that another is under way, and changes nothing."""
    edit(guides, "in due")
    before = current_id(var)
    with build_lock(var), pytest.raises(BuildUnderWay, match="Un'altra pubblicazione è in corso"):
        build(guides, var, encoder)
    assert current_id(var) == before
    build(guides, var, encoder)
    assert current_id(var) != before


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_any_corrupted_file_is_detected(var: Path) -> None:
    """A byte changed, a file cut, emptied or removed, in any file of a snapshot: it does not
    load, the message names it, and the one before is served. Prints the count."""
    current = str(current_id(var))
    folder, detected = snapshots_dir(var) / current, 0
    for path in files_of(folder):
        whole = path.read_bytes()
        middle = len(whole) // 2
        flipped = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
        for damaged in (flipped, whole[:middle], b"", whole + b"\0", None):
            path.unlink() if damaged is None else path.write_bytes(damaged)
            if path.name == "manifest.json" and damaged == whole + b"\0":
                path.write_bytes(whole)
                continue  # blanks after the manifest change nothing
            with pytest.raises(SnapshotError, match=current):
                load(var, current)
            snapshot, error = load_usable(var)
            assert snapshot.id < current
            assert current in error
            path.write_bytes(whole)
            detected += 1
    assert load(var, current).id == current
    print(f"\n{detected} corruptions detected in {len(files_of(folder))} files")


def test_a_file_too_many_and_a_link_are_refused(var: Path) -> None:
    """A snapshot holds the files of its manifest and no other, none of them a link."""
    current = str(current_id(var))
    folder = snapshots_dir(var) / current
    (folder / "altro.txt").write_text("x")
    with pytest.raises(SnapshotError, match=r"altro\.txt"):
        load(var, current)
    (folder / "altro.txt").unlink()
    vectors = folder / "vectors.npy"
    shutil.move(vectors, var / "fuori.npy")
    vectors.symlink_to(var / "fuori.npy")
    with pytest.raises(SnapshotError, match=r"vectors\.npy"):
        load(var, current)


@pytest.mark.parametrize("pointer", [b"", b"../../etc\n", b"\xff\xfe", b"non-esiste\n", b"..\n"])
def test_a_damaged_pointer(pointer: bytes, guides: Path, var: Path, encoder: Encoder) -> None:
    """A pointer that names nothing is told, the newest snapshot that loads is served, and the
    next build sets it right."""
    (var / "CURRENT").write_bytes(pointer)
    with pytest.raises(SnapshotError):
        load_current(var)
    assert load_usable(var)[0].id in snapshot_ids(var)
    build(guides, var, encoder)
    assert load_current(var).id == snapshot_ids(var)[-1]


def test_a_damaged_vector_cache_is_made_anew(guides: Path, var: Path, encoder: Encoder) -> None:
    """Losing the vector cache costs time and nothing else."""
    for junk in (b"non e' una base di dati" * 100, b""):
        (cache,) = (var / "vectors").glob("*.sqlite")
        for path in (var / "vectors").iterdir():
            path.unlink()
        cache.write_bytes(junk)
        edit(guides, f"cache {len(junk)}")
        summary = build(guides, var, encoder)
        assert summary.encoded == summary.passages
        assert load_current(var).id == summary.snapshot


def test_rollback_and_publish_skip_what_is_damaged(var: Path) -> None:
    """Rollback goes to the newest older snapshot that loads; publishing a damaged one is
    refused; the status tells which is damaged."""
    first, second, third = snapshot_ids(var)
    (snapshots_dir(var) / second / "passages.json").write_text("[]")
    with pytest.raises(SnapshotError, match="alterato"):
        publish(var, second)
    assert rollback(var) == first == current_id(var)
    with pytest.raises(SnapshotError, match="precedente"):
        rollback(var)
    publish(var, third)
    (snapshots_dir(var) / second / "manifest.json").unlink()
    assert [bool(row.get("error")) for row in status(var)] == [False, True, False]


def test_three_snapshots_are_kept(guides: Path, var: Path, encoder: Encoder) -> None:
    """Old snapshots go, the published one never; drafts that were refused neither push out what
    one can go back to nor are gone back to."""
    kept = snapshot_ids(var)
    publish(var, kept[0])
    drafts = []
    for n in range(4):
        edit(guides, f"bozza {n}")
        drafts.append(build(guides, var, encoder, publish=False).snapshot)
    assert current_id(var) == kept[0]
    assert load_current(var).id == kept[0]
    last = build(guides, var, encoder).snapshot
    assert snapshot_ids(var) == [*kept[-2:], *drafts[-3:], last]
    assert [row["id"] for row in status(var) if row["draft"]] == drafts[-3:]
    assert rollback(var) == kept[-1]
    with pytest.raises(StaleDraft, match=f"è stata pubblicata {kept[-1]}"):  # idx-05-two-editors
        publish(var, drafts[-1])
    assert current_id(var) == kept[-1]
    publish(var, drafts[-1], "so che cosa tolgo")
    assert not is_draft(var, drafts[-1])


def test_limits_are_what_the_tests_say() -> None:
    """This process itself has no limit on file sizes: the limited ones set their own."""
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
