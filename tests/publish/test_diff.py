"""Differences between snapshots, publication with a reason, watching the folder."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from threading import Event, Thread

import pytest
from made_encoder import made_encoder
from small import copy_of, edit, small_folder
from typer.testing import CliRunner

from index.__main__ import app
from index.encode.encoder import Encoder
from index.errors import BussolaError
from index.publish.build import Summary, build
from index.publish.diff import compare_snapshots, show_changes
from index.publish.publish import publish, rollback, status
from index.publish.published import current_id
from index.publish.snapshot import Snapshot, load, load_current
from index.publish.watch import is_shared, publish_on_change


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return made_encoder()


@pytest.fixture(scope="module")
def first(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few guides, and what is generated from them as they are."""
    folder = tmp_path_factory.mktemp("first")
    build(small_folder(folder / "guides"), folder / "var", encoder)
    return folder


@pytest.fixture
def guides(first: Path, tmp_path: Path) -> Path:
    return copy_of(first / "guides", tmp_path / "guides")


@pytest.fixture
def var(first: Path, tmp_path: Path) -> Path:
    return copy_of(first / "var", tmp_path / "var")


def rewrite(guides: Path, old: str, new: str) -> None:
    path = guides / "schede/conto-di-base.md"
    text = path.read_text("utf-8")
    assert len(re.findall(old, text)) >= 1
    path.write_text(re.sub(old, new, text, count=1), encoding="utf-8")


def two(guides: Path, var: Path, encoder: Encoder) -> tuple[Snapshot, Snapshot, Summary]:
    before = load_current(var)
    summary = build(guides, var, encoder)
    return before, load_current(var), summary


def test_a_changed_sentence(guides: Path, var: Path, encoder: Encoder) -> None:
    """One sentence rewritten: one passage changed, one encoded, before and after shown."""
    edit(guides, "certo")
    before, after, summary = two(guides, var, encoder)
    (change,) = compare_snapshots(before, after)
    (unit,) = change.units
    assert (change.kind, summary.changed, summary.encoded) == ("changed", 1, 1)
    assert unit.before != unit.after
    assert unit.after.startswith("Sì, certo:")
    lines = list(show_changes([change]))
    assert lines[0].startswith("Cambiato: ")
    assert lines[-1] == "0 nuovi, 1 cambiato, 0 tolti, 0 spostati"


def test_added_and_removed_sections(guides: Path, var: Path, encoder: Encoder) -> None:
    """A section put in front of the others is the only thing added, and encoded; taken away, it
    is the only thing removed."""
    rewrite(guides, r"\n## Chi", "\n## Da sapere? {#sapere}\n\nServe la firma in banca.\n\n## Chi")
    before, after, summary = two(guides, var, encoder)
    (change,) = compare_snapshots(before, after)
    assert (change.kind, change.passage) == ("added", "conto-di-base#sapere:0")
    assert (summary.added, summary.encoded, summary.removed) == (1, 1, 0)
    (back,) = compare_snapshots(after, before)
    assert (back.kind, back.units[0].before) == ("removed", "Serve la firma in banca.")


def test_a_passage_that_only_moved_is_not_encoded_again(
    guides: Path, var: Path, encoder: Encoder
) -> None:
    """A section moved down the page, and one whose anchor changed, cost no encoding."""
    path = guides / "schede/conto-di-base.md"
    head, *sections = re.split(r"(?m)^(?=## )", path.read_text("utf-8"))
    sections.insert(2, sections.pop(0))
    text = (head + "".join(sections)).replace("{#residenza}", "{#la-residenza}")
    path.write_text(text.replace("\n  residenza:", "\n  la-residenza:"))
    before, after, summary = two(guides, var, encoder)
    (change,) = compare_snapshots(before, after)
    assert (change.kind, change.was) == ("moved", "conto-di-base#residenza:0")
    assert (summary.encoded, summary.snapshot != before.id) == (0, True)


def test_building_again_changes_nothing(guides: Path, var: Path, encoder: Encoder) -> None:
    """The same guides are published once; a file saved without changes costs nothing."""
    summary = build(guides, var, encoder)
    assert summary.snapshot == current_id(var)
    assert (summary.reused, summary.encoded) == (summary.passages, 0)


def test_reused_guides_give_the_same_snapshot(
    guides: Path, var: Path, encoder: Encoder, tmp_path: Path
) -> None:
    """An incremental build equals one from scratch: same passages, vectors, tokens."""
    edit(guides, "eccome")
    build(guides, var, encoder)
    build(guides, tmp_path / "scratch", encoder)
    one, other = load_current(var), load_current(tmp_path / "scratch")
    assert one.passages == other.passages
    assert one.guides == other.guides
    assert (one.vectors == other.vectors).all()
    assert (one.tokens.values == other.tokens.values).all()
    assert one.manifest["content"] == other.manifest["content"]


def test_a_link_broken_by_another_guide_is_found(guides: Path, var: Path, encoder: Encoder) -> None:
    """A guide that did not change is checked again for its links."""
    (guides / "schede/codice-fiscale.md").rename(guides / "schede/altro-codice.md")
    with pytest.raises(BussolaError, match=r"conto-di-base\.md:\d+: .*codice-fiscale"):
        build(guides, var, encoder)


def test_commands(guides: Path, var: Path, encoder: Encoder) -> None:
    """A draft is made, compared, published with a reason that stays, and rolled back."""
    run, published = CliRunner(), current_id(var)
    edit(guides, "bozza")
    draft = build(guides, var, encoder, publish=False).snapshot
    assert current_id(var) == published
    told = run.invoke(app, ["diff", draft, "--var", str(var)]).stdout
    assert "+ Sì, bozza:" in told
    rows = json.loads(run.invoke(app, ["diff", draft, "--var", str(var), "--json"]).stdout)
    assert [row["kind"] for row in rows] == ["changed"]
    done = run.invoke(app, ["publish", draft, "--var", str(var), "--reason", "norma nuova"])
    assert (done.exit_code, current_id(var)) == (0, draft)
    (note,) = load(var, draft).manifest["publications"]
    assert note["why"] == "norma nuova"
    assert note["by"]
    assert status(var)[-1]["publications"] == [note]
    assert "- Sì, bozza:" not in run.invoke(app, ["diff", "--var", str(var)]).stdout
    assert rollback(var) == published
    assert run.invoke(app, ["publish", "non-esiste", "--var", str(var)]).exit_code == 1


def test_forced_publication_by_name(guides: Path, var: Path, encoder: Encoder) -> None:
    """The manifest keeps every forced publication, with who asked."""
    edit(guides, "due volte")
    draft = build(guides, var, encoder, publish=False).snapshot
    publish(var, draft, "prima", by="redazione")
    publish(var, draft, "seconda", by="redazione")
    notes = load(var, draft).manifest["publications"]
    assert [(n["by"], n["why"]) for n in notes] == [
        ("redazione", "prima"),
        ("redazione", "seconda"),
    ]


@pytest.mark.parametrize(
    ("kind", "shared"),
    [("nfs4", True), ("cifs", True), ("9p", True), ("fuse.sshfs", True), ("ext4", False)],
)
def test_idx_03_a_shared_folder_is_looked_at_again_and_again(
    kind: str, shared: bool, tmp_path: Path
) -> None:
    """Nobody tells of a change made there from another machine; the innermost mount counts."""
    folder = tmp_path / "le mie guide"
    folder.mkdir()
    place = str(folder).replace(" ", "\\040")
    mounts = tmp_path / "mounts"
    mounts.write_text(f"a / nfs rw 0 0\nb {place} {kind} rw 0 0\nc /altrove cifs rw 0 0\n")
    assert is_shared(folder, mounts) is shared
    assert is_shared(tmp_path, mounts)
    assert not is_shared(folder, tmp_path / "manca")


def test_watch_publishes_each_burst_once(guides: Path, var: Path, encoder: Encoder) -> None:
    """Several saves at once make one publication; a guide with an error makes none and ends
    nothing; other files are not looked at."""
    stop, told = Event(), []  # type: Event, list[Summary | BussolaError]
    worker = Thread(
        target=publish_on_change,
        args=(guides, var, encoder, lambda outcome, seconds: told.append(outcome), stop, 200),
    )
    worker.start()
    time.sleep(1)
    for n in range(5):
        edit(guides, f"salvato {n}")
        (guides / "appunti.txt").write_text(str(n))
    wait_for(lambda: len(told) == 1)
    broken = guides / "schede/rotta.md"
    broken.write_text("---\ntitolo: [\n---\n\n# Rotta\n")
    wait_for(lambda: len(told) == 2)
    broken.unlink()
    wait_for(lambda: len(told) == 3)
    stop.set()
    worker.join(30)
    assert isinstance(told[0], Summary)
    assert isinstance(told[1], BussolaError)
    assert "Sì, salvato 4:" in load_current(var).guides["conto-di-base"].markdown
    assert load_current(var).id == told[0].snapshot


def wait_for(happened: object, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not happened():  # type: ignore[operator]
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.05)
